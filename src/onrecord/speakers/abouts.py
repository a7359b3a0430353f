"""Whose conduct or interest a statement concerns: the people, bodies and countries that its content speaks of."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence

from onrecord.schema import Speaker, Statement
from onrecord.speakers.countries import place
from onrecord.speakers.knowledge import Lexicon
from onrecord.speakers.links import Link
from onrecord.speakers.phrases import Mention
from onrecord.speakers.turns import Scene

_MOST = 6
"""So many are named at most: a list of delegates is about none of them."""
_LOOKED_AT = 40
_MODEL = re.compile(r"[A-Za-z]+\d{3,}")
"""A model or a sum of money: "A350", "RM900"."""
# A pronoun or description in the content counts if it is as sure as this.
_SURE = 0.75


def abouts(scene: Scene, statements: Sequence[Statement], speakers: Sequence[Speaker | None]) -> list[tuple[str, ...]]:
    """For each statement the names of those whom its content concerns, in reading order, without its speakers.

    Who is only where something happens ("in Ukraine", "to Moscow") is not concerned by it.
    """
    firsts = [mention.first for mention in scene.mentions]
    return [_about(scene, firsts, statement, speaker) for statement, speaker in zip(statements, speakers, strict=True)]


def _about(scene: Scene, firsts: list[int], statement: Statement, speaker: Speaker | None) -> tuple[str, ...]:
    speaking = {speaker.name, *speaker.others} if speaker else set()
    found: dict[str, None] = {}
    for at in _within(scene, firsts, statement):
        for name in _concerned(scene, at):
            if name not in speaking:
                found[name] = None
    return tuple(found)[:_MOST]


def _within(scene: Scene, firsts: list[int], statement: Statement) -> Iterator[int]:
    """The outermost mentions inside a statement's content."""
    for span in statement.content.spans:
        first, last = scene.tokens.within(span.start, span.end)
        begin, covered = bisect_left(firsts, first), first
        for at in range(begin, min(begin + _LOOKED_AT, len(firsts))):
            mention = scene.mentions[at]
            if mention.first >= last:
                break
            if mention.core >= covered:
                covered = mention.core + 1
                yield at


def _concerned(scene: Scene, at: int) -> tuple[str, ...]:
    mention, link = scene.mentions[at], scene.links.get(at)
    if mention.kind == "group" and mention.country:
        if scene.tokens.lower[mention.first - 1] not in scene.lexicon.words.definite:
            return ()  # "the Americans" may be the state, "Americans" are its citizens
        named = place(mention.role)
        return (named.country,) if named else ()
    if link is None or not _counts(scene, mention, link):
        return ()
    actors = link.actor.members or (link.actor,)
    return tuple(actor.name for actor in actors if actor.name and actor.kind in {"person", "organisation", "country"})


def _counts(scene: Scene, mention: Mention, link: Link) -> bool:
    lexicon, kind = scene.lexicon, mention.kind
    if kind in {"country", "organisation"}:
        before = scene.tokens.lower[mention.first - 1] if mention.first else ""
        if before in lexicon.words.definite and mention.first > 1:
            before = scene.tokens.lower[mention.first - 2]
        only_where = before in lexicon.words.locating or (
            before in lexicon.words.leading and mention.role in {"capital", "part"}
        )
        return not only_where and (kind == "country" or (_acts(lexicon, mention, link) and not _is_sum(scene, mention)))
    if kind == "person":
        return link.actor.sure and not _is_demonym(mention.name[-1])
    return link.confidence >= _SURE and (kind in {"role", "pronoun", "body"} or link.how == "owner")


def _is_demonym(word: str) -> bool:
    """Whether a word only tells a nationality: "Chinese"."""
    named = place(word)
    return named is not None and named.sense == "demonym"


def _is_sum(scene: Scene, mention: Mention) -> bool:
    """Whether a name is the first half of a sum: "RM6.7 billion"."""
    words, after = scene.tokens.words, mention.core + 1
    decimal = scene.tokens.same_sentence(mention.core, after + 1) and words[after] in {".", ","}
    return mention.name[-1][-1].isdigit() and decimal and words[after + 1].isdigit()


def _acts(lexicon: Lexicon, mention: Mention, link: Link) -> bool:
    """Whether a name is that of a body that can act, and no street, law, prize, sum or mere adjective."""
    if _MODEL.fullmatch(mention.name[-1]) or _is_demonym(mention.name[-1]):
        return False
    if link.actor.kind == "person" or mention.country:
        return mention.role != "part"
    lowers = [word.lower() for word in mention.name]
    named = any(word in lexicon.organisations.nouns or word in lexicon.organisations.names for word in lowers)
    acronym = len(mention.name) == 1 and mention.name[0].isupper() and len(mention.name[0]) > 2
    return (named or acronym) and lowers[-1] not in lexicon.organisations.things
