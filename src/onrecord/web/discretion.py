"""What visitors are not told: in which folders of somebody's machine the pages lay that were read."""

from __future__ import annotations

import msgspec

from onrecord.archive.comparing import Reported
from onrecord.archive.search import Hit, Results, Source
from onrecord.schema import Article

_WEB = ("http://", "https://")
_FILE = "file:"


def public_place(place: str) -> str:
    """Where something was read as anybody may know it: a web address as it is, of a path the last part.

    >>> public_place("/home/ada/news/a.jsonl:3"), public_place("https://a.example/x"), public_place("file:/srv/a.html")
    ('a.jsonl:3', 'https://a.example/x', 'file:a.html')
    """
    if place.startswith(_WEB):
        return place
    scheme = _FILE if place.startswith(_FILE) else ""
    return scheme + place.removeprefix(_FILE).replace("\\", "/").rstrip("/").rpartition("/")[2]


def public_article(article: Article) -> Article:
    """The article as anybody may have it."""
    return msgspec.structs.replace(article, input=public_place(article.input))


def public_hit(hit: Hit) -> Hit:
    """The hit as anybody may have it."""
    return msgspec.structs.replace(hit, article=_public_source(hit.article))


def _public_source(source: Source) -> Source:
    return msgspec.structs.replace(source, input=public_place(source.input))


def public_results(results: Results) -> Results:
    """The page of results as anybody may have it."""
    return msgspec.structs.replace(results, hits=tuple(map(public_hit, results.hits)))


def public_report(report: Reported) -> Reported:
    """The report as anybody may have it."""
    copies = tuple(map(_public_source, report.copies))
    return msgspec.structs.replace(report, hit=public_hit(report.hit), copies=copies)
