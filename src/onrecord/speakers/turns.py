"""Statements as turns of a conversation: each gets the link of its source, or of the turn it continues."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence

from msgspec import Struct, structs

from onrecord.schema import Passage, Speaker, SpeakerKind, Statement
from onrecord.speakers.cast import Actor, Cast, country_of
from onrecord.speakers.confidence import SURE_ENOUGH, chance
from onrecord.speakers.countries import place
from onrecord.speakers.knowledge import Lexicon
from onrecord.speakers.links import Link
from onrecord.speakers.phrases import Mention
from onrecord.speakers.repeats import repeats
from onrecord.speakers.sources import Source
from onrecord.speakers.tokens import Tokens
from onrecord.speakers.voices import body_behind

# So many mentions at most are looked through for those who speak together.
_JOINED = 12


class Scene(Struct, frozen=True):
    """An article as read: its tokens and mentions, the head of each statement's source, and the actors found."""

    lexicon: Lexicon
    tokens: Tokens
    mentions: Sequence[Mention]
    sources: Sequence[Source]
    links: dict[int, Link]
    cast: Cast
    bylines: Sequence[str]


def speakers(scene: Scene, statements: Sequence[Statement]) -> list[Speaker | None]:
    """The speaker of each statement, in the order given."""
    order = sorted(range(len(statements)), key=lambda at: (_place(statements[at]), at))
    around = _enclosing(statements)
    links: list[Link | None] = [_own_link(scene, source, statements[at]) for at, source in enumerate(scene.sources)]
    for at in order:
        links[at] = _not_oneself(scene, links, at, around[at])
    told = list(links)
    pulled = repeats(statements)
    order = [at for at in order if at not in pulled]  # a pull quote is no turn of the conversation
    for position, at in enumerate(order):
        if told[at] is None:
            told[at] = _from_context(scene, statements, told, order, position, around[at])
    for at, other in pulled.items():
        said = told[other]
        told[at] = (
            _continued(said, "repeated", f"the same words are {said.actor.label}'s elsewhere", 0.9) if said else None
        )
    return [_speaker(scene, link, source) for link, source in zip(told, scene.sources, strict=True)]


def _place(statement: Statement) -> int:
    return (statement.source or statement.cue or statement.content).start


def _enclosing(statements: Sequence[Statement]) -> list[int]:
    """For each statement the index of the innermost quotation that its source stands in, or -1."""
    spans = sorted(
        (span.start, -span.end, at)
        for at, statement in enumerate(statements)
        if statement.kind != "indirect"
        for span in statement.content.spans
    )
    queries = sorted((_place(statement), at) for at, statement in enumerate(statements))
    around = [-1] * len(statements)
    open_spans: list[tuple[int, int]] = []
    upcoming = 0
    for position, at in queries:
        while upcoming < len(spans) and spans[upcoming][0] <= position:
            open_spans.append((-spans[upcoming][1], spans[upcoming][2]))
            upcoming += 1
        while open_spans and open_spans[-1][0] <= position:
            open_spans.pop()
        if open_spans and open_spans[-1][1] != at:
            around[at] = open_spans[-1][1]
    return around


def _own_link(scene: Scene, source: Source, statement: Statement) -> Link | None:
    """What the source's own words say; None for an empty source and for the first and second person."""
    if _is_accused(scene, source, statement):
        because = f"“{statement.cue.text}” tells what others say of {statement.source.text}, not who they are"
        return Link(Actor("unknown"), "unresolved", because, 0.3)
    match source.kind:
        case "mention":
            link = scene.links.get(source.mention) or _unlinked(scene, source)
            return _voice(scene, source, link) or link
        case "relative":
            return _antecedent(scene, source.token)
        case "phrase":
            return _by_words(scene, source)
        case "none":
            return None


def _is_accused(scene: Scene, source: Source, statement: Statement) -> bool:
    """Whether the source is the one of whom the content is said: "the speaker, accused of fraud"."""
    passive = statement.cue.text.lower().endswith(scene.lexicon.words.accused)
    return source.kind != "none" and passive and statement.source.start < statement.cue.start


def _voice(scene: Scene, source: Source, link: Link | None) -> Link | None:
    """The body that an unnamed source speaks for, if its words name one."""
    mention = scene.mentions[source.mention]
    if link is None or link.how != "unnamed" or mention.kind not in {"role", "group"}:
        return None
    near = range(max(0, source.mention - 3), min(len(scene.mentions), source.mention + 4))
    inner = [scene.mentions[at] for at in near]
    return body_behind(scene.tokens, scene.lexicon, scene.cast, mention, inner)


def _unlinked(scene: Scene, source: Source) -> Link | None:
    """A source whose mention found nobody: as worded, unless it is a pronoun."""
    mention = scene.mentions[source.mention]
    pronoun = mention.pronoun
    if pronoun is None:
        return _by_words(scene, source)
    if pronoun.person == 1:
        return None
    word = scene.tokens.words[mention.core]
    reason = "whoever is addressed" if pronoun.person == 2 else "nobody before it agrees"
    return Link(Actor("unknown"), "unresolved", f"{word}: {reason}", 0.3)


def _by_words(scene: Scene, source: Source) -> Link:
    """A source that is no mention: a name in a title, a known place, or else nobody in particular."""
    tokens, words = scene.tokens, scene.lexicon.words
    first, last = source.first, source.last
    if first + 1 < last and tokens.lower[first] in scene.lexicon.articles and tokens.lower[first + 1] not in words.cuts:
        first += 1
    while last - 1 > first and not tokens.words[last - 1][0].isalnum():
        last -= 1
    name = tokens.words[first:last]
    if all(word[0].isupper() for word in name) and len(name) <= 4:
        bearers = scene.cast.bearers(name)
        if bearers:
            return Link(bearers[-1], "surname", f"{' '.join(name)} ← {bearers[-1].name}", 0.8)
        if len(name) > 1 and tokens.lower[first] in scene.lexicon.first_names:
            return Link(Actor("person", " ".join(name)), "name", f"named here: {' '.join(name)}", 0.7)
        known = place(" ".join(name))
        if known and known.sense not in {"demonym", "part"}:
            actor = Actor("country", known.country)
            actor.country = known.code
            return Link(actor, "country", f"the country is named: {' '.join(name)}", 0.8)
        if all(_proper(scene, word) or _lone_name(scene, word) for word in name):
            because = f"named here: {' '.join(name)}; what it is the text does not tell"
            return Link(Actor("organisation", " ".join(name)), "name", because, 0.5)
    worded = tokens.phrase(first, last)
    actor = Actor("unknown")
    actor.roles = (worded,)
    return Link(actor, "unnamed", f"not named, only described: {worded}", 0.6)


def _proper(scene: Scene, word: str) -> bool:
    """Whether a word is written with a capital inside a sentence and never without one."""
    return scene.cast.capital(word) and not scene.cast.common(word)


def _lone_name(scene: Scene, word: str) -> bool:
    """Whether a word that stands with a capital only at the head of sentences is a name all the same: "Volvo said".

    English puts no noun in the singular there without an article, so it is one unless it is a known word or a plural.
    """
    lower, lexicon = word.lower(), scene.lexicon
    known = lower in lexicon.nouns or lower in lexicon.words.modifiers or lower in lexicon.words.starts
    named = place(word) is not None or scene.cast.common(word) or lower in lexicon.words.quantities
    plural = lower.endswith("s") and not lower.endswith("ss")
    return word.isalpha() and len(word) > 2 and not (known or named or plural)


def _antecedent(scene: Scene, token: int) -> Link:
    """Whom a relative pronoun stands for: the mention that ends right before it."""
    tokens = scene.tokens
    end = token - (token > 0 and not tokens.words[token - 1][0].isalnum())
    begin = bisect_right(scene.mentions, token, key=lambda mention: mention.first)
    for at in range(max(0, begin - 10), begin):
        mention = scene.mentions[at]
        touches = mention.last in {end, token} or mention.core + 1 == end
        if touches:
            at = _whom(scene, at, tokens.lower[token] in scene.lexicon.words.personal)
        if touches and mention is scene.mentions[at] and _lies_in(scene, mention, token):
            end = mention.first - 1  # "the observatory in Turkey, which": not the country
            break
        if touches and at in scene.links and tokens.same_sentence(mention.core, token):
            link = scene.links[at]
            because = f"{tokens.words[token]} ← {link.actor.label}, right before it"
            return structs.replace(link, how="relative", because=because, confidence=min(0.9, link.confidence))
    if end < token and tokens.words[end] == "," and tokens.lower[token] in scene.lexicon.words.personal:
        for at in range(begin - 1, max(-1, begin - 8), -1):
            mention = scene.mentions[at]
            if mention.kind == "person" and at in scene.links and tokens.same_sentence(mention.core, token):
                because = f"{tokens.words[token]} ← {scene.links[at].actor.label}, the last person before it"
                return structs.replace(scene.links[at], how="relative", because=because, confidence=0.7)
    first = end
    while first > max(0, end - 4) and tokens.same_sentence(first - 1, token) and tokens.words[first - 1][0].isalnum():
        first -= 1
        if tokens.lower[first] in scene.lexicon.words.cuts:
            first += 1
            break
    first += first < end and tokens.lower[first] in scene.lexicon.articles
    worded = tokens.phrase(first, end)
    actor = Actor("unknown")
    if worded:
        actor.roles = (worded,)
    return Link(actor, "relative", f"{tokens.words[token]} ← {worded or 'nothing known'}, right before it", 0.5)


def _lies_in(scene: Scene, mention: Mention, token: int) -> bool:
    """Whether a country before "which" only tells where the thing before it is."""
    tokens, before = scene.tokens, mention.first - 1
    if mention.kind != "country" or not tokens.same_sentence(before, token):
        return False
    impersonal = tokens.lower[token] not in scene.lexicon.words.personal
    inside = tokens.lower[before] in scene.lexicon.words.locating
    return impersonal and inside and before > 0 and tokens.lower[before - 1].isalpha()


def _whom(scene: Scene, at: int, personal: bool) -> int:
    """For "Democrats on Capitol Hill, who" the people, for "the observatory in Turkey, which" the observatory: the
    mention before the preposition, if that one is a place."""
    mention = scene.mentions[at]
    preposition = mention.first - 1
    things = {"organisation", "country", "body"} if personal else {"country"}
    thing = mention.kind in things or (personal and at not in scene.links)
    if not thing or preposition < 0:
        return at
    if scene.tokens.lower[preposition] not in scene.lexicon.words.cuts:
        return at
    near = range(max(0, at - 4), at)
    wanted = {"person", "group", "role"} if personal else {"organisation", "body", "group"}
    people = (p for p in near if scene.mentions[p].kind in wanted)
    return next((p for p in people if preposition in {scene.mentions[p].core + 1, scene.mentions[p].last}), at)


def _not_oneself(scene: Scene, links: list[Link | None], at: int, around: int) -> Link | None:
    """Inside a quotation "he" is somebody else than the one quoted."""
    link = links[at]
    quoting = links[around] if around >= 0 else None
    if link is None or quoting is None or link.how != "pronoun":
        return link
    if link.actor is not quoting.actor and quoting.actor not in link.actor.members:
        return link
    rest = (actor for actor in link.others if actor is not quoting.actor and quoting.actor not in actor.members)
    other = next(rest, None)
    if other is None:
        because = f"inside the words of {quoting.actor.label}, and nobody else agrees"
        return Link(Actor("unknown"), "unresolved", because, 0.3)
    because = f"{other.label}, the nearest that agrees; the words around are {quoting.actor.label}'s"
    return Link(other, "pronoun", because, SURE_ENOUGH)


def _from_context(
    scene: Scene,
    statements: Sequence[Statement],
    links: list[Link | None],
    order: Sequence[int],
    position: int,
    around: int,
) -> Link | None:
    """The link of an empty source, or of "I" and "we": that of the turn in or after which it stands."""
    at = order[position]
    first_person = scene.sources[at].kind != "none"
    enclosing = links[around] if around >= 0 else None
    if first_person and enclosing:
        return _continued(enclosing, "pronoun", f"said inside the words of {enclosing.actor.label}", 0.85)
    if first_person and not scene.tokens.quoted[scene.sources[at].first]:
        return _author(scene)
    if not first_person and not _continues(statements[at]):
        return None
    near = _neighbour(scene, statements, links, order, position)
    if near is None:
        return None
    how = "pronoun" if first_person else "continuation"
    return _continued(near, how, f"no other source; goes on from the words of {near.actor.label}", 0.7)


def _continued(link: Link, how: str, because: str, confidence: float) -> Link:
    return Link(link.actor, how, because, min(confidence, link.confidence))


def _continues(statement: Statement) -> bool:
    """Whether a statement without a source goes on from somebody's: quoted words do; "it is expected that" does not."""
    return statement.kind != "indirect" or not statement.cue


def _author(scene: Scene) -> Link:
    actor = Actor("person", scene.bylines[0]) if scene.bylines else Actor("unknown")
    because = "the first person outside any quotation is the writer"
    return Link(actor, "author", because if scene.bylines else f"{because}, whom no byline names", 0.7)


def _neighbour(
    scene: Scene,
    statements: Sequence[Statement],
    links: list[Link | None],
    order: Sequence[int],
    position: int,
) -> Link | None:
    """The turn next to this one: before it in its paragraph, else after it there, else in the paragraph before."""
    here = _paragraph(scene, _said(statements[order[position]]).start)
    before = order[position - 1] if position else -1
    if before >= 0 and links[before] and _paragraph(scene, _said(statements[before]).start) == here:
        return links[before]
    for after in order[position + 1 : position + 3]:
        if links[after] and _paragraph(scene, _said(statements[after]).start) == here:
            return links[after]
    if before >= 0 and links[before] and here - _paragraph(scene, _said(statements[before]).end - 1) <= 1:
        return links[before]
    return None


def _said(statement: Statement) -> Passage:
    return statement.content or statement.cue or statement.source


def _paragraph(scene: Scene, position: int) -> int:
    """The paragraph of the first token that ends after a position, or the last paragraph."""
    tokens = scene.tokens
    first, _ = tokens.within(position, position)
    return tokens.paragraphs[min(first, len(tokens.words) - 1)] if tokens.words else 0


def _speaker(scene: Scene, link: Link | None, source: Source) -> Speaker | None:
    """The record of a link."""
    if link is None:
        return None
    if link.how == "pronoun" and link.confidence < SURE_ENOUGH:
        because = f"{link.because}, too unsure to name"
        return Speaker(
            None, "unnamed", how="unresolved", because=because, confidence=chance("pronoun", link.confidence)
        )
    together = link.actor.members
    actor = together[0] if together else link.actor
    own = scene.mentions[source.mention] if source.kind == "mention" else None
    role = _role(link, own) if not together else actor.role
    joint = f"; named together with others: {source.joint}" if source.joint else ""
    others = tuple(member.name for member in together[1:])
    others = others or (_others(scene, source, actor) if source.joint else ())
    country = actor.country or (country_of(role, scene.lexicon) if role else None)
    return Speaker(
        name=actor.name if _kind(actor) not in {"unnamed", "office"} else None,
        kind=_kind(actor),
        role=role or None,
        country=country,
        how=link.how,
        because=link.because + joint,
        confidence=round(chance(link.how, link.confidence), 2),
        others=others,
    )


def _others(scene: Scene, source: Source, first: Actor) -> tuple[str, ...]:
    """The names of those who are joined to the first of a source: "Anna Roe and Mayor Bo Lind"."""
    begin = scene.mentions[source.mention].last
    start = bisect_right(scene.mentions, begin, key=lambda mention: mention.first)
    names, covered = [], begin
    for at in range(start, min(start + _JOINED, len(scene.mentions))):
        mention = scene.mentions[at]
        if mention.core >= source.last:
            break
        link = scene.links.get(at)
        if mention.core < covered or link is None or link.actor is first:
            continue
        covered = mention.last
        if mention.kind in {"person", "organisation", "country", "role"} and link.actor.name:
            names.append(link.actor.name)
    return tuple(dict.fromkeys(names))


def _role(link: Link, own: Mention | None) -> str:
    """The role in the source's own words if they name the person, else the one the article introduced him with."""
    if own and (own.kind == "person" or link.how in {"owner", "document", "voice"}) and own.role:
        return own.role
    worded = own.role if own and own.kind == "role" and link.how == "role" else ""
    return link.actor.role or link.actor.affiliation or worded


def _kind(actor: Actor) -> SpeakerKind:
    if actor.kind == "office":
        return "office"
    if not actor.name or actor.kind in {"group", "document", "unknown"}:
        return "unnamed"
    if actor.kind == "country":
        return "country"
    return "organisation" if actor.kind == "organisation" else "person"
