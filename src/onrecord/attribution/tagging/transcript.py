"""Transcripts: lines that begin with a speaker's name in capitals, or Q and A, and a colon."""

from __future__ import annotations

import re
from collections import Counter
from itertools import pairwise

from onrecord.attribution.tagging.decoding import Tagged

LABEL = re.compile(
    r"(?m)^(?P<mark>[\"“])?(?P<name>[A-Z][A-Z.’'-]*(?: [A-Z][A-Z.’'-]+){0,3})(?P<colon>:)[^\S\n]+(?P<said>\S.*\S)"
)
GOES_ON = re.compile(r"\s*\n+[\"“](?P<said>(?!\()\S.*\S)")
"""A further line of the same speaker, where the transcript is quoted and every line opens with a mark."""
SURE = 0.95
"""As good as certain: in polnear-train 13 and in polnear-dev 10 labelled lines are attributed, each to its end."""
BEFORE = (0.0, SURE, 0.0, 0.0, 0.0)


def turns(text: str) -> list[list[Tagged]]:
    """What each labelled line says: source, cue and contents; nothing unless the text has the look of a transcript.

    A lone UPDATE: or BYLINE: is none: two names must take turns, and one of them speak again.
    """
    lines = list(LABEL.finditer(text))
    names = [line["name"] for line in lines]
    if len(names) < 3 or max(Counter(names).values()) < 2 or not any(one != other for one, other in pairwise(names)):
        return []
    found = []
    for number, line in enumerate(lines):
        source = Tagged("source", *line.span("name"), SURE, SURE)
        cue = Tagged("cue", *line.span("colon"), SURE, SURE, BEFORE)
        said = [line.span("said")]
        limit = lines[number + 1].start() if number + 1 < len(lines) else len(text)
        while line["mark"] and (more := GOES_ON.match(text, said[-1][1], limit)):
            said.append(more.span("said"))
        found.append([source, cue, *(Tagged("content", *_trimmed(text, *ends), SURE, SURE, BEFORE) for ends in said)])
    return found


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """The span without a full stop or closing mark at its end, as PolNeAR has it."""
    while end > start + 1 and text[end - 1] in '.”"':
        end -= 1
    return start, end
