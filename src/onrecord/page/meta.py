"""What a page's markup declares about its article: its data (JSON-LD, microdata), meta tags, headings and byline."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from itertools import islice
from urllib.parse import urlsplit

from lxml.etree import _Element as Element

from onrecord.page.authors import read_authors
from onrecord.page.decode import without_controls
from onrecord.page.moments import moment
from onrecord.page.repair import repair
from onrecord.page.sketch import Meta
from onrecord.page.strip import strip_tags
from onrecord.page.structured import Data, items_on, microdata, name_of, read_data
from onrecord.page.titles import Title, headline

LONGEST = 2000
"""Characters of a declared value that are read; the longest summary on 220 crawled news pages has under 1,000."""
_LOCALE = re.compile(r"[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{2,8})*$")
# By their letters alone: publishers write `article:published_time`, `article:published:time`, `published-time` …
_DATE_METAS = (
    "articlepublishedtime",
    "ogpublishedtime",
    "ogarticlepublishedtime",
    "publishedtime",
    "datepublished",
    "articlepublished",
    "date",
    "dcdate",
    "dcdateissued",
    "dctermscreated",
    "dctermsissued",
    "dctermsdate",
    "publishdate",
    "publisheddate",
    "publicationdate",
    "pubdate",
    "parselypubdate",
    "sailthrudate",
    "cxenseparserecspublishtime",
    "citationpublicationdate",
)
_MODIFIED_METAS = (
    "articlemodifiedtime",
    "ogupdatedtime",
    "ogmodifiedtime",
    "ogarticlemodifiedtime",
    "datemodified",
    "lastmodified",
    "dctermsmodified",
    "dcdatemodified",
)
_LONGEST_BODY = 200_000
_MOST_HEADINGS = 20
_MOST_TIMES = 5
_APART = frozenset(("aside", "nav", "footer"))


def read_meta(tree: Element, address: str = "") -> Meta:
    """What `tree`, the page at `address`, declares, mojibake undone; nothing for what it does not say."""
    tags, items = _meta_tags(tree), items_on(tree)
    url = _url(tree, tags)
    every = read_data(tree)
    data = every.of_page((address, url, tags.get("og:url", "")), _shown_titles(tree, tags))
    publisher = next(filter(None, map(name_of, map(data.resolved, data.values("publisher")))), "")
    sites = (tags.get("og:site_name", ""), tags.get("application-name", ""), publisher, _host(url or address))
    authors = read_authors(tree, data, tags, items, sites)
    return Meta(
        headline=_clean(headline(_titles(tree, data, tags, items), sites)),
        authors=tuple(map(_clean, authors.people)),
        houses=tuple(map(_clean, authors.houses)),
        publisher=_clean(unescape(tags.get("og:site_name", "") or publisher)),
        date=_most_exact(_published(tree, data, tags, items)),
        modified=_most_exact(_modified(data, tags, items)),
        url=url,
        lang=_lang(tree, tags),
        summary=_clean(tags.get("og:description", "") or tags.get("description", "")),
        body=_body(every),
    )


def _body(data: Data) -> str:
    """The whole story, where the page's data repeats it."""
    body = data.text("articleBody")[:_LONGEST_BODY]
    return strip_tags(body) if "</" in body else body


def _clean(text: str) -> str:
    return repair(_spaced(text)).text


def _spaced(text: str) -> str:
    return " ".join(without_controls(text[:LONGEST]).split())


def _meta_tags(tree: Element) -> dict[str, str]:
    tags: dict[str, str] = {}
    for meta in tree.iter("meta"):
        key = meta.get("property") or meta.get("name") or meta.get("itemprop") or meta.get("http-equiv") or ""
        if meta.get("content"):
            tags.setdefault(key.strip().lower(), meta.get("content", "")[:LONGEST].strip())
    return tags


def _shown_titles(tree: Element, tags: dict[str, str]) -> tuple[str, ...]:
    headings = islice((_words(one) for one in tree.iter("h1") if not _is_apart(one)), _MOST_HEADINGS)
    titles = islice(("".join(map(str, one.itertext())) for one in tree.iter("title")), 1)
    return (tags.get("og:title", ""), *headings, *titles)


def _titles(tree: Element, data: Data, tags: dict[str, str], items: list[Element]) -> Iterator[Title]:
    for key, origin in (("og:title", "og"), ("twitter:title", "twitter")):
        yield Title(origin, _spaced(unescape(tags.get(key, ""))))
    yield Title("data", _spaced(data.text("headline")))
    for _, element in islice(microdata(items, "headline"), 1):
        yield Title("data", _spaced(element.get("content") or _words(element)))
    for heading in islice((one for one in tree.iter("h1") if not _is_apart(one)), _MOST_HEADINGS):
        yield Title("h1", _spaced(_words(heading)))
    # Of a drawing in the page, too, the title is called `title`.
    for title in islice(tree.iter("title"), 1):
        yield Title("title", _spaced("".join(map(str, title.itertext()))))


def _words(element: Element) -> str:
    return " ".join(map(str, islice(element.itertext(), LONGEST)))


def _is_apart(element: Element) -> bool:
    return any(above.tag in _APART for above in element.iterancestors())


def _published(tree: Element, data: Data, tags: dict[str, str], items: list[Element]) -> Iterator[str]:
    """The times of publication that the page gives, the most trustworthy first."""
    yield from map(moment, data.plain("datePublished"))
    yield from _tagged(tags, _DATE_METAS)
    yield from _itemprop(items, "datePublished")
    yield from _shown(tree)


def _modified(data: Data, tags: dict[str, str], items: list[Element]) -> Iterator[str]:
    yield from map(moment, data.plain("dateModified"))
    yield from _tagged(tags, _MODIFIED_METAS)
    yield from _itemprop(items, "dateModified")


def _tagged(tags: dict[str, str], keys: tuple[str, ...]) -> Iterator[str]:
    by_letters: dict[str, str] = {}
    for key, value in tags.items():
        by_letters.setdefault("".join(filter(str.isalnum, key)), value)
    yield from (moment(by_letters[key]) for key in keys if key in by_letters)


def _itemprop(items: list[Element], name: str) -> Iterator[str]:
    for _, element in islice(microdata(items, name), 2):
        yield moment(element.get("datetime") or element.get("content") or _words(element))


def _shown(tree: Element) -> Iterator[str]:
    """The first `<time>` after the first heading, which is where a page shows its own."""
    heading, looked_at = False, 0
    for element in tree.iter("h1", "time"):
        heading = heading or element.tag == "h1"
        if heading and element.tag == "time" and element.get("datetime") and not _is_apart(element):
            yield moment(element.get("datetime", ""))
            looked_at += 1
        if looked_at >= _MOST_TIMES:
            return


def _most_exact(moments: Iterator[str]) -> str:
    """The first of `moments`, or another of the same day that says more: the time, or the zone."""
    first, best = "", ""
    for one in filter(None, moments):
        first = first or one
        if one[:10] == first[:10] and _exactness(one) > _exactness(best):
            best = one
    return best


def _exactness(one: str) -> int:
    return bool(one) + (len(one) > 10) + bool(re.search(r"(?:Z|[+-]\d\d:?\d\d)$", one[10:]))


def _url(tree: Element, tags: dict[str, str]) -> str:
    for link in tree.iter("link"):
        if (link.get("rel") or "").lower() == "canonical" and (link.get("href") or "").strip().startswith("http"):
            return str(link.get("href", "")).strip()
    address: str = tags.get("og:url", "")
    return address if address.startswith("http") else ""


def _host(url: str) -> str:
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


def _lang(tree: Element, tags: dict[str, str]) -> str:
    html = tree if tree.tag == "html" else next(iter(tree.iter("html")), tree)
    for said in (html.get("lang"), html.get("xml:lang"), tags.get("content-language"), tags.get("og:locale")):
        if said and _LOCALE.match(said.strip()):
            return re.split("[-_]", said.strip())[0].lower()
    return ""
