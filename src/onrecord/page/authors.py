"""Who wrote an article, as its page declares it: the names of people, and the houses that stand in for them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from lxml.etree import _Element as Element

from onrecord.page.bylines import LONGEST_BYLINE, beside_story, in_byline, in_label, text_of
from onrecord.page.names import names_of
from onrecord.page.structured import Data, listed, microdata, types_of
from onrecord.page.structured import names_of as named
from onrecord.page.titles import letters

_HANDLE = re.compile(r"[a-z0-9]+(?:[-_.][a-z0-9]+)+$")
_DOMAIN = re.compile(r"(?:\.(?:co|com|org|net))?\.[a-z]{2,6}$")
_SAFE = 5
"""Letters from which on a site's name does not begin a person's by accident."""
_MOST = 20
_METAS = (
    "author", "article:author", "parsely-author", "sailthru.author", "dc.creator", "dcterms.creator", "byl",
    "cxenseparse:author", "dcsext.author", "article.author", "article:author:name", "citation_author", "creator",
)  # fmt: skip


class Authors(NamedTuple):
    """Who is declared to have written an article."""

    people: tuple[str, ...] = ()
    houses: tuple[str, ...] = ()
    """Publishers, agencies and newsrooms declared as author where no person is."""


def read_authors(
    tree: Element, data: Data, tags: dict[str, str], items: Sequence[Element], sites: Iterable[str]
) -> Authors:
    """The authors that `tree` declares in its data, its meta tags, its microdata (`items`) or else its byline.

    `sites` are the site's names.
    """
    own = {_core(site) for site in sites if site}
    houses: list[str] = []
    declared = (_in_data(data), _in_tags(tags), _in_microdata(items))
    shown = (in_byline(tree), in_label(tree), beside_story(tree))
    for found in (*declared, *shown):
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
    """The letters of a site's name, of an address those of its own part: `example` for `www.example.co.uk`.

    Its article is left out: `theguardian.com` is *The Guardian*, `example.org` may be *The Example*.
    """
    return letters(_DOMAIN.sub("", name.strip().casefold().removeprefix("www."))).removeprefix("the")


def _in_data(data: Data) -> Iterator[str]:
    for people in _declared(data):
        if any(names_of(name) for one in people if not _is_organisation(one) for name in named(one)):
            # A house beside a person has a share in the text; alone it stands for nobody in particular.
            for name in (name for one in people for name in named(one)):
                yield from names_of(name) or [name]
            return


def _organisations(data: Data) -> Iterator[str]:
    for people in _declared(data):
        yield from filter(None, (name.strip() for one in people if _is_organisation(one) for name in named(one)))


def _declared(data: Data) -> Iterator[list[object]]:
    """The authors of each article, or where none is given its creators."""
    for key in ("author", "creator"):
        for value in data.values(key):
            yield [data.resolved(one) for one in listed(value)[:_MOST]]


def _is_organisation(person: object) -> bool:
    return isinstance(person, dict) and any("Organization" in kind for kind in types_of(person))


def _in_tags(tags: dict[str, str]) -> Iterator[str]:
    for key in _METAS:
        names = names_of(tags.get(key, ""))
        if names:
            yield from names
            return


def _in_microdata(items: Sequence[Element]) -> Iterator[str]:
    for _, element in microdata(items, "author"):
        inner = next((one for one in element.iter() if one.get("itemprop") == "name"), element)
        text = inner.get("content") or text_of(inner)
        if len(text) <= LONGEST_BYLINE:
            yield from names_of(text)
