"""Descriptions of people whom the text has named already: "the Kent senator", "the 53-year-old", "the two men"."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from msgspec import Struct

from onrecord.speakers.cast import Actor, country_of, role_head, role_words
from onrecord.speakers.knowledge import Gender, Lexicon
from onrecord.speakers.phrases import Mention
from onrecord.speakers.salience import Salience
from onrecord.speakers.tokens import Tokens

# A person whose gender nothing tells stands back behind one whose gender agrees.
_GENDER_UNKNOWN = 0.55
# So many mentions behind a description are looked through for a pronoun that tells its gender.
_BEHIND = 4
# Of a pair the second must be so much more present than whoever comes third.
_APART = 0.6
_LEAST = 0.1
"""Nobody less present than this is renamed: a mention as an object some three sentences back."""


class Found(Struct, frozen=True, gc=False):
    """Whom a description may stand for, best first, each with how present it is."""

    ranked: tuple[tuple[float, Actor], ...]

    @property
    def confidence(self) -> float:
        """How far the first stands before the second, as for a pronoun; 0 if there is nobody."""
        if not self.ranked:
            return 0.0
        second = self.ranked[1][0] if len(self.ranked) > 1 else 0.0
        return min(0.85, 0.5 + 0.45 * (1 - second / self.ranked[0][0]))


def gender_of(tokens: Tokens, mentions: Sequence[Mention], at: int) -> Gender:
    """The gender of a description: that of its noun, or of the pronoun next to it in its sentence, before anybody else.

    In "The nominee attacked her opponent" it is a woman.
    """
    mention = mentions[at]
    if mention.gender:
        return mention.gender
    for other in mentions[at + 1 : at + 1 + _BEHIND]:
        if not tokens.same_sentence(mention.core, other.core) or tokens.quoted[other.core]:
            break
        leading = other.pronoun or (other.owner == other.first and other.determiner == "owner")
        pronoun = other.pronoun
        if pronoun and pronoun.owner and pronoun.gender in {"m", "f"}:
            return pronoun.gender
        if not leading and other.kind in {"person", "role"}:
            break
    return ""


def renamed(
    lexicon: Lexicon,
    salience: Salience,
    mention: Mention,
    role: str,
    gender: Gender,
    sentence: int,
    near: Callable[[Actor], bool],
) -> Found:
    """The people named before whom a description without another holder may rename.

    Not those who are `near`, in its own clause: "Roe praised the senator" names two people.
    """
    head = role_head(lexicon, role)
    words = frozenset(role_words(lexicon, role))
    lower = role.lower().split()
    past = not lexicon.words.past.isdisjoint(lower)
    # "the contender for the presidency", "the senator from Kent"; "the author of the report" is somebody else.
    aspires = mention.last == mention.core + 1 or any(word in lexicon.words.aspiring for word in lower)
    if not (head in lexicon.words.renaming or (past and head)) or mention.determiner != "the" or not (past or aspires):
        return Found(())
    country = country_of(role, lexicon)
    parties = words & lexicon.words.parties
    ranked = []
    current = (lexicon.offices | lexicon.words.seats) - {head}
    for score, actor in salience.present(sentence):
        if score < _LEAST or not _public(actor, lexicon) or near(actor):
            continue
        if (past or head in lexicon.words.private) and not actor.former and actor.heads & current:
            continue  # "the former president" and "the mogul" are no senators of today
        held = actor.role_words & lexicon.words.parties
        party_clash = parties and held and parties.isdisjoint(held)
        if party_clash or (country and actor.country and country != actor.country):
            continue
        if gender and actor.gender and gender != actor.gender:
            continue
        unsure = _GENDER_UNKNOWN if gender and not actor.gender else 1.0
        ranked.append((score * unsure, actor))
    return Found(tuple(sorted(ranked, key=lambda entry: -entry[0])))


def aged(salience: Salience, age: str, gender: Gender, sentence: int) -> Found:
    """The people named before whom "the 53-year-old" may mean: of that age, or of an age that is not told."""
    people = [
        (score, actor)
        for score, actor in salience.present(sentence)
        if actor.kind == "person" and actor.name and actor.sure and actor.age in {"", age}
        and not (gender and actor.gender and actor.gender != gender)
    ]  # fmt: skip
    told = [entry for entry in people if entry[1].age]
    return Found(tuple(sorted(told or people, key=lambda entry: -entry[0])))


def _public(actor: Actor, lexicon: Lexicon) -> bool:
    """Whether somebody may be renamed: named, and, by all that is told, in or after a public office."""
    named = actor.kind == "person" and bool(actor.name) and actor.sure
    return named and actor.heads <= lexicon.public


def pair(lexicon: Lexicon, tokens: Tokens, salience: Salience, mention: Mention, sentence: int) -> tuple[Actor, ...]:
    """The two whom "the two men", "both countries" or "the pair" means: the two most present that fit the noun."""
    lower = tokens.lower[max(0, mention.first - 1) : mention.core + 1]
    definite = lower[0] in lexicon.words.definite or "both" in lower
    after = tokens.lower[mention.last] if tokens.same_sentence(mention.core, mention.last) else ""
    if after in lexicon.words.relatives or not definite or lexicon.words.pairs.isdisjoint(lower):
        return ()
    states = tokens.lower[mention.core] in lexicon.words.states
    parties = frozenset(role_words(lexicon, mention.role)) & lexicon.words.parties
    fitting = sorted(
        _fitting(salience, sentence, mention.gender, states, parties, lexicon), key=lambda entry: -entry[0]
    )
    apart = len(fitting) < 3 or fitting[2][0] < _APART * fitting[1][0]
    return tuple(actor for _, actor in fitting[:2]) if len(fitting) > 1 and apart else ()


def _fitting(
    salience: Salience, sentence: int, gender: Gender, states: bool, parties: frozenset[str], lexicon: Lexicon
) -> Iterator[tuple[float, Actor]]:
    kinds = {"country"} if states else {"person"}
    for score, actor in salience.present(sentence):
        if actor.kind not in kinds or not actor.name or actor.members:
            continue
        held = actor.role_words & lexicon.words.parties
        if (gender and actor.gender and gender != actor.gender) or (parties and held and parties.isdisjoint(held)):
            continue
        yield score, actor
