"""Read the words of a statement's source: what stands at their head."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from typing import Literal

from msgspec import Struct

from onrecord.schema import Passage
from onrecord.speakers.knowledge import Lexicon
from onrecord.speakers.phrases import Mention, role_text
from onrecord.speakers.tokens import Tokens

SourceKind = Literal["none", "mention", "relative", "phrase"]


class Source(Struct, frozen=True, gc=False):
    """What a source passage says at its head."""

    kind: SourceKind
    mention: int = -1
    """Index of the mention at the head."""
    token: int = -1
    """The relative pronoun."""
    first: int = 0
    last: int = 0
    role: str = ""
    """The role in front of a name that the mention itself does not hold."""
    joint: str = ""
    """The rest of a joint source: "and Clinton"."""


def read_source(
    tokens: Tokens, lexicon: Lexicon, mentions: Sequence[Mention], firsts: Sequence[int], passage: Passage
) -> Source:
    """The head of a source passage; `firsts` are the first tokens of the mentions."""
    if not passage:
        return Source("none")
    first, last = tokens.within(passage.start, passage.spans[0].end)
    while first < last and (not tokens.words[first][0].isalnum() or _leads_in(tokens, lexicon, first)):
        first += 1
    while last > first and tokens.words[last - 1] in {",", ";", ":", "—", "–"}:
        last -= 1
    if first >= last:
        return Source("none")
    if tokens.lower[first] in lexicon.words.relatives and not _demonstrative(tokens, lexicon, first, last):
        return Source("relative", token=first, first=first, last=last)
    head = _head(tokens, lexicon, mentions, firsts, first, last)
    if head < 0 or mentions[head].kind in {"role", "group", "organisation", "body"}:
        head = _named_last(tokens, lexicon, mentions, firsts, first, last, head)
    role = _titling(tokens, lexicon, mentions[head], first) if head >= 0 else ""
    if head < 0 or mentions[head].kind != "person":
        named = _described(tokens, lexicon, mentions, firsts, first, last, head)
        if named != head and not mentions[named].role:
            role = _worded(tokens, lexicon, first, last)
        head = named
    if head < 0:
        return Source("phrase", first=first, last=last)
    joint = _joint(tokens, lexicon, mentions[head], last)
    return Source("mention", head, first=first, last=last, role=role, joint=joint)


def _titling(tokens: Tokens, lexicon: Lexicon, mention: Mention, first: int) -> str:
    """The role between a passage's start and a name whose mention holds none: "minister of mines, Anna Roe"."""
    name = mention.core + 1 - len(mention.name)
    if mention.kind != "person" or mention.role or mention.honorific or name - first > _LONGEST_TITLE:
        return ""
    end = name - (name > first and tokens.words[name - 1] == ",")
    held = next((at for at in range(first, end) if lexicon.role(tokens.lower[at].rstrip("."))), -1)
    complement = held >= 0 and held + 1 < end and tokens.lower[held + 1] in lexicon.words.complements
    marked = any(
        not tokens.words[at][0].isalnum() and tokens.words[at] not in _POSSESSIVE_ENDINGS for at in range(first, end)
    )
    return role_text(tokens, lexicon, first, end) if complement and not marked else ""


def _worded(tokens: Tokens, lexicon: Lexicon, first: int, last: int) -> str:
    """The role that a passage words in front of its first comma, without an article."""
    comma = next((at for at in range(first, last) if tokens.words[at] == ","), first)
    while first < comma and tokens.lower[first] in lexicon.articles:
        first += 1
    return tokens.phrase(first, comma)


def _leads_in(tokens: Tokens, lexicon: Lexicon, at: int) -> bool:
    """Whether a preposition or conjunction opens the passage ("as many experts", "from the committee")."""
    return tokens.lower[at] in lexicon.words.cuts and tokens.lower[at] not in lexicon.words.relatives


def _demonstrative(tokens: Tokens, lexicon: Lexicon, first: int, last: int) -> bool:
    """Whether "that" begins a phrase ("that report"): it is a relative pronoun alone or before a verb."""
    return (
        tokens.lower[first] in lexicon.words.definite and last > first + 1 and tokens.lower[first + 1] in lexicon.nouns
    )


def _head(
    tokens: Tokens, lexicon: Lexicon, mentions: Sequence[Mention], firsts: Sequence[int], first: int, last: int
) -> int:
    """The mention that the phrase is about: the first one, unless a word that cuts a phrase stands before it.

    A mention may begin left of the passage (annotators leave out determiners and titles) and, of those that begin
    inside it, one that covers another comes first.
    """
    begin = bisect_left(firsts, first - _REACH)
    best = -1
    for at in range(begin, len(mentions)):
        if mentions[at].first >= last:
            break
        if first <= mentions[at].core < last:
            best = at
            break
    if best < 0:
        return -1
    best = _past_qualifier(tokens, lexicon, mentions, best, last)
    best = _past_possessor(tokens, mentions, best, last)
    chosen = mentions[best]
    if chosen.pronoun and chosen.core > first:
        return -1  # "everyone she knows"
    between = tokens.lower[first : max(first, chosen.first)]
    if any(lower in lexicon.words.cuts or lower == "," for lower in between):
        return -1
    return -1 if _heads_unknown(tokens, lexicon, chosen, last) else best


def _named_last(
    tokens: Tokens,
    lexicon: Lexicon,
    mentions: Sequence[Mention],
    firsts: Sequence[int],
    first: int,
    last: int,
    head: int,
) -> int:
    """The person whose name ends a passage that begins by describing her; else `head`.

    A description is set off by the passage's first comma ("another villager, Anna Roe"), or it holds neither a mark
    nor a word that cuts a phrase ("flood relief coordinator Anna Roe"), unless that word is part of a role ("minister
    of mines and energy Anna Roe").
    """
    comma = next((at for at in range(first, last) if tokens.words[at] == ","), -1)
    kind = mentions[head].kind if head >= 0 else ""
    for at in range(bisect_left(firsts, first), len(mentions)):
        mention = mentions[at]
        if mention.first >= last:
            break
        if mention.core + 1 < last:
            continue
        if kind == "body" and mention.kind == "organisation" and mention.first == mentions[head].core + 1:
            return at  # "the power company Harbour Electric"
        if mention.kind != "person" or len(mention.name) < 2:
            continue
        name = mention.core + 1 - len(mention.name)
        before = tokens.lower[comma + 1 if comma >= 0 else first : name]
        cut = any(lower in lexicon.words.cuts for lower in before)
        held = bool(before[-1:]) and lexicon.role(before[-1]) is not None
        titled = kind == "role" and before[-1:] and before[-1] not in lexicon.words.cuts
        if kind in {"organisation", "body"} and not held:
            continue  # "Party for the People leader Anna Roe", but not "the Fund and Anna Roe"
        if all(lower[0].isalnum() for lower in before) and (titled or held or not cut):
            return at
    return head


def _described(
    tokens: Tokens,
    lexicon: Lexicon,
    mentions: Sequence[Mention],
    firsts: Sequence[int],
    first: int,
    last: int,
    head: int,
) -> int:
    """The person named right behind the comma that closes a role: "the mill's owner, Anna Roe, at …"; else `head`."""
    comma = next((at for at in range(first, last) if tokens.words[at] == ","), -1)
    if comma <= first or lexicon.role(tokens.lower[comma - 1]) is None:
        return head
    for at in range(bisect_left(firsts, first), len(mentions)):
        mention = mentions[at]
        if mention.core >= last:
            break
        named = mention.kind == "person" and len(mention.name) > 1
        if named and mention.core + 1 - len(mention.name) > comma and mention.core <= comma + _TITLED:
            before = tokens.lower[comma + 1 : mention.core + 1 - len(mention.name)]
            if all(word[0].isalnum() and word not in lexicon.words.cuts for word in before):
                return at
    return head


# A title in front of a name has so many words at most.
_LONGEST_TITLE = 12
# A name ends so many tokens behind the comma before it at most, its titles included.
_TITLED = 8


def _past_qualifier(tokens: Tokens, lexicon: Lexicon, mentions: Sequence[Mention], at: int, last: int) -> int:
    """For "the state education department", whose first word could stand alone, the department."""
    first = mentions[at]
    if first.kind not in {"body", "role", "document"} or first.last != first.core + 1:
        return at
    for n in range(at + 1, min(at + 3, len(mentions))):
        other = mentions[n]
        if other.core >= last or other.kind not in {"body", "role", "group", "document"}:
            break
        between = tokens.lower[first.core + 1 : other.core]
        if (
            between
            and len(between) <= _QUALIFIERS
            and all(w.isalpha() and w not in lexicon.words.cuts for w in between)
        ):
            return n
    return at


# So many words at most stand between the first noun of a compound and its last.
_QUALIFIERS = 2


def _past_possessor(tokens: Tokens, mentions: Sequence[Mention], at: int, last: int) -> int:
    """For "Fox News' Megyn Kelly" the person, not her employer; for "Ohio's Department of Health" the department; for
    "the mayor's former doctor" the doctor."""
    owner = mentions[at]
    if owner.kind in {"pronoun", "group", "utterance"} or owner.core + 2 >= last:
        return at
    if tokens.words[owner.core + 1] not in _POSSESSIVE_ENDINGS:
        return at
    named = owner.kind in {"person", "organisation", "country"}
    wanted = {"person", "organisation"} if named else {"person", "role", "group", "organisation", "body"}
    following = (n for n in range(at + 1, min(at + 4, len(mentions))) if mentions[n].first == owner.core + 2)
    return next((n for n in following if mentions[n].kind in wanted), at)


_POSSESSIVE_ENDINGS = frozenset({"'", "’", "'s", "’s"})
# A mention that begins so far left of its source passage is another's.
_REACH = 8


def _heads_unknown(tokens: Tokens, lexicon: Lexicon, mention: Mention, last: int) -> bool:
    """Whether a name only qualifies a noun that the lexicon does not know: "Trump diehards"."""
    after = mention.core + 1
    named = mention.kind in {"person", "organisation", "country"}
    party = mention.kind == "role" and lexicon.canonical(tokens.lower[mention.core]) in lexicon.words.parties
    if not (named or party) or after >= min(last, mention.last + 1):
        return False
    lower = tokens.lower[after]
    noun = lexicon.nouns.get(lower)
    if mention.kind == "organisation" and noun and noun.kind == "document":
        return False  # "a Reuters/Ipsos poll" speaks for its makers
    return lower.isalpha() and lower.islower() and tokens.words[after].islower() and lower not in lexicon.words.cuts


def _joint(tokens: Tokens, lexicon: Lexicon, mention: Mention, last: int) -> str:
    after = mention.last
    if after < last and tokens.lower[after] in lexicon.words.joins:
        if mention.last > mention.core + 1 and lexicon.role(tokens.lower[min(after + 1, last - 1)]):
            return ""  # "Anna Roe, a planner and founder of ...": one person
        return tokens.phrase(after, last)
    return ""
