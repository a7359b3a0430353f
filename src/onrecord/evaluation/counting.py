"""A document's statements, found and to be found → how many are right, by each measure.

The unit is the word, so that a comma or a quotation mark more makes no difference. Every figure is made of four counts:
how many there are in the gold standard and how many of these were found, how many the system gave and how many of these
are right. Counts add up over documents (micro average), which is also what lets documents be drawn anew.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from onrecord.errors import LimitError
from onrecord.evaluation.documents import ROLES, Relation
from onrecord.formats.annotated import KINDS
from onrecord.schema import Span, StatementKind

WHOLE = (
    "content", "content exact", "tokens content", "source exact", "tokens source", "cue exact", "tokens cue",
    "relation", "relation exact",
)  # fmt: skip
SPEAKER = "speaker"
BY_KIND = ("content", "relation")
MEASURES = (*WHOLE, SPEAKER, *(f"{measure} {kind}" for kind in KINDS for measure in BY_KIND))
"""In the order of the rows that `counts_of` gives."""

Counts = NDArray[np.float64]
"""Rows of a measure each: in the gold standard, of these found, given by the system, of these right."""

_WORD = re.compile(r"\w+(?:[-.'’]\w+)*")
_MARKS = frozenset("\"“”„«»‟'‘’")
_DOUBLE_MARKS = frozenset('"“”„«»')
_CONTENT_AGREES = 0.8
_SOURCE_AGREES = 0.5
_SPEAKER_AGREES = 0.5
_MOST_STEPS = 5_000_000
"""How many words the statements of a document may share, pair by pair. One with 2,000 statements, each overlapping ten
others by twenty words, has 400,000."""

_Words = frozenset[int]
_Row = tuple[_Words, _Words, _Words]
_Bounds = tuple[int, int] | None


class Text(Struct, frozen=True):
    """A text as the places of its words."""

    text: str
    starts: tuple[int, ...]
    ends: tuple[int, ...]

    @classmethod
    def of(cls, text: str) -> Text:
        """The words of a text: letters and digits, with what joins them (*don't*, *U.S*, *cease-fire*)."""
        found = [word.span() for word in _WORD.finditer(text)]
        return cls(text, tuple(start for start, _ in found), tuple(end for _, end in found))

    def words(self, spans: Iterable[Span] | None) -> _Words:
        """The numbers of the words of which at least one character is in one of the spans."""
        covered = (range(bisect_right(self.ends, one.start), bisect_left(self.starts, one.end)) for one in spans or ())
        return frozenset(word for words in covered for word in words)


class _Side(Struct, frozen=True):
    """The statements of one side that have words in their content."""

    rows: tuple[_Row, ...]
    """Each as the words of its source, cue and content."""
    kinds: tuple[str, ...]


def counts_of(text: Text, gold: Sequence[Relation], given: Sequence[Relation], name: str = "") -> Counts:
    """The counts of a document; raises `LimitError`, which names it, for statements that overlap beyond measure."""
    wanted, found = _side(text, gold), _side(text, given)
    overlaps = _overlaps(wanted.rows, found.rows, name)
    pairs = _paired(overlaps, _CONTENT_AGREES)
    right = [(g, p) for g, p, agrees in pairs if agrees >= _SOURCE_AGREES]
    contents = [(g, p) for g, p, _ in pairs]
    counted = {
        "content": _paired_count(contents, wanted, found),
        "relation": _paired_count(right, wanted, found),
        "relation exact": _set_count(_triples(wanted.rows), _triples(found.rows)),
        SPEAKER: _speakers(wanted, _paired(overlaps, _SPEAKER_AGREES)),
    }
    for n, role in enumerate(ROLES):
        sides = [[row[n] for row in side.rows] for side in (wanted, found)]
        counted[f"tokens {role}"] = _set_count(*(frozenset().union(*side) for side in sides))
        counted[f"{role} exact"] = _set_count(*({_bounds(words) for words in side if words} for side in sides))
    for kind in KINDS:
        counted[f"content {kind}"] = _paired_count(contents, wanted, found, kind)
        counted[f"relation {kind}"] = _paired_count(right, wanted, found, kind)
    return np.array([counted[measure] for measure in MEASURES], dtype=np.float64)


def _side(text: Text, relations: Sequence[Relation]) -> _Side:
    rows, kinds = [], []
    for one in relations:
        source, cue, content = (text.words(getattr(one, role)) for role in ROLES)
        if content:
            rows.append((source, cue, content))
            kinds.append(one.kind if one.kind in KINDS else kind_by_marks(text.text, one.content or ()))
    return _Side(tuple(rows), tuple(kinds))


def kind_by_marks(text: str, content: Sequence[Span]) -> StatementKind:
    """How a content is given, by the quotation marks at and in it, for files that do not say.

    >>> text = "“No,” she said; it would “never” end."
    >>> [kind_by_marks(text, [Span(*ends)]) for ends in ((1, 4), (16, 36), (19, 24))]
    ['direct', 'mixed', 'indirect']
    """
    quoted = [_is_quoted(text, one) for one in content]
    if quoted and all(quoted):
        return "direct"
    within = any(not _DOUBLE_MARKS.isdisjoint(text[one.start : one.end]) for one in content)
    return "mixed" if within or any(quoted) else "indirect"


def _is_quoted(text: str, span: Span) -> bool:
    around = text[max(0, span.start - 1)], text[span.end : span.end + 1] or " "
    return _MARKS.issuperset(around) or _MARKS.issuperset((text[span.start], text[span.end - 1]))


_Overlap = tuple[float, float, int, int]


def _overlaps(gold: Sequence[_Row], given: Sequence[_Row], name: str) -> list[_Overlap]:
    """Each pair whose contents share a word: how far contents and sources agree (Jaccard), and their numbers.

    The best pair comes first, and only those that share something are ever looked at.
    """
    holders: dict[int, list[int]] = defaultdict(list)
    for g, (_, _, content) in enumerate(gold):
        for word in content:
            holders[word].append(g)
    found: list[_Overlap] = []
    steps = 0
    for p, (source, _, content) in enumerate(given):
        held = [holders[word] for word in content if word in holders]
        steps += sum(map(len, held))
        if steps > _MOST_STEPS:
            raise LimitError(f"{name}: the statements of this document overlap beyond what can be compared")
        shared = Counter(g for one in held for g in one)
        for g, both in shared.items():
            agrees = both / (len(gold[g][2]) + len(content) - both)
            found.append((-agrees, -_jaccard(gold[g][0], source), g, p))
    found.sort()
    return found


def _jaccard(first: _Words, second: _Words) -> float:
    """The share of common words among all; nothing agrees with nothing."""
    both = len(first & second)
    return both / (len(first) + len(second) - both) if first or second else 1.0


def _paired(overlaps: Sequence[_Overlap], least: float) -> list[tuple[int, int, float]]:
    """Pairs one to one, the best first, whose contents agree at least so far; with how far their sources agree."""
    golds: set[int] = set()
    givens: set[int] = set()
    pairs = []
    for content, source, g, p in overlaps:
        if -content < least:
            break
        if g not in golds and p not in givens:
            golds.add(g)
            givens.add(p)
            pairs.append((g, p, -source))
    return pairs


_Count = tuple[int, int, int, int]


def _paired_count(pairs: Sequence[tuple[int, int]], gold: _Side, given: _Side, kind: str = "") -> _Count:
    """The counts of the pairs; of a kind, the statements that either side takes to be of that kind."""
    if not kind:
        return len(gold.rows), len(pairs), len(given.rows), len(pairs)
    return (
        gold.kinds.count(kind),
        sum(gold.kinds[g] == kind for g, _ in pairs),
        given.kinds.count(kind),
        sum(given.kinds[p] == kind for _, p in pairs),
    )


def _set_count(gold: Collection[object], given: Collection[object]) -> _Count:
    both = len(set(gold) & set(given))
    return len(gold), both, len(given), both


def _speakers(gold: _Side, pairs: Sequence[tuple[int, int, float]]) -> _Count:
    """Of the quoted statements that name a source, how many were found with it; there is no precision to this."""
    asked = {g for g, row in enumerate(gold.rows) if row[0] and gold.kinds[g] != "indirect"}
    return len(asked), sum(g in asked and agrees >= _SOURCE_AGREES for g, _, agrees in pairs), 0, 0


def _triples(rows: Sequence[_Row]) -> set[tuple[_Bounds, ...]]:
    return {tuple(_bounds(words) for words in row) for row in rows}


def _bounds(words: _Words) -> _Bounds:
    """The first and the last word; None for no words."""
    return (min(words), max(words)) if words else None
