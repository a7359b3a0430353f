"""Two sides' moves toward each other: where they coincide and differ, what was answered, what is open.

Pure functions. Every line that comes out is a move, with the words that prove it: nothing is summed up that no
quotation supports, and every count can be made again from the moves. Two moves concern the same thing if most of the
telling words of the shorter are in the other; the names of the two sides, which stand everywhere, do not count.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Literal

from msgspec import Struct

from onrecord.archive.clusters import worded
from onrecord.schema import StatementKind

Side = Literal["first", "second"]
OFFERING = frozenset(("AGREE", "CONCEDE", "SUPPORT", "EXPECT"))
ANSWERS = {"accepted": ("AGREE", "CONCEDE", "SUPPORT", "CONSULT"), "refused": ("REJECT", "LIMIT", "THREATEN")}
_AGAINST = {
    "REQUEST": ("REJECT", "LIMIT"),
    "AGREE": ("REJECT",),
    "SUPPORT": ("REJECT", "ACCUSE"),
    "ACCUSE": ("DENY",),
    "EXPECT": ("REJECT", "LIMIT"),
}
"""Which act of the other side over the same thing differs from one's own."""
_SHARED = 0.5
_Standing = dict[tuple[Side, int], list[int]]


class Move(Struct, frozen=True):
    """An act of one side toward the other, and its proof."""

    n: int
    """Its place in the order of time, from 1."""
    side: Side
    act: str
    mode: str | None
    quote: str
    """The words that do it, verbatim: the speaker's own if `kind` is direct, else as the article has them."""
    kind: StatementKind
    thing: str
    """What is agreed to, asked for, refused, …, verbatim; the whole quotation where that does not stand apart."""
    condition: str
    """The words it hangs on; empty for none."""
    condition_kind: str | None
    speaker: str
    role: str
    day: str
    """When it was said, else published: an ISO date; empty if neither is known."""
    topic: str | None
    quad: str
    reality: str
    start: int
    end: int
    """Where the quotation stands in the article's text."""
    statement: int
    """The statement's number in the archive."""
    article: int
    cluster: int | None
    outlet: str
    url: str
    lang: str
    reported: int = 1
    reported_by: str = ""
    """Who says that this side did it, where it is not the side itself that speaks."""
    by_context: bool = False
    """True if the words name nobody else, and the same speaker's other moves in that article are toward that side."""


class Pair(Struct, frozen=True):
    """Two moves about the same thing, by number, the earlier first."""

    first: int
    second: int


class Answer(Struct, frozen=True):
    """An offer or request and what the other side did about the same thing afterwards."""

    offer: int
    answer: int
    how: Literal["accepted", "refused", "met"]
    """`met`: what the offer's condition asks for is what the answer commits to."""


class Month(Struct, frozen=True):
    """How many moves of each quad class a side made in a month: `VC`, `VX`, `VN`, `M`."""

    month: str
    side: Side
    counts: dict[str, int]


class Dialogue(Struct, frozen=True):
    """Two sides, side by side."""

    first: str
    second: str
    moves: tuple[Move, ...]
    coincide: tuple[Pair, ...]
    differ: tuple[Pair, ...]
    answers: tuple[Answer, ...]
    open_offers: tuple[int, ...]
    """Offers and requests to which no move of the other side answers."""
    open_conditions: tuple[int, ...]
    """Moves whose condition no later move of the other side meets."""
    counts: dict[str, dict[str, int]]
    """How many moves of each act, by side."""
    trend: tuple[Month, ...]


def dialogue(first: str, second: str, moves: Sequence[Move], names: str = "") -> Dialogue:
    """The dialogue that these moves make; `names` are the words by which the two sides are called."""
    own = worded(names, "en").telling.keys()
    things = {move.n: _telling(move.thing, move.lang, own) for move in moves}
    conditions = {move.n: _telling(move.condition, move.lang, own) for move in moves if move.condition}
    standing = _standing(moves, things)
    pairs = [(one, other) for one in moves for other in _later(one, things[one.n], moves, things, standing)]
    met = {n: found for n, asked in conditions.items() if (found := _met(n, asked, moves, things, standing))}
    answers = (*_answers(pairs), *(Answer(n, found, "met") for n, found in sorted(met.items())))
    answered = {answer.offer for answer in answers}
    return Dialogue(
        first=first,
        second=second,
        moves=tuple(moves),
        coincide=tuple(Pair(a.n, b.n) for a, b in pairs if a.act in OFFERING and b.act in OFFERING),
        differ=tuple(Pair(a.n, b.n) for a, b in pairs if _against(a, b)),
        answers=answers,
        open_offers=tuple(move.n for move in moves if _is_offer(move) and move.n not in answered),
        open_conditions=tuple(n for n in sorted(conditions) if n not in met),
        counts={side: dict(Counter(move.act for move in moves if move.side == side)) for side in ("first", "second")},
        trend=tuple(_trend(moves)),
    )


def _telling(text: str, lang: str, own: object) -> frozenset[int]:
    """The words of a text that say something, but for the names of the sides."""
    return frozenset(worded(text, lang).telling) - frozenset(own)  # type: ignore[call-overload, no-any-return]


def _standing(moves: Sequence[Move], things: Mapping[int, frozenset[int]]) -> _Standing:
    """In which moves of each side each telling word stands, by number, the earliest first."""
    found: _Standing = {}
    for move in moves:
        for word in things[move.n]:
            found.setdefault((move.side, word), []).append(move.n)
    return found


def _later(
    one: Move, asked: frozenset[int], moves: Sequence[Move], things: Mapping[int, frozenset[int]], standing: _Standing
) -> list[Move]:
    """The later moves of the other side with enough of the words asked for; those with none are not even looked at."""
    other: Side = "second" if one.side == "first" else "first"
    shared: Counter[int] = Counter()
    for word in asked:
        places = standing.get((other, word), [])
        shared.update(places[bisect_right(places, one.n) :])
    most = len(asked)
    return [moves[n - 1] for n in sorted(shared) if shared[n] >= _SHARED * min(most, len(things[n]))]


def _against(one: Move, other: Move) -> bool:
    return other.act in _AGAINST.get(one.act, ()) or one.act in _AGAINST.get(other.act, ())


def _is_offer(move: Move) -> bool:
    return move.act == "REQUEST" or (move.act == "AGREE" and move.mode != "accept")


def _answers(pairs: Sequence[tuple[Move, Move]]) -> Iterator[Answer]:
    """Offers and requests with the later moves of the other side that accept or refuse them."""
    for offer, answer in pairs:
        if not _is_offer(offer):
            continue
        for how, acts in ANSWERS.items():
            if answer.act in acts and answer.reality != "negated":
                yield Answer(offer.n, answer.n, "accepted" if how == "accepted" else "refused")


def _met(
    n: int,
    condition: frozenset[int],
    moves: Sequence[Move],
    things: Mapping[int, frozenset[int]],
    standing: _Standing,
) -> int:
    """The first later move of the other side that commits to what the condition of move `n` asks; 0 if none does."""
    later = _later(moves[n - 1], condition, moves, things, standing)
    return next((move.n for move in later if move.act in ANSWERS["accepted"]), 0)


def _trend(moves: Sequence[Move]) -> Iterator[Month]:
    here: dict[tuple[str, Side], Counter[str]] = {}
    for move in moves:
        if move.day:
            here.setdefault((move.day[:7], move.side), Counter())[move.quad] += 1
    for (month, side), counts in sorted(here.items()):
        yield Month(month, side, dict(sorted(counts.items())))
