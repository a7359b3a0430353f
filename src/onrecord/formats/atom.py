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
    """A statement for a feed."""

    id: str
    """An IRI that makes it the same one for a reader, such as `urn_of` gives."""
    hit: Hit
    updated: str
    """Since when it is there (RFC 3339)."""
    page: str = ""
    """Where it is shown with its proof, if it is; else the entry leads to the article itself."""


def atom(title: str, id: str, items: Iterable[Item], page: str = "", feed: str = "") -> bytes:
    """The feed of these statements, in this order; `id` makes it the same feed.

    `page` and `feed` are the addresses where the same is shown and where the feed stands, if there are any.
    """
    root = ElementTree.Element("feed", xmlns=_ATOM)
    listed = list(items)
    _add(root, "title", title)
    _add(root, "id", id)
    _add(root, "updated", max((one.updated for one in listed), default=_NEVER))
    if page:
        ElementTree.SubElement(root, "link", rel="alternate", type="text/html", href=page)
    if feed:
        ElementTree.SubElement(root, "link", rel="self", type="application/atom+xml", href=feed)
    for one in listed:
        root.append(_entry(one))
    written: bytes = ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)
    return written


def _entry(item: Item) -> ElementTree.Element:
    entry = ElementTree.Element("entry")
    hit = item.hit
    said = hit.statement.content_text
    title = f"{who(hit)}: {said}"
    _add(entry, "title", title if len(title) <= _MOST_TITLE else f"{title[: _MOST_TITLE - 1]}…")
    _add(entry, "id", item.id)
    _add(entry, "updated", item.updated)
    _add(ElementTree.SubElement(entry, "author"), "name", hit.article.outlet or "unknown")
    if item.page:
        ElementTree.SubElement(entry, "link", rel="alternate", type="text/html", href=item.page)
    if hit.article.url.startswith(("http://", "https://")):
        rel = "via" if item.page else "alternate"
        ElementTree.SubElement(entry, "link", rel=rel, href=_sound(hit.article.url))
    _add(entry, "summary", f"{said}\n\n{hit.article.headline} ({hit.article.outlet or hit.article.url})")
    return entry


def urn_of(key: str) -> str:
    """An IRI for what a key tells apart."""
    return uuid5(NAMESPACE_URL, f"onrecord:{key}").urn


def who(hit: Hit) -> str:
    """Who speaks, as far as the article tells."""
    speaker = hit.statement.speaker
    return (speaker and speaker.name) or hit.statement.source.text or "nobody named"


def _add(parent: ElementTree.Element, name: str, text: str) -> None:
    ElementTree.SubElement(parent, name).text = _sound(text)


def _sound(text: str) -> str:
    """The text without what XML cannot hold: control characters, halves of surrogate pairs."""
    return _UNSOUND.sub("\ufffd", text)
