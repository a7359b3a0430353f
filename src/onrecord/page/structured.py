"""What a page's markup states as data: JSON-LD, however broken, and microdata.

Ours rather than a library's: `extruct` brings rdflib, mf2py and pyRdfa for syntaxes that news pages hardly use, fails
where the JSON is broken, and leaves references between nodes (`{"@id": …}`) to its caller; this is what is needed.
"""

from __future__ import annotations

import json
import re
from collections import deque
from collections.abc import Callable, Iterator
from html import unescape
from typing import Any, NamedTuple

from lxml.html import HtmlElement

Node = dict[str, Any]

_ARTICLE_TYPES = re.compile(r"(?:Article|Report|BlogPosting|LiveBlog\w*|Review)$")
_PAGE_TYPES = re.compile(r"(?:WebPage|ItemPage)$")
_MOST_NODES = 2000
_MOST_SCRIPTS = 50
_MOST_ITEMS = 300
"""Elements with an `itemprop` that are looked at; the story's own come early."""
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

    def text(self, key: str) -> str:
        """The first text under `key`; nothing if there is none."""
        return next((unescape(value) for value in self.values(key) if isinstance(value, str)), "")


def read_data(tree: HtmlElement) -> Data:
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
            if any(map(_ARTICLE_TYPES.search, kinds)):
                articles.append(node)
            elif any(map(_PAGE_TYPES.search, kinds)):
                pages.append(node)
    return Data((*articles, *pages), by_id)


def types_of(node: Node) -> list[str]:
    """The types that `node` declares, without the address of their vocabulary."""
    kinds = node.get("@type")
    listed = kinds if isinstance(kinds, list) else [kinds]
    return [kind.rpartition("/")[2] for kind in listed if isinstance(kind, str)]


def name_of(value: object) -> str:
    """The name in `value`, which may be a text, an object with a name, or a list of either."""
    if isinstance(value, list):
        return next(filter(None, map(name_of, value[:20])), "")
    if isinstance(value, dict):
        return _text(value.get("name"))
    return _text(value)


def _text(value: object) -> str:
    if isinstance(value, list):
        value = next((one for one in value if isinstance(one, str)), "")
    return unescape(value) if isinstance(value, str) else ""


def _contents(tree: HtmlElement) -> Iterator[object]:
    scripts = 0
    for script in tree.iter("script"):
        if "ld+json" in (script.get("type") or "").lower() and scripts < _MOST_SCRIPTS:
            scripts += 1
            yield parse_json(script.text or "")


def parse_json(text: str) -> object:
    """What the JSON in `text` says, if need be with its mistakes mended; an article's main fields if all else fails."""
    text = _WRAPPING.sub("", text.strip().lstrip("\ufeff")).strip().rstrip(";").strip()
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


def microdata(tree: HtmlElement, *wanted: str) -> Iterator[tuple[str, HtmlElement]]:
    """The elements of the article's own microdata properties `wanted`, with the property's name."""
    looked_at = 0
    for element in tree.iter():
        names = element.get("itemprop") if isinstance(element.tag, str) else None
        if not names or (element.tag == "meta" and not element.get("content")):
            continue
        looked_at += 1
        if looked_at > _MOST_ITEMS:
            return
        for name in names.split()[:5]:
            if name in wanted and _is_article(_scope(element)):
                yield name, element


def _scope(element: HtmlElement) -> HtmlElement | None:
    return next((above for above in element.iterancestors() if above.get("itemscope") is not None), None)


def _is_article(scope: HtmlElement | None) -> bool:
    return scope is None or bool(_ARTICLE_TYPES.search((scope.get("itemtype") or "").rstrip("/")))
