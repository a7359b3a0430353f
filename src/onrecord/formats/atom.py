"""Statements that were found, as a feed: Atom (RFC 4287)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple
from uuid import NAMESPACE_URL, uuid5
from xml.etree import ElementTree

from onrecord.archive.search import Hit

_ATOM = "http://www.w3.org/2005/Atom"
_NEVER = "1970-01-01T00:00:00Z"
_MOST_TITLE = 160
_UNSOUND = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class Item(NamedTuple):
    """A statement for a feed: what makes it the same one for a reader, and since when it is there (RFC 3339)."""

    key: str
    hit: Hit
    found: str


def atom(title: str, key: str, items: Iterable[Item]) -> bytes:
    """The feed of these statements, in this order; `key` is what makes it the same feed."""
    feed = ElementTree.Element("feed", xmlns=_ATOM)
    listed = list(items)
    _add(feed, "title", title)
    _add(feed, "id", _name(key))
    _add(feed, "updated", max((one.found for one in listed), default=_NEVER))
    for one in listed:
        feed.append(_entry(one))
    written: bytes = ElementTree.tostring(feed, encoding="utf-8", xml_declaration=True)
    return written


def _entry(item: Item) -> ElementTree.Element:
    entry = ElementTree.Element("entry")
    hit = item.hit
    said = hit.statement.content_text
    title = f"{who(hit)}: {said}"
    _add(entry, "title", title if len(title) <= _MOST_TITLE else f"{title[: _MOST_TITLE - 1]}…")
    _add(entry, "id", _name(item.key))
    _add(entry, "updated", item.found)
    _add(ElementTree.SubElement(entry, "author"), "name", hit.article.outlet or "unknown")
    if hit.article.url.startswith(("http://", "https://")):
        ElementTree.SubElement(entry, "link", rel="alternate", href=_sound(hit.article.url))
    _add(entry, "summary", f"{said}\n\n{hit.article.headline} ({hit.article.outlet or hit.article.url})")
    return entry


def who(hit: Hit) -> str:
    """Who speaks, as far as the article tells."""
    speaker = hit.statement.speaker
    return (speaker and speaker.name) or hit.statement.source.text or "nobody named"


def _name(key: str) -> str:
    return uuid5(NAMESPACE_URL, f"onrecord:{key}").urn


def _add(parent: ElementTree.Element, name: str, text: str) -> None:
    ElementTree.SubElement(parent, name).text = _sound(text)


def _sound(text: str) -> str:
    """The text without what XML cannot hold: control characters, halves of surrogate pairs."""
    return _UNSOUND.sub("\ufffd", text)
