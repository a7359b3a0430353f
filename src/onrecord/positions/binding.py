"""From a frame and its clause to the act: its condition, strength, reality, topic and codes."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from onrecord.positions.choosing import Reading
from onrecord.positions.conditions import Condition, past_complement
from onrecord.positions.hits import Hit
from onrecord.positions.knowledge import Lexicon, codes
from onrecord.positions.trust import signs, trust
from onrecord.positions.who import Named, parties
from onrecord.positions.words import Words
from onrecord.schema import Act, OnWhom, Reality, Span, Strength

_SUBJECT, _NAMED = 6, 3
"""So many words of a condition may tell whose doing it is, and so many may name somebody."""
_CONDITIONAL = frozenset({"AGREE", "THREATEN"})
_WAYS_OUT = frozenset({"unless", "until"})
_SHARES = ((1.0, 0.85), (0.8, 0.8), (0.5, 0.6), (0.0, 0.4))
"""Counted on 187 sentences, then lowered to what the half of plover_gsr shows whose errors were not read."""
_MARKS = frozenset(",;:—.?!")


class Side(Struct, frozen=True):
    """Whose statement it is and to whom it is made, as far as that is known before its words are read."""

    source: str | None = None
    target: str | None = None
    verbatim: bool = False
    """Whether the words are the speaker's own, quoted."""
    negated: bool = False
    """Whether the statement is reported as not made."""
    on_page: bool = False
    """Whether a page tells it: no sentence or speech taken as it stands."""


def act_of(reading: Reading, hit: Hit, found: Sequence[Named], lexicon: Lexicon, side: Side) -> Act:
    """The act that a hit is."""
    words = reading.words
    first, last = _segment(reading, hit.first)
    bound = _condition(reading, hit, first, last)
    name, mode = hit.act, hit.mode
    if bound and name == "CONCEDE" and mode == "yield":
        name, mode = "AGREE", "readiness"  # what is given only in return is offered, not conceded
    if bound and name == "REJECT" and bound.kind in _WAYS_OUT:
        name, mode = "LIMIT", "precondition"  # a refusal that says what would end it is a bound
    if bound and name == "AGREE" and bound.kind == "unless" and hit.mood.future:
        name = "THREATEN"  # what will be done unless another gives way
    if bound and name in _CONDITIONAL:
        mode = "conditional"
    source, target = parties(words, hit, found, lexicon, side.source)
    target = side.target if target is None and side.target != source else target
    row = codes()[name]
    return Act(
        act=name,
        mode=mode,
        condition=words.span(bound.first, bound.last) if bound else None,
        condition_kind=bound.kind if bound else None,
        on_whom=_on_whom(words, bound, found, lexicon, (source, target)) if bound else None,
        reciprocal=_is_reciprocal(words, bound, first, last, lexicon),
        strength=_strength(words, hit, first, last, lexicon),
        reality=_reality(hit, side),
        span=_trimmed(words, first, last),
        what=_trimmed(words, hit.last, _what_end(reading, hit, last, lexicon)),
        source_actor=source,
        target_actor=target,
        topic=topic(words, first, last, lexicon) or topic(words, 0, len(words), lexicon),
        quad=row.quad,
        cameo=row.modes.get(mode or "", row.cameo),
        plover=row.plover,
        confidence=_confidence(reading, hit, found, lexicon, side),
        because=" ".join(words.lower[hit.first : hit.last]),
    )


def _confidence(reading: Reading, hit: Hit, found: Sequence[Named], lexicon: Lexicon, side: Side) -> float:
    """How likely it is right: on a page by the model of the language, else how often frames that weigh so are."""
    model = trust(lexicon.code) if side.on_page else None
    if model:
        return model.chance(signs(reading, hit, found, side.verbatim, lexicon))
    return next(share for least, share in _SHARES if hit.weight >= least)


def _segment(reading: Reading, at: int) -> tuple[int, int]:
    return next((bounds for bounds in reading.segments if bounds[0] <= at < bounds[1]), (0, len(reading.words)))


def _condition(reading: Reading, hit: Hit, first: int, last: int) -> Condition | None:
    """What the act hangs on: a condition in its clause, or the frame's own subject or object."""
    words, behind = reading.words, _clause_end(reading.words, hit.last, last)
    if hit.frame.hangs_on == "subject" and hit.mood.first > first:
        return Condition(_skip(words, first, hit.mood.first), hit.mood.first, "only_after", True, 0)
    for one in reading.conditions:
        if (hit.cued or first <= one.first < last) and not one.first <= hit.first < one.last:
            return one
    if hit.frame.hangs_on == "object" and behind > hit.last:
        return Condition(hit.last, behind, "in_return", False, 0)
    return None


def _skip(words: Words, first: int, last: int) -> int:
    while first < last - 1 and words.lower[first] in _MARKS:
        first += 1
    return first


def _clause_end(words: Words, at: int, last: int) -> int:
    while at < last and words.lower[at] not in _MARKS:
        at += 1
    return at


def _what_end(reading: Reading, hit: Hit, last: int, lexicon: Lexicon) -> int:
    """Where that ends which the act is about: with its clause, or where the condition begins."""
    end = _clause_end(reading.words, past_complement(reading.words, hit.last, lexicon), last)
    return min((one.first for one in reading.conditions if hit.last < one.first < end), default=end)


def _trimmed(words: Words, first: int, last: int) -> Span | None:
    while first < last and words.lower[first] in _MARKS:
        first += 1
    while last > first and words.lower[last - 1] in _MARKS:
        last -= 1
    return words.span(first, last) if last > first else None


def _on_whom(
    words: Words, bound: Condition, found: Sequence[Named], lexicon: Lexicon, sides: tuple[str | None, str | None]
) -> OnWhom:
    """Whose doing a condition is: its subject tells."""
    inner = words.lower[bound.first + bound.marker : bound.last]
    actors = [one.code for one in found if bound.first <= one.first < bound.last and one.code != sides[0]]
    if actors:
        return "addressee" if sides[1] in (None, actors[0]) else "third_party"
    opening = inner[:_SUBJECT]
    if sides[1] is None and not lexicon.words["third_parties"].isdisjoint(opening):
        return "third_party"
    addressed = lexicon.words["addressed"] - (lexicon.words["impersonal"] if sides[1] is None else frozenset())
    if not addressed.isdisjoint(opening):
        return "addressee"
    first = bound.first + bound.marker
    if any(
        words.written[at][:1].isupper()
        for at in range(first, min(first + _NAMED, bound.last))
        if inner[at - first] not in lexicon.words["own"]
    ):
        return "third_party"
    return "circumstances"


def _is_reciprocal(words: Words, bound: Condition | None, first: int, last: int, lexicon: Lexicon) -> bool:
    if bound and bound.kind == "in_return":
        return True
    return any(word in lexicon.words["reciprocal"] for word in words.lower[first:last])


def _strength(words: Words, hit: Hit, first: int, last: int, lexicon: Lexicon) -> Strength:
    clause = words.lower[first:last]
    if (
        hit.mood.hypothetical
        or (hit.turned and hit.act in _CONDITIONAL)
        or not lexicon.words["hedges"].isdisjoint(clause)
    ):
        return "hedged"
    return "specific" if lexicon.words["vague"].isdisjoint(clause) else "vague"


def _reality(hit: Hit, side: Side) -> Reality:
    if side.negated and not hit.turned:  # what is not ruled out is offered
        return "negated"
    if hit.mood.hypothetical:
        return "hypothetical"
    if hit.mood.pluperfect:
        return "past"
    return "future" if hit.mood.future else "asserted"


def topic(words: Words, first: int, last: int, lexicon: Lexicon) -> str | None:
    """The topic that most words of a stretch belong to; of two the one named first."""
    counts: dict[str, int] = {}
    for word in words.lower[first:last]:
        for stem, name in lexicon.topics.get(word[:3], ()):
            if word.startswith(stem):
                counts[name] = counts.get(name, 0) + 1
                break
    return max(counts, key=lambda name: counts[name]) if counts else None
