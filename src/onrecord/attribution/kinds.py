"""What kind of statement it is: how much of its content is quoted, and whether its cue denies that it was made."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence

from onrecord.attribution.common import Common
from onrecord.attribution.relation import Ends
from onrecord.schema import Passage, StatementKind

_WORD = re.compile(r"\w+")
_MARKS = frozenset("\"'“”‘’„«»‹›")


def kind_of(text: str, content: Passage, said: Passage, quoted: Sequence[Ends]) -> StatementKind:
    """`direct` if every word of the content is quoted, `mixed` if some are, else `indirect`.

    `quoted` are the quotations of the text as sorted offsets, without those that are titles. One that the words of
    `said`, the source or cue, stand in as well is somebody else's: what counts then are the marks within it.
    """
    if (
        said
        and _holding(quoted, said.start) is not None
        and _holding(quoted, said.start) == _holding(quoted, content.start)
    ):
        bare = (text[at] not in _MARKS for span in content.spans for at in (span.start, span.end - 1))
        return "indirect" if any(bare) else "direct"
    inside = outside = 0
    for span in content.spans:
        for word in _WORD.finditer(text, span.start, span.end):
            at = bisect_right(quoted, (word.start(), len(text))) - 1
            if at >= 0 and word.start() < quoted[at][1]:
                inside += 1
            else:
                outside += 1
    if not inside:
        return "indirect"
    return "mixed" if outside else "direct"


def _holding(quoted: Sequence[Ends], place: int) -> Ends | None:
    """The quotation around a place; None for none."""
    at = bisect_right(quoted, (place, 1 << 62)) - 1
    return quoted[at] if at >= 0 and place < quoted[at][1] else None


def is_title(text: str, start: int, end: int, lexicon: Common) -> bool:
    """Whether a quotation names a work or programme: `the “Late Hour” show`, `a film called “Tides”`."""
    if text[end - 2 : end - 1] in {",", "?", "!"} or len(text[start:end].split()) > _LONGEST_TITLE:
        return False
    after = _WORD.match(text, end + 1)
    before = _WORD.findall(text[max(0, start - 40) : start])
    return bool(after and after.group().lower() in lexicon.work_nouns) or bool(
        before and (before[-1].lower() in lexicon.naming_words or before[-1].lower() in lexicon.work_nouns)
    )


_LONGEST_TITLE = 10


def is_negated(text: str, cue: Sequence[Ends], source: Sequence[Ends], lexicon: Common) -> bool:
    """Whether the words say that something was not said, or only suppose it.

    *Did not say*, *hasn't claimed*, *stopped short of saying*; *no official has said*; *no evidence that she said*, *if
    she says*.
    """
    words = [word.lower() for start, end in cue for word in text[start:end].split()]
    if any(word in lexicon.negations or word.endswith(lexicon.negated) for word in words):
        return lexicon.denying.isdisjoint(words)
    if _holds(words, lexicon.unsaid) or any(_is_nobody(text, start, end, lexicon) for start, end in source[:1]):
        return True
    first = min((start for start, _ in (*source, *cue)), default=0)
    before = text[max(0, first - _LONGEST_DENIAL) : first].lower().replace("’", "'").split()
    return any(before[-len(denial) :] == denial for denial in lexicon.denials)


_LONGEST_DENIAL = 60
"""Characters before source and cue among which a denial is looked for."""


def _holds(words: Sequence[str], phrases: Sequence[list[str]]) -> bool:
    """Whether one of the phrases, each a list of words, stands among the words."""
    return any(words[at : at + len(one)] == one for one in phrases for at in range(len(words) - len(one) + 1))


def _is_nobody(text: str, start: int, end: int, lexicon: Common) -> bool:
    """Whether a source is denied: **no** official, or neither the mayor **nor** the council. *No 10* is a name."""
    first, second = (*text[start:end].lower().split(None, 2), "", "")[:2]
    before = text[max(0, start - _LONGEST_NEGATION) : start].lower().split()
    return (first in lexicon.nobody and not second[:1].isdigit()) or bool(before and before[-1] in lexicon.negations)


_LONGEST_NEGATION = 12
"""Characters before a source among which the word before it is looked for."""
