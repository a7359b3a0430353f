"""Noun phrases without a name: "the treasury spokesman", "two officials", "Clinton's campaign", "a new report"."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from onrecord.speakers.knowledge import Gender, Lexicon, Noun, Pronoun
from onrecord.speakers.tokens import Tokens

MentionKind = Literal["person", "organisation", "country", "role", "group", "body", "document", "utterance", "pronoun"]
Determiner = Literal["the", "a", "owner", ""]

# How far a noun phrase reaches before and after its head, in tokens.
_LEFT, _RIGHT = 8, 9
POSSESSIVES = frozenset({"'s", "’s", "'", "’"})


class Mention(Struct, frozen=True, gc=False):
    """A run of tokens that stands for somebody or something that could speak."""

    kind: MentionKind
    first: int
    last: int
    """The token after the mention's last, with its appositive or complement."""
    core: int
    """The last token of the name, or the head noun."""
    name: tuple[str, ...] = ()
    role: str = ""
    """The role that the mention gives, as worded."""
    determiner: Determiner = ""
    owner: int = -1
    """The token of the possessive, `'s` or "his", in front of it."""
    gender: Gender = ""
    plural: bool = False
    country: str | None = None
    affiliation: str = ""
    sure: bool = False
    """For a person: something other than the capitals says so."""
    honorific: bool = False
    age: str = ""
    """"53-year-old", where that is told of a person named or is all that describes one."""
    noun: Noun | None = None
    pronoun: Pronoun | None = None


def modifiers_start(tokens: Tokens, lexicon: Lexicon, at: int) -> int:
    """Where the words begin that qualify the noun or name at `at`: "former [White House] deputy"."""
    first, words = at, lexicon.words
    floor = max(0, at - _LEFT)
    while first > floor and tokens.same_sentence(first - 1, at):
        lower = tokens.lower[first - 1]
        named = tokens.capital(first - 1) and lower not in words.starts and lower not in lexicon.pronouns
        if named or lower in words.modifiers or lexicon.role(lower) or _is_compound(lower):
            first -= 1
        elif lower in POSSESSIVES and tokens.capital(first - 2) and tokens.lower[first - 2] not in words.starts:
            first -= 2
        elif (
            lower in lexicon.words.joins and lexicon.role(tokens.lower[first - 2]) and lexicon.role(tokens.lower[first])
        ):
            first -= 2  # "comedian and actor"
        else:
            break
    return first


def _is_compound(lower: str) -> bool:
    return "-" in lower and lower[0].isalnum()


def determiner(tokens: Tokens, lexicon: Lexicon, first: int) -> tuple[Determiner, int]:
    """The kind of determiner in front of a phrase that begins at `first`, and where the phrase begins with it."""
    before = first - 1
    if not tokens.same_sentence(before, first):
        return "", first
    lower = tokens.lower[before]
    if lower in lexicon.words.definite:
        return "the", before
    if lower in lexicon.words.indefinite:
        return "a", before
    pronoun = lexicon.pronouns.get(lower)
    if pronoun and pronoun.owner:
        return "owner", before
    if lower in lexicon.words.quantities:
        return "a", before
    counted = lower in lexicon.words.partitive and tokens.same_sentence(before - 1, first)
    if counted and tokens.lower[before - 1] in lexicon.words.quantities:
        return "a", before - 1
    return "", first


def complement_end(tokens: Tokens, lexicon: Lexicon, at: int) -> int:
    """Where "of the port authority" ends that begins at `at`; `at` itself if nothing of the kind begins there.

    A name ends with its last capital. Words in lower case may run into the verb: they count up to a mark or a word
    that cuts the phrase, or else up to the first noun that the lexicon knows.
    """
    if not tokens.same_sentence(at - 1, at) or tokens.lower[at] not in lexicon.words.complements:
        return at
    if tokens.lower[at] in lexicon.words.destinations and not (tokens.capital(at + 1) or tokens.capital(at + 2)):
        return at  # an infinitive, no ambassador
    end, noun_end = at + 1, at
    stop = min(len(tokens.words), at + _RIGHT)
    while end < stop and tokens.same_sentence(at, end):
        lower = tokens.lower[end]
        if not (lower[0].isalnum() or lower in POSSESSIVES) or (
            lower in lexicon.words.cuts and lower not in lexicon.organisations.links
        ):
            noun_end = end
            break
        if lower in lexicon.nouns or tokens.capital(end):
            noun_end = end + 1
        elif noun_end == end and lower not in lexicon.organisations.links and lower not in POSSESSIVES:
            break
        end += 1
    while noun_end > at and tokens.lower[noun_end - 1] in lexicon.linking:
        noun_end -= 1
    return noun_end


def read_noun(tokens: Tokens, lexicon: Lexicon, at: int) -> Mention | None:
    """The phrase whose head is the noun at `at`; None if that noun only qualifies what follows it."""
    noun = lexicon.nouns[tokens.lower[at]]
    if _qualifies_next(tokens, lexicon, at, noun):
        return None
    first = modifiers_start(tokens, lexicon, at)
    kind, start = determiner(tokens, lexicon, first)
    if not kind:
        kind, start = _far_determiner(tokens, lexicon, first)
    if noun.crowd and kind != "the":
        return None
    owner = _owner(tokens, start, at, kind)
    if owner >= 0:
        kind = "owner"
    bare = not kind and not noun.plural and not (noun.kind == "document" and tokens.capital(at - 1))
    if noun.kind in {"document", "utterance"} and bare:
        return None
    last = complement_end(tokens, lexicon, at + 1) if noun.kind != "utterance" else at + 1
    return Mention(
        "group" if noun.plural and noun.kind == "role" else noun.kind,
        start,
        last,
        at,
        role=tokens.phrase(start if kind == "owner" else _role_start(tokens, lexicon, start, at), last),
        determiner=kind,
        owner=owner,
        gender=noun.gender,
        plural=noun.plural,
        noun=noun,
    )


def _qualifies_next(tokens: Tokens, lexicon: Lexicon, at: int, noun: Noun) -> bool:
    after = at + 1
    if not tokens.same_sentence(at, after):
        return False
    if tokens.capital(after) and lexicon.role(tokens.lower[after].rstrip(".")):
        return True
    if noun.kind == "role" and not noun.plural and tokens.capital(after):
        return tokens.lower[after] not in lexicon.words.starts
    following = lexicon.nouns.get(tokens.lower[after])
    return (
        following is not None
        and following.kind in {"role", "group", "body"}
        and not following.crowd
        and not tokens.capital(after)
    )


def _far_determiner(tokens: Tokens, lexicon: Lexicon, first: int) -> tuple[Determiner, int]:
    """The determiner up to three unknown words further left ("the seasoned, … diplomat")."""
    for back in range(1, 4):
        at = first - back
        if not tokens.same_sentence(at, first):
            break
        lower = tokens.lower[at]
        noun = lexicon.nouns.get(lower)
        known = lower in lexicon.words.cuts or lower in lexicon.pronouns or (noun is not None and noun.kind != "body")
        if known or not lower.isalpha() or tokens.capital(at):
            break
        kind, start = determiner(tokens, lexicon, at)
        if kind and tokens.lower[start] not in lexicon.words.quantities:
            return kind, start
    return "", first


def _owner(tokens: Tokens, start: int, head: int, kind: Determiner) -> int:
    if kind == "owner":
        return start
    return next((at for at in range(head - 1, start, -1) if tokens.lower[at] in POSSESSIVES), -1)


def _role_start(tokens: Tokens, lexicon: Lexicon, start: int, head: int) -> int:
    """Where the role itself begins, past the determiner and words of time such as "new"."""
    while start < head and tokens.lower[start] in lexicon.words.passing:
        owner = lexicon.pronouns.get(tokens.lower[start])
        if tokens.capital(start) and tokens.lower[start] not in lexicon.articles and not (owner and owner.owner):
            break  # "New York mayor"
        start += 1
    return start


def role_text(tokens: Tokens, lexicon: Lexicon, first: int, last: int) -> str:
    """The role that tokens `first` to `last` word, without its determiner."""
    return tokens.phrase(_role_start(tokens, lexicon, first, last - 1), last)
