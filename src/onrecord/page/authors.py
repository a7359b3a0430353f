"""Who wrote an article, as its page declares it: the names of people, and the houses that stand in for them."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from html import unescape
from importlib.resources import files
from itertools import islice
from typing import NamedTuple

import msgspec
from lxml.html import HtmlElement
from msgspec import Struct

from onrecord.page.knowledge import any_of
from onrecord.page.structured import Data, microdata, name_of, types_of
from onrecord.page.titles import letters

_BETWEEN = re.compile(r"\s*(?:[;,|、•·]|\s(?:and|und|et|y|e|og|och|en|&|/)\s|(?<=\w\w)/(?=\w\w\w))\s*")
_INITIALS = re.compile(r"\s*[(\[][^()\[\]]{0,60}[)\]]")
_NO_NAME = re.compile(r"[@#]|://|^[\d\W]*$|\.(?:com|de|net|org)/|\d{4}")
_DASHED_ROLE = re.compile(r"\s+[-–—]\s+.*")
_HANDLE = re.compile(r"[a-z0-9]+(?:[-_.][a-z0-9]+)+$")
_DOMAIN = re.compile(r"(?:\.(?:co|com|org|net))?\.[a-z]{2,6}$")
_ADDRESS = re.compile(r"\S*(?:://|@|www\.)\S*")
_SAFE = 5
"""Letters from which on a site's name does not begin a person's by accident."""
_MOST = 20
_LONGEST_FIELD = 1000
_LONGEST_BYLINE = 160
_MOST_WORDS = 6
_METAS = (
    "author", "article:author", "parsely-author", "sailthru.author", "dc.creator", "dcterms.creator", "byl",
    "cxenseparse:author", "dcsext.author", "article.author", "article:author:name", "citation_author", "creator",
)  # fmt: skip


class Words(Struct, frozen=True, forbid_unknown_fields=True):
    """`authors.toml`; the comments there say what each list is for."""

    openers: tuple[str, ...]
    jobs: frozenset[str]
    particles: frozenset[str]
    classes: frozenset[str]
    not_classes: frozenset[str]


class Authors(NamedTuple):
    """Who is declared to have written an article."""

    people: tuple[str, ...] = ()
    houses: tuple[str, ...] = ()
    """Publishers, agencies and newsrooms declared as author where no person is."""


@cache
def _words() -> Words:
    written = tomllib.loads((files(__package__) / "authors.toml").read_text(encoding="utf-8"))
    return msgspec.convert(written, Words)


@cache
def _opener() -> re.Pattern[str]:
    return re.compile(rf"[(（]?\s*(?:{any_of(_words().openers)})(?:\s*[:：]\s*|\s+)", re.IGNORECASE)


def read_authors(tree: HtmlElement, data: Data, tags: dict[str, str], sites: Iterable[str]) -> Authors:
    """The authors that `tree` declares in its data, its meta tags or else its byline; `sites` are the site's names."""
    own = {_core(site) for site in sites if site}
    houses: list[str] = []
    for found in (_in_data(data), _in_tags(tags), _in_microdata(tree), _in_byline(tree)):
        names = list(dict.fromkeys(found))
        people = [name for name in names if not is_house(name, own)]
        if people and not all(map(_HANDLE.match, people)):
            return Authors(tuple(people[:_MOST]))
        houses += names
    return Authors((), tuple(dict.fromkeys([*_organisations(data), *houses]))[:1])


def is_house(name: str, own: set[str]) -> bool:
    """Whether `name` is one of the site's `own` names, or such a name and a word more (*Example Newsroom*)."""
    same = _core(name)
    return any(same == site or (len(site) >= _SAFE and same.startswith(site)) for site in own if site)


def _core(name: str) -> str:
    """The letters of a site's name, of an address those of its own part: `example` for `www.example.co.uk`."""
    return letters(_DOMAIN.sub("", name.strip().casefold().removeprefix("www.")))


def names_of(written: str) -> list[str]:
    """The names in one author field, which may hold several, with openers, jobs, initials and addresses."""
    written = _ADDRESS.sub("", unescape(written[:_LONGEST_FIELD])).strip()
    opener = _opener().match(written)
    while opener:
        written = written[opener.end() :]
        opener = _opener().match(written)
    parts = [_DASHED_ROLE.sub("", part) for part in _BETWEEN.split(_INITIALS.sub("", written))]
    parts = [part.strip(" :.：*()（）\u200b") for part in parts]
    return [part for part in parts if part and not _NO_NAME.search(part) and not _is_job(part)]


def _is_job(part: str) -> bool:
    words = [word.strip(".").casefold() for word in part.split()]
    return len(words) > _MOST_WORDS or any(word in _words().jobs for word in words)


def _in_data(data: Data) -> Iterator[str]:
    for value in data.values("author"):
        people = [data.resolved(one) for one in (value if isinstance(value, list) else [value])[:_MOST]]
        persons = [name for one in people if not _is_organisation(one) for name in names_of(name_of(one))]
        if persons:
            # A house beside a person has a share in the text; alone it stands for nobody in particular.
            yield from (name for one in people for name in (names_of(name_of(one)) or [name_of(one)]) if name)
            return


def _organisations(data: Data) -> Iterator[str]:
    for value in data.values("author"):
        people = [data.resolved(one) for one in (value if isinstance(value, list) else [value])[:_MOST]]
        yield from filter(None, (name_of(one).strip() for one in people if _is_organisation(one)))


def _is_organisation(person: object) -> bool:
    return isinstance(person, dict) and any("Organization" in kind for kind in types_of(person))


def _in_tags(tags: dict[str, str]) -> Iterator[str]:
    for key in _METAS:
        names = names_of(tags.get(key, ""))
        if names:
            yield from names
            return


def _in_microdata(tree: HtmlElement) -> Iterator[str]:
    for _, element in microdata(tree, "author"):
        inner = next((one for one in element.iter() if one.get("itemprop") == "name"), element)
        text = inner.get("content") or _text(inner)
        if len(text) <= _LONGEST_BYLINE:
            yield from names_of(text)


def _in_byline(tree: HtmlElement) -> Iterator[str]:
    """The names in the first byline on the page: links to authors by their `rel`, then classes, then addresses."""
    for marked in (_is_author_link, _is_marked, _leads_to_author):
        groups: dict[HtmlElement | None, list[str]] = {}
        for element in islice((one for one in tree.iter() if marked(one) and not _is_apart(one)), _MOST):
            text = _text(element)
            names = [name for name in names_of(text) if _is_full(name)] if len(text) <= _LONGEST_BYLINE else []
            above = element.getparent()
            if names:
                groups.setdefault(above.getparent() if above is not None else None, []).extend(names)
        if groups:
            yield from next(iter(groups.values()))
            return


def _is_author_link(element: HtmlElement) -> bool:
    return element.tag == "a" and "author" in (element.get("rel") or "").lower().split()


def _leads_to_author(element: HtmlElement) -> bool:
    if element.tag != "a":
        return False
    parts = (element.get("href") or "")[:300].lower().split("/")[:-1]
    return not _words().classes.isdisjoint(parts)


def _is_full(name: str) -> bool:
    """Whether `name` has the form of a whole name, which tells it from a button and from a place."""
    words = name.split()
    if any(map(str.isdigit, name)):
        return False
    if name.upper() == name.lower():
        return True
    return len(words) >= 2 and all(not word[0].islower() or word in _words().particles for word in words)


def _is_marked(element: HtmlElement) -> bool:
    return isinstance(element.tag, str) and bool(_class_words(element) & _words().classes)


def _class_words(element: HtmlElement) -> set[str]:
    written = (element.get("class") or "")[:200]
    return set(re.split(r"[^a-z]+", re.sub(r"(?<=[a-z])(?=[A-Z])", "-", written).lower()))


def _is_apart(element: HtmlElement) -> bool:
    around: Sequence[HtmlElement] = [element, *element.iterancestors()]
    for one in around:
        if one.tag in ("footer", "aside", "nav", "form", "figure", "figcaption", "li") and one is not element:
            return one.tag != "li" or bool(_class_words(one) & _words().not_classes)
        if one.tag in ("body", "html", "main", "article"):
            return False
        if _class_words(one) & _words().not_classes:
            return True
    return False


def _text(element: HtmlElement) -> str:
    return " ".join(" ".join(_strings(element)).split())


def _strings(element: HtmlElement) -> Iterator[str]:
    """The text in `element`, of which more than a byline needs is not read."""
    read = 0
    for one in element.iter():
        if isinstance(one.tag, str) and one.tag not in ("script", "style"):
            yield one.text or ""
            read += len(one.text or "")
        if one is not element:
            yield one.tail or ""
            read += len(one.tail or "")
        if read > _LONGEST_BYLINE * 2:
            return
