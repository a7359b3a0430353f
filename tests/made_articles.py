"""Articles made by hand and by hypothesis for the tests of the formats."""

from __future__ import annotations

import msgspec
from hypothesis import strategies as st

from onrecord.schema import (
    Act,
    Article,
    Block,
    Credit,
    Passage,
    Problem,
    Published,
    Repair,
    Span,
    Speaker,
    Statement,
)

HOSTILE = "ab \n\n\t\r\x00\x0b\x1c\x85\u2028\u2029\u202e\u2066\ufeffא‏ß😀𐍈é\u0301<>&\"'`;|{}[]\\%#"
"""Line breaks of all kinds, controls, both directions of writing, characters beyond the BMP, and marks that mean
something in HTML, JSON, brat or an address."""

TEXT = (
    "Dam to stay open\n\nPORT REYNE, May 14. “We will not close the dam,” said Minister 😀 Holm, “unless the river "
    "falls.” The town clerk denied that the dam leaks.\n\nPhoto: A. Vetrova/VNA\n\nCafé opens"
)


def _at(words: str, after: int = 0) -> tuple[int, int]:
    start = TEXT.index(words, after)
    return start, start + len(words)


def _passage(*words: str) -> Passage:
    return Passage.of(TEXT, *(_at(one) for one in words))


HOLM = Speaker(
    "Edda Holm", "person", "Minister", "VAL", "surname", "Holm ← Edda Holm", 0.9, "q1", "Q42", "GOV", ("Ilya Marenkov",)
)

MADE = Article(
    id="00ff",
    text=TEXT,
    input="pages/dam.html",
    url="https://news.example/dam?a=1&b=<2>",
    canonical="https://news.example/dam",
    lang="en",
    headline="Dam to stay open",
    bylines=("A. Vetrova",),
    publisher="The Strait",
    agency="VNA",
    place="PORT REYNE",
    published=Published("2023-05-14", "weekday"),
    modified=Published("2023-05-15T10:00:00Z", "meta"),
    blocks=(
        Block("headline", 0, 16, "en"),
        Block("body", *(_at("PORT")[0], _at("leaks.")[1]), "en"),
        Block("caption", *_at("Photo: A. Vetrova/VNA"), "en"),
        Block("teaser", *_at("Café opens"), "fr"),
    ),
    credits=(Credit(*_at("A. Vetrova/VNA"), ("A. Vetrova",), ("VNA",)),),
    repairs=(Repair(*_at("é"), "Ã©", ("encode sloppy-windows-1252", "decode utf-8")),),
    statements=(
        Statement(
            "s1",
            "direct",
            _passage("Minister 😀 Holm"),
            _passage("said"),
            _passage("“We will not close the dam,”", "“unless the river falls.”"),
            speaker=HOLM,
            addressee=("reporters",),
            about=("the town",),
            acts=(Act("AGREE", "readiness", Span(*_at("unless the river falls"))), Act("LIMIT")),
            said_on="2023-05-13",
            venue="Telegram",
            confidence=0.875,
            because="by hand",
            lang="en",
        ),
        Statement(
            "s2",
            "indirect",
            _passage("The town clerk"),
            _passage("denied"),
            _passage("that the dam leaks"),
            negated=True,
            speaker=Speaker(None, "unnamed", "town clerk", how="unnamed"),
            nested_in="s1",
            confidence=0.5,
        ),
        Statement("s3", "mixed", Passage(), Passage(), _passage("the dam leaks"), nested_in="s2", manner="belief"),
    ),
    problems=(Problem("page", "a <b>problem</b>"),),
)
"""One article with something in every field."""

texts = st.text(st.sampled_from(HOSTILE), max_size=60)
words = st.text(st.sampled_from(HOSTILE), max_size=6)
tokens = st.text("AGREENO_T", min_size=1, max_size=8)
confidences = st.integers(0, 1000).map(lambda thousandths: thousandths / 1000)


def stretches(length: int, most: int) -> st.SearchStrategy[list[tuple[int, int]]]:
    """Some stretches of a text in reading order that do not overlap."""
    cuts = st.lists(st.integers(0, length), max_size=2 * most, unique=True).map(sorted)
    return cuts.map(lambda ends: [(ends[i], ends[i + 1]) for i in range(0, len(ends) - 1, 2)])


def passages(text: str, least: int = 0) -> st.SearchStrategy[Passage]:
    return stretches(len(text), 3).filter(lambda ends: len(ends) >= least).map(lambda ends: Passage.of(text, *ends))


def maybe(values: st.SearchStrategy[str]) -> st.SearchStrategy[str | None]:
    return st.none() | values


def tuples(values: st.SearchStrategy[str]) -> st.SearchStrategy[tuple[str, ...]]:
    return st.lists(values, max_size=2).map(tuple)


speakers = st.builds(
    Speaker,
    name=maybe(words),
    kind=st.sampled_from(["person", "office", "organisation", "country", "unnamed"]),
    role=maybe(words),
    country=maybe(words),
    how=words,
    because=words,
    confidence=confidences,
    actor=maybe(words),
    wikidata=maybe(words | st.just("Q7747")),
    sector=maybe(words),
    others=tuples(words),
)


@st.composite
def statements(draw: st.DrawFn, text: str, name: str, before: list[str]) -> Statement:
    spans = stretches(len(text), 1).map(lambda ends: Span(*ends[0]) if ends else None)
    return Statement(
        id=name,
        kind=draw(st.sampled_from(["direct", "mixed", "indirect"])),
        source=draw(passages(text)),
        cue=draw(passages(text)),
        content=draw(passages(text, 1)),
        manner=draw(st.sampled_from(["speech", "writing", "belief", "intention", "document"])),
        negated=draw(st.booleans()),
        speaker=draw(st.none() | speakers),
        addressee=draw(tuples(words)),
        about=draw(tuples(words)),
        acts=tuple(draw(st.lists(st.builds(Act, act=tokens, mode=maybe(words), condition=spans), max_size=2))),
        said_on=draw(maybe(words)),
        venue=draw(maybe(words)),
        nested_in=draw(st.none() | st.sampled_from([*before, "gone"])),
        confidence=draw(confidences),
        because=draw(words),
        lang=draw(st.sampled_from(["", "en", "ru"])),
    )


@st.composite
def articles(draw: st.DrawFn) -> Article:
    """Any sound article, its words hostile."""
    text = draw(texts.filter(lambda found: len(found) > 1))
    kinds = st.sampled_from(["headline", "body", "caption", "teaser", "form"])
    days = st.none() | st.builds(Published, date=words, how=words)
    names = [f"s{number}" for number in range(1, draw(st.integers(0, 3)) + 1)]
    return Article(
        id=draw(words),
        text=text,
        input=draw(words),
        url=draw(words | st.just("https://news.example/a b")),
        canonical=draw(words),
        lang=draw(st.sampled_from(["", "en", "he"])),
        headline=draw(words),
        bylines=draw(tuples(words)),
        publisher=draw(words),
        agency=draw(words),
        place=draw(words),
        published=draw(days),
        modified=draw(days),
        blocks=tuple(Block(draw(kinds), start, end) for start, end in draw(stretches(len(text), 3))),
        credits=tuple(Credit(start, end, draw(tuples(words))) for start, end in draw(stretches(len(text), 1))),
        repairs=tuple(
            Repair(start, end, draw(words), draw(tuples(words))) for start, end in draw(stretches(len(text), 2))
        ),
        statements=tuple(draw(statements(text, name, names[:number])) for number, name in enumerate(names)),
        problems=draw(st.just(()) | st.just((Problem("page", "odd"),))),
    )


def only_statements(article: Article) -> Article:
    """What brat holds of an article."""
    return Article(id=article.id, text=article.text.replace("\r", " "), statements=article.statements)


def reworded(article: Article) -> Article:
    """The article with the words of its passages as its text has them."""

    def passage(given: Passage) -> Passage:
        return Passage.of(article.text, *((span.start, span.end) for span in given.spans))

    changed = [
        msgspec.structs.replace(one, source=passage(one.source), cue=passage(one.cue), content=passage(one.content))
        for one in article.statements
    ]
    return msgspec.structs.replace(article, statements=tuple(changed))
