"""What a page's markup states as data: JSON-LD, however broken, and microdata.

Ours rather than a library's: `extruct` brings rdflib, mf2py and pyRdfa for syntaxes that news pages hardly use, fails
where the JSON is broken, and leaves references between nodes (`{"@id": …}`) to its caller; this is what is needed.
"""

from __future__ import annotations

import json
import re
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from html import unescape
from itertools import islice
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from lxml.etree import _Element as Element

from onrecord.page.titles import letters

Node = dict[str, Any]

_ARTICLE_TYPES = re.compile(r"(?:Article|Report|BlogPosting|LiveBlog\w*|Review)$")
_PAGE_TYPES = re.compile(r"(?:WebPage|ItemPage)$")
_MOST_NODES = 2000
_MOST_SCRIPTS = 50
_MOST_ITEMS = 300
"""Elements with an `itemprop` that are looked at; the story's own come early."""
_MOST_NAMES = 20
_SHORTEST_TITLE = 8
_INTO = ("@graph", "mainEntity", "mainEntityOfPage")
_WRAPPING = re.compile(
    r"^\s*(?:<!--|//\s*<!\[CDATA\[|<!\[CDATA\[|/\*\s*<!\[CDATA\[\s*\*/)|(?:-->|//\s*\]\]>|\]\]>)\s*$"
)
# Each alternative that opens with a quotation mark takes all up to the next or the end: no text is read twice.
_STRING_OR_COMMA = re.compile(r'"(?:[^"\\]|\\.)*(?:"|\Z)|,(?=\s{0,200}[}\]])', re.DOTALL)
_BAD_ESCAPE = re.compile(r'\\(?!["\\/bfnrtu])')
_FIELD = re.compile(
    r'"(headline|datePublished|dateModified|articleSection|inLanguage)"\s{0,9}:\s{0,9}"((?:[^"\\]|\\.){1,500})"'
)


class Data(NamedTuple):
    """What the page states about the article it holds."""

    articles: tuple[Node, ...]
    """The objects that describe an article, the pages around one after the rest."""
    by_id: dict[str, Node]
    """Every object with an `@id`, as complete as the page has it."""

    def resolved(self, value: object) -> object:
        """`value`, or what it refers to if it is a reference to another object."""
        if isinstance(value, dict) and isinstance(value.get("@id"), str) and not value.get("name"):
            return self.by_id.get(value["@id"], value)
        return value

    def values(self, key: str) -> Iterator[object]:
        """What each article has under `key`, if anything."""
        return (article[key] for article in self.articles if article.get(key))

    def plain(self, key: str) -> Iterator[object]:
        """What each article has under `key`: of a list the first, of a value with a type the value alone."""
        return map(_plain, self.values(key))

    def text(self, key: str) -> str:
        """The first text under `key`; nothing if there is none."""
        return next((unescape(value) for value in self.plain(key) if isinstance(value, str)), "")

    def of_page(self, addresses: Iterable[str], titles: Iterable[str]) -> Data:
        """The same without the other articles that the page describes, as far as addresses or else titles tell them.

        News pages list stories that they link to in the same form as their own.
        """
        own = {_address(address) for address in addresses} - {""}
        shown = [letters(title) for title in titles]
        here, titled, silent = [], [], []
        for article in self.articles:
            if own & _addresses(article):
                here.append(article)
            elif _is_titled(article, shown):
                titled.append(article)
            elif not _addresses(article) or not _is_article_node(article):
                silent.append(article)
        known = any(map(_is_article_node, (*here, *titled)))
        return Data((*here, *titled, *silent), self.by_id) if known else self


def read_data(tree: Element) -> Data:
    """What the JSON-LD in `tree` states."""
    articles: list[Node] = []
    pages: list[Node] = []
    by_id: dict[str, Node] = {}
    for content in _contents(tree):
        for node in _nodes(content):
            name = node.get("@id")
            if isinstance(name, str) and len(node) > len(by_id.get(name, ())):
                by_id[name] = node
            kinds = types_of(node)
            if _is_article_node(node):
                articles.append(node)
            elif any(map(_PAGE_TYPES.search, kinds)):
                pages.append(node)
    return Data((*articles, *pages), by_id)


def types_of(node: Node) -> list[str]:
    """The types that `node` declares, without the address of their vocabulary."""
    kinds = node.get("@type")
    named = kinds if isinstance(kinds, list) else [kinds]
    return [kind.rpartition("/")[2] for kind in named if isinstance(kind, str)]


def name_of(value: object) -> str:
    """The first name in `value`; see `names_of`."""
    return next(iter(names_of(value)), "")


def names_of(value: object) -> list[str]:
    """The names in `value`, which may be a text, an object with a name or with its parts, or lists of these."""
    if isinstance(value, list):
        return [name for one in value[:_MOST_NAMES] if not isinstance(one, list) for name in names_of(one)]
    if not isinstance(value, dict):
        return [unescape(value)] if isinstance(value, str) and value.strip() else []
    if "@value" in value:
        return names_of(_plain(value))
    named = value.get("name")
    if isinstance(named, dict):
        named = _plain(named)
    if named:
        return names_of(named) if isinstance(named, str | list) else []
    parts = [value.get("givenName"), value.get("additionalName"), value.get("familyName")]
    whole = " ".join(part for part in parts if isinstance(part, str))
    return [unescape(whole)] if whole.strip() else []


def listed(value: object) -> list[object]:
    """`value` as a list: of a list its members, those of lists in it among them."""
    if not isinstance(value, list):
        return [value]
    members = [one if isinstance(one, list) else [one] for one in value[:_MOST_NAMES]]
    return [one for some in members for one in some[:_MOST_NAMES]]


def _plain(value: object) -> object:
    if isinstance(value, list):
        value = value[0] if value else None
    if isinstance(value, dict):
        value = value.get("@value")
    return value


def _is_article_node(node: Node) -> bool:
    return any(map(_ARTICLE_TYPES.search, types_of(node)))


def _addresses(node: Node) -> set[str]:
    """The addresses that a node gives as its own, or its page's."""
    about = node.get("mainEntityOfPage")
    page = about.get("@id") or about.get("url") if isinstance(about, dict) else about
    return {_address(one) for one in (node.get("url"), node.get("@id"), page) if isinstance(one, str)} - {""}


def _address(written: str) -> str:
    """Host and path of an address, by which two ways of writing it are the same; nothing for a bare host."""
    try:
        parts = urlsplit(written.strip())
    except ValueError:
        return ""
    host, path = (parts.hostname or "").removeprefix("www."), parts.path.rstrip("/")
    return f"{host}{path}" if host and path else ""


def _is_titled(node: Node, shown: list[str]) -> bool:
    own = letters(str(_plain(node.get("headline")) or _plain(node.get("name")) or ""))
    return len(own) >= _SHORTEST_TITLE and any(title.startswith(own) for title in shown)


def _contents(tree: Element) -> Iterator[object]:
    scripts = 0
    for script in tree.iter("script"):
        if "ld+json" in (script.get("type") or "").lower() and scripts < _MOST_SCRIPTS:
            scripts += 1
            yield parse_json(script.text or "")


def parse_json(text: str) -> object:
    """What the JSON in `text` says, if need be with its mistakes mended; an article's main fields if all else fails."""
    text = _WRAPPING.sub("", text.strip().lstrip("\ufeff")).strip().rstrip(";").strip().replace('"schema:', '"')
    for changed in _AS_IT_STANDS_OR_MENDED:
        try:
            return _all_of(changed(text))
        except (ValueError, RecursionError):
            continue
    fields = {key: _unescaped(value) for key, value in reversed(_FIELD.findall(text))}
    return {"@type": "Article", **fields} if "headline" in fields or "datePublished" in fields else None


def _all_of(text: str) -> object:
    """The JSON values in `text`: some pages write one object after the other."""
    found, end = json.JSONDecoder(strict=False).raw_decode(text)
    values = [found]
    while end < len(text) and len(values) < _MOST_SCRIPTS:
        rest = text[end:].lstrip(" \t\r\n,;")
        if not rest:
            break
        found, used = json.JSONDecoder(strict=False).raw_decode(rest)
        values.append(found)
        end = len(text) - len(rest) + used
    return values if len(values) > 1 else values[0]


def _mended(text: str) -> str:
    """`text` without commas before a closing bracket and without backslashes that escape nothing."""
    return _STRING_OR_COMMA.sub(lambda found: "" if found[0] == "," else _BAD_ESCAPE.sub("", found[0]), text)


def _decoded(text: str) -> str:
    return _mended(unescape(text))


_AS_IT_STANDS_OR_MENDED: tuple[Callable[[str], str], ...] = (str, _mended, _decoded)


def _unescaped(value: str) -> str:
    try:
        return str(json.loads(f'"{value}"', strict=False))
    except ValueError:
        return value


def _nodes(content: object) -> Iterator[Node]:
    waiting, seen = deque([content]), 0
    while waiting and seen < _MOST_NODES:
        node = waiting.popleft()
        seen += 1
        if isinstance(node, list):
            waiting += node[:100]
        elif isinstance(node, dict):
            yield node
            waiting += [node[key] for key in _INTO if key in node]


def items_on(tree: Element) -> list[Element]:
    """The elements of `tree` with microdata properties, as far as they are looked at."""
    return list(islice((one for one in tree.iter() if one.get("itemprop") is not None), _MOST_ITEMS))


def microdata(items: Iterable[Element], *wanted: str) -> Iterator[tuple[str, Element]]:
    """Those of `items` that are the article's own microdata properties `wanted`, with the property's name."""
    for element in items:
        names = element.get("itemprop", "")
        if element.tag == "meta" and not element.get("content"):
            continue
        for name in names.split()[:5]:
            if name in wanted and _is_article(_scope(element)):
                yield name, element


def _scope(element: Element) -> Element | None:
    return next((above for above in element.iterancestors() if above.get("itemscope") is not None), None)


def _is_article(scope: Element | None) -> bool:
    return scope is None or bool(_ARTICLE_TYPES.search((scope.get("itemtype") or "").rstrip("/")))
