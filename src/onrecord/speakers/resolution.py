"""From an article with statements to the same article with their speakers."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence

from msgspec import structs

from onrecord.actors.gazetteer import Gazetteer, shipped
from onrecord.schema import Article, Block, BlockKind, Speaker, Statement
from onrecord.speakers import brief
from onrecord.speakers.abouts import abouts
from onrecord.speakers.canonical import canonical
from onrecord.speakers.cast import gather
from onrecord.speakers.coreference import Walk
from onrecord.speakers.knowledge import lexicon
from onrecord.speakers.mentions import find_mentions
from onrecord.speakers.phrases import Mention
from onrecord.speakers.sources import Source, read_source
from onrecord.speakers.standing import stand
from onrecord.speakers.tokens import Tokens, tokenise
from onrecord.speakers.turns import Scene, speakers

# Blocks whose mentions introduce people to the reader of the story; the rest of a page speaks of other matters.
_TELLING: frozenset[BlockKind] = frozenset({"headline", "standfirst", "dateline", "body", "caption"})


def resolve(article: Article, gazetteer: Gazetteer | None = None) -> Article:
    """The article with each statement's `speaker` found, None where nothing tells who it is, and whom it is `about`.

    Two sources joined ("Obama and Clinton") give the first, and `others` names the rest. A report or poll speaks for
    the body that the article names as its maker, with the document as `role`; without a maker it is `unnamed`.
    `confidence` is the chance that the name is right, as far as it was measured (`confidence.py`). Speakers point to
    the actors of `gazetteer`, by default the one that onrecord ships.
    """
    if not article.statements:
        return article
    known = gazetteer or shipped()
    found: list[Speaker | None] = [None] * len(article.statements)
    about: list[tuple[str, ...]] = [()] * len(article.statements)
    people: list[str] = []
    for lang in sorted({statement.lang for statement in article.statements}):
        places = [at for at, statement in enumerate(article.statements) if statement.lang == lang]
        statements = tuple(article.statements[at] for at in places)
        told = _in_language(article, statements, lang, people, known)
        for at, speaker, concerned in zip(places, *told, strict=True):
            found[at], about[at] = speaker, concerned
    found = canonical(article, found, people, known)
    resolved = (
        structs.replace(statement, speaker=speaker, about=concerned)
        for statement, speaker, concerned in zip(article.statements, found, about, strict=True)
    )
    return structs.replace(article, statements=tuple(resolved))


def _in_language(
    article: Article, statements: tuple[Statement, ...], lang: str, people: list[str], gazetteer: Gazetteer
) -> tuple[list[Speaker | None], list[tuple[str, ...]]]:
    """The speakers of the statements in one language, and whom these are about; all whom the article names in full are
    added to `people`."""
    if brief.has_brief(lang):
        return brief.speakers(article.text, statements, lang), [()] * len(statements)
    scene = _scene(structs.replace(article, statements=statements), gazetteer)
    people.extend(actor.name for actor in scene.cast.actors if actor.kind == "person" and " " in actor.name)
    told = speakers(scene, statements)
    return told, abouts(scene, statements, told)


def _scene(article: Article, gazetteer: Gazetteer) -> Scene:
    words = lexicon(article.lang)
    tokens = tokenise(article.text, _regions(article), words)
    mentions = find_mentions(tokens, words, _asked(tokens, article.statements))
    firsts = [mention.first for mention in mentions]
    sources = [read_source(tokens, words, mentions, firsts, s.source) for s in article.statements]
    mentions = _clipped(tokens, mentions, sources)
    heads = frozenset(source.mention for source in sources if source.kind == "mention")
    asides = _asides(article, tokens, mentions)
    mentions = [_captioned(one) if at in asides else one for at, one in enumerate(mentions)] if asides else mentions
    cast = gather(tokens, words, mentions, heads, asides)
    stand(cast, gazetteer, article.published.date[:10] if article.published else "")
    for source in sources:
        if source.role:
            cast.give_role(cast.full_name(mentions[source.mention].name), source.role)
    links = Walk(tokens, words, mentions, cast, heads).run()
    return Scene(words, tokens, mentions, sources, links, cast, article.bylines)


# So many tokens of a source at most are looked at.
_LONGEST_SOURCE = 80


def _asked(tokens: Tokens, statements: Sequence[Statement]) -> frozenset[int]:
    """The tokens of all sources."""
    found: set[int] = set()
    for first, last in {tokens.within(s.source.start, s.source.end) for s in statements if s.source}:
        found.update(range(first, min(last, first + _LONGEST_SOURCE)))
    return frozenset(found)


def _clipped(tokens: Tokens, mentions: Sequence[Mention], sources: Sequence[Source]) -> list[Mention]:
    """The mentions, those at the head of a source cut where the source ends: what follows is the cue."""
    clipped = list(mentions)
    for source in sources:
        mention = clipped[source.mention] if source.kind == "mention" else None
        if mention is None or mention.last <= source.last:
            continue
        beyond = tokens.phrase(source.last, mention.last)
        role = mention.role.removesuffix(beyond).rstrip(" ,")
        clipped[source.mention] = structs.replace(mention, last=max(source.last, mention.core + 1), role=role)
    return clipped


def _asides(article: Article, tokens: Tokens, mentions: Sequence[Mention]) -> frozenset[int]:
    """The mentions in captions: a role worded there yields to one worded in the story."""
    captions = sorted((block.start, block.end) for block in article.blocks if block.kind == "caption")
    starts = [start for start, _ in captions]
    found = set()
    for at, mention in enumerate(mentions) if captions else ():
        start = tokens.starts[mention.core]
        before = bisect_right(starts, start) - 1
        if before >= 0 and start < captions[before][1]:
            found.add(at)
    return frozenset(found)


def _captioned(mention: Mention) -> Mention:
    """A mention in a caption, where "(R)" without a district means the right of the photo."""
    bare = mention.affiliation and "," not in mention.affiliation
    return structs.replace(mention, affiliation="", country=None) if bare else mention


def _regions(article: Article) -> list[tuple[int, int]]:
    """The parts of the text to read: blocks that tell the story, and any block that holds a source."""
    size = len(article.text)
    if not article.blocks:
        return [(0, size)]
    starts = [statement.source.start for statement in article.statements if statement.source]
    blocks = sorted(article.blocks, key=lambda block: (block.start, block.end))
    holding = _holding(blocks, starts)
    regions: list[tuple[int, int]] = []
    for block in blocks:
        start = max(block.start, regions[-1][1] if regions else 0)
        end = min(block.end, size)
        if start < end and (block.kind in _TELLING or block in holding):
            regions.append((start, end))
    return regions


def _holding(blocks: Sequence[Block], starts: Sequence[int]) -> set[Block]:
    """The blocks in which a source begins."""
    waiting = sorted(starts)
    found: set[Block] = set()
    at = 0
    for block in blocks:
        while at < len(waiting) and waiting[at] < block.start:
            at += 1
        if at < len(waiting) and waiting[at] < block.end:
            found.add(block)
    return found
