"""Those who speak for a body without being named: "a spokesman for Harbour Electric" is the company's voice."""

from __future__ import annotations

from collections.abc import Sequence

from onrecord.speakers.cast import Cast
from onrecord.speakers.countries import place
from onrecord.speakers.knowledge import Lexicon
from onrecord.speakers.links import Link
from onrecord.speakers.phrases import Mention
from onrecord.speakers.tokens import Tokens

_CONFIDENCE = 0.75
"""8 of 8 on scu-sourcing-dev; too few to say more than that it is no guess."""
_SHORTEST = 2
"""A single capitalised word in front ("Memphis officials") may be a place or a person."""


def body_behind(
    tokens: Tokens, lexicon: Lexicon, cast: Cast, mention: Mention, inner: Sequence[Mention]
) -> Link | None:
    """The link to the body that an unnamed spokesman or official is said to speak for; None if none is named.

    A country's officials and those of its seats of government stay without a name, as the country is told anyway.
    """
    if tokens.lower[mention.core] not in lexicon.words.voices:
        return None
    words = _after(tokens, lexicon, mention) or _before(tokens, mention)
    while words and words[0].lower() in lexicon.articles | lexicon.words.past:
        words = words[1:]
    name = " ".join(words)
    known = next((other for other in inner if " ".join(other.name) == name), None)
    single = len(words) < _SHORTEST and not (known and known.kind == "organisation")
    if single or place(name) or any(place(word) for word in words[:1] if len(words) <= _SHORTEST):
        return None
    if any(word.lower() in lexicon.first_names for word in words[:1]) or (known and known.honorific):
        return None
    if any(actor.name == name and actor.kind == "person" and actor.gender for actor in cast.actors):
        return None
    actor = cast.named("organisation", name)
    actor.country = actor.country or (known.country if known else None)
    worded = tokens.phrase(mention.first, mention.last)
    return Link(actor, "voice", f"{worded} speaks for {name}", _CONFIDENCE)


def _after(tokens: Tokens, lexicon: Lexicon, mention: Mention) -> list[str]:
    """The capitalised name behind "for", "of", "from" or "with"."""
    at = mention.core + 1
    if not tokens.same_sentence(mention.core, at) or tokens.lower[at] not in lexicon.words.complements:
        return []
    at += 1
    if tokens.same_sentence(mention.core, at) and tokens.lower[at] in lexicon.words.definite:
        at += 1
    return _run(tokens, lexicon, at, mention.core)


def _run(tokens: Tokens, lexicon: Lexicon, at: int, core: int) -> list[str]:
    end = at
    while tokens.same_sentence(core, end) and (
        tokens.capital(end)
        or (end > at and tokens.lower[end] in lexicon.organisations.links and tokens.capital(end + 1))
    ):
        end += 1
    possessive = tokens.same_sentence(core, end) and tokens.lower[end] in {"'s", "’s"}
    return [] if possessive else tokens.words[at:end]


def _before(tokens: Tokens, mention: Mention) -> list[str]:
    """The capitalised name in front of the noun: "Harbour Electric officials"."""
    at = mention.core
    while at > mention.first and tokens.capital(at - 1):
        at -= 1
    return tokens.words[at : mention.core]
