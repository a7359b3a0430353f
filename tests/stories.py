"""Articles in which somebody says something, for the tests of the archive, and what a search finds in them."""

from __future__ import annotations

from onrecord.archive.archive import Archive
from onrecord.archive.search import Filters
from onrecord.schema import Act, Article, Block, Passage, Published, Speaker, Statement


def said(
    words: str,
    by: str = "Ana Roe",
    *,
    n: int = 1,
    url: str = "",
    day: str = "2021-05-14",
    lang: str = "en",
    country: str = "NOR",
    role: str = "Foreign Minister",
    kind: str = "direct",
    about: tuple[str, ...] = (),
    publisher: str = "Harbour Post",
    acts: tuple[Act, ...] = (),
) -> Article:
    """An article in which somebody says `words`."""
    text = f"“{words},” {by} said. Nobody else spoke."
    content, source = (1, 1 + len(words)), (len(words) + 4, len(words) + 4 + len(by))
    statement = Statement(
        id="s1",
        kind=kind,  # type: ignore[arg-type]
        source=Passage.of(text, source),
        cue=Passage.of(text, (source[1] + 1, source[1] + 5)),
        content=Passage.of(text, content),
        speaker=Speaker(by, "person", role, country, "name", "named", 0.9, f"{by}|{role}|{country}", sector="GOV"),
        addressee=("reporters",),
        about=about,
        acts=acts,
        said_on=day,
        confidence=0.75,
        because="test",
        lang=lang,
    )
    return Article(
        id=f"article{n}",
        text=text,
        url=url or f"https://post.example/story/{n}",
        lang=lang,
        headline=f"Story {n}",
        bylines=("Tom Quill",),
        publisher=publisher,
        published=Published(day, "meta") if day else None,
        blocks=(Block("body", 0, len(text), lang),),
        statements=(statement,),
    )


def found(archive: Archive, typed: str = "", *wanted: object, **filters: object) -> list[str]:
    """The contents found, in the order of the results."""
    results = archive.search(typed, Filters(tags=wanted, **filters))  # type: ignore[arg-type]
    assert results.total == len(results.hits)
    return [hit.statement.content_text for hit in results.hits]
