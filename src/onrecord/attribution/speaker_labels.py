"""Speech without a reporting verb: lines of a transcript, and quotations signed with a name."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise, takewhile

from onrecord.attribution.common import Common
from onrecord.attribution.relation import Relation
from onrecord.attribution.words import Word

_DASHES = frozenset({"—", "–", "--", "-", "―"})
_LONGEST_LABEL = 6
_LONGEST_SIGNATURE = 12
_LONGEST_NAME = 3
"""Words of a label that is not in capitals."""
_FEWEST_LINES = 3
_ENDS = ".!?…"


def labelled(words: Sequence[Word], lexicon: Common) -> Relation | None:
    """A paragraph that begins with its speaker: `MAYOR ROE: We will rebuild.` or `Anna Roe: "We will rebuild."`

    A name that is not in capitals is taken for a label only before a quotation. One in capitals may also be a place
    ("PORT REYNE: Rain is due"): the caller should ask for a second label in the same text.
    """
    colon = next((at for at, word in enumerate(words[: _LONGEST_LABEL + 1]) if word.text == ":"), 0)
    name = words[:colon]
    if not name or colon + 1 >= len(words) or any(word.kind != "word" and word.text != "." for word in name):
        return None
    shouted = all(word.text.isupper() and len(word.text) > 1 for word in name if word.kind == "word")
    named = words[colon + 1].kind == "quote" and all(
        word.text[:1].isupper() and not lexicon.is_cue(word.lower) for word in name if word.kind == "word"
    )
    if not shouted and not named:
        return None
    content = (words[colon + 1].start, words[colon + 1].end if named else words[-1].end)
    rule = "speaker label before quotation" if named else "speaker label"
    cue = (words[colon].start, words[colon].end)
    return Relation(((name[0].start, name[-1].end),), (cue,), (content,), rule, "speech")


def taking_turns(paragraphs: Sequence[Sequence[Word]]) -> dict[int, Relation]:
    """The lines of an interview by the numbers of their paragraphs: *Daily: How long? / Roe: A year.*

    A name that is not in capitals is a label only in company: two names take turns, one of them comes twice, and every
    line is made of sentences, which those of a table ("Place: Bonn") are not. Nothing for a text without such lines.
    """
    lines = {number: _line(words) for number, words in enumerate(paragraphs)}
    told = {number: relation for number, relation in lines.items() if relation is not None}
    names = [_name(paragraphs[number]) for number in told]
    turns = all(one != other for one, other in pairwise(names))
    return told if len(names) >= _FEWEST_LINES and turns and len(set(names)) < len(names) else {}


def _name(words: Sequence[Word]) -> tuple[str, ...]:
    """The words before the first colon of a line."""
    return tuple(word.text for word in takewhile(lambda word: word.text != ":", words))


def _line(words: Sequence[Word]) -> Relation | None:
    """A paragraph of whole sentences behind a name of a few words with capitals and a colon."""
    name = len(_name(words[: _LONGEST_NAME + 1]))
    if not 0 < name <= _LONGEST_NAME or name + 2 >= len(words) or words[-1].text[-1:] not in _ENDS:
        return None
    named = all(word.kind == "word" and word.text[:1].isupper() for word in words[:name])
    if not named or words[name + 1].kind == "quote" or words[name + 1].start == words[name].end:
        return None
    colon = words[name]
    return Relation(
        ((words[0].start, words[name - 1].end),),
        ((colon.start, colon.end),),
        ((words[name + 1].start, words[-1].end),),
        "speaker label",
        "speech",
    )


def signed(words: Sequence[Word], lexicon: Common) -> Relation | None:
    """A quotation with its author behind a dash: `"…" — Anna Roe, mayor`."""
    if len(words) < 3 or words[0].kind != "quote" or words[1].text not in _DASHES:
        return None
    name = list(words[2:])
    while name and name[-1].kind == "mark":
        name.pop()
    if not name or len(name) > _LONGEST_SIGNATURE or not name[0].text[:1].isupper():
        return None
    if any(word.kind == "quote" or (lexicon.is_cue(word.lower) and word.text.islower()) for word in name):
        return None
    dash, quote = words[1], words[0]
    return Relation(
        ((name[0].start, name[-1].end),),
        ((dash.start, dash.end),),
        ((quote.start, quote.end),),
        "signed quotation",
        "speech",
    )
