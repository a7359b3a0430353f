"""Who wrote an article, as the page shows it: the elements that hold bylines, and lines beside the story."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache, lru_cache
from itertools import islice

from lxml.etree import _Element as Element

from onrecord.page.knowledge import any_of
from onrecord.page.names import is_full, is_job, names_of, opener, words

LONGEST_BYLINE = 160
"""Characters of an element that holds nothing but a byline."""
_LONGEST_NAMES = 60
_LONG_PARAGRAPH = 80
_MOST = 20
_MOST_PARAGRAPHS = 400
_MOST_NEIGHBOURS = 100
_JOINED = re.compile(r";\s*(?:,\s*)?(?:(?:and|und|et|y|e|og|och|en|&|/)\s)?\s*")
_LONGEST_CLASS = 200
_HUMP = re.compile("(?<=[a-z])(?=[A-Z])")
_CLASS_WORD = re.compile("[a-z]+")
_BARE = ("strong", "b", "em", "i")
_LABELLING = (*_BARE, "span", "dt", "th")
_LABELLED = ("p", "li", "span", "div", "address", "small", "td", "dd")


def in_byline(tree: Element) -> Iterator[str]:
    """The names in the first byline on the page: links to authors by their `rel`, then classes, then addresses."""
    for marked, tags in ((_is_author_link, ("a",)), (_is_marked, ()), (_leads_to_author, ("a",))):
        groups: dict[Element | None, list[str]] = {}
        for element in islice((one for one in tree.iter(*tags) if marked(one) and not _is_apart(one)), _MOST):
            text = text_of(element)
            names = [name for name in names_of(text) if is_full(name)] if len(text) <= LONGEST_BYLINE else []
            above = element.getparent()
            if names:
                groups.setdefault(above.getparent() if above is not None else None, []).extend(names)
        if groups:
            yield from next(iter(groups.values()))
            return


def _is_author_link(element: Element) -> bool:
    return element.tag == "a" and "author" in (element.get("rel") or "").lower().split()


def _leads_to_author(element: Element) -> bool:
    if element.tag != "a":
        return False
    parts = (element.get("href") or "")[:300].lower().split("/")[:-1]
    return not words().classes.isdisjoint(parts)


@cache
def _label() -> re.Pattern[str]:
    alone, short = any_of(words().labels), any_of(words().labels_with_a_colon)
    return re.compile(rf"\s*(?:(?:{alone})|(?P<short>{short}))\s*(?P<colon>[:：])?\s*", re.IGNORECASE)


def in_label(tree: Element) -> Iterator[str]:
    """The names after the first label for them: `Author: …`, or `Author` in an element of its own."""
    for element in tree.iter(*_LABELLED, *_LABELLING):
        written = element.text or ""
        found = _label().match(written[:LONGEST_BYLINE])
        if not found or (found["short"] and not found["colon"]) or _is_apart(element):
            continue
        if found.end() < len(written.rstrip()):
            text = written[found.end() :] if found["colon"] else ""
        else:
            text = _after(element) if element.tag in _LABELLING or found["colon"] else ""
        names = [name for name in names_of(text) if is_full(name)] if len(text) <= LONGEST_BYLINE else []
        if names:
            yield from names
            return


def _after(label: Element) -> str:
    """What stands after an element that holds a label: the rest of its parent, or the element beside it."""
    beside = label.getnext()
    inside = " ".join(text_of(child) for child in islice(label, _MOST))
    return inside or (label.tail or "").strip(" \t\n:：") or (text_of(beside) if beside is not None else "")


def beside_story(tree: Element) -> Iterator[str]:
    """The names in a paragraph of nothing else, in bold or italics, right before the first long paragraph of its
    neighbours or right after the last."""
    for paragraph in islice(tree.iter("p"), _MOST_PARAGRAPHS):
        names = _bare_names(paragraph)
        if names and not _is_apart(paragraph) and _is_at_an_end(paragraph):
            yield from names
            return


def _bare_names(paragraph: Element) -> list[str]:
    if len(paragraph) != 1 or paragraph[0].tag not in _BARE or (paragraph.text or "").strip():
        return []
    text = text_of(paragraph)
    if len(text) > _LONGEST_NAMES or text != text_of(paragraph[0]):
        return []
    parts = re.split(r"\s*(?:/|,|&|\band\b|\bund\b)\s*", text)
    return parts if all(_is_surely_name(part) for part in parts) else []


def _is_surely_name(part: str) -> bool:
    said = part.split()
    plain = all(word[0].isupper() and re.sub("[-’'.]", "", word).isalpha() for word in said)
    return 2 <= len(said) <= 4 and plain and words().not_names.isdisjoint(part.casefold().split())


def _is_at_an_end(paragraph: Element) -> bool:
    before = any(map(_is_long, islice(paragraph.itersiblings("p", preceding=True), _MOST_NEIGHBOURS)))
    after = any(map(_is_long, islice(paragraph.itersiblings("p"), _MOST_NEIGHBOURS)))
    return before != after


def _is_long(paragraph: Element) -> bool:
    return len(text_of(paragraph)) >= _LONG_PARAGRAPH


def _is_marked(element: Element) -> bool:
    if element.tag == "address":
        return bool(opener().match(f"{(element.text or '').strip()} "))
    return isinstance(element.tag, str) and not words().classes.isdisjoint(_class_words(element))


def _class_words(element: Element) -> frozenset[str]:
    written = element.get("class")
    return _words_in_class(written[:_LONGEST_CLASS]) if written else frozenset()


@lru_cache(maxsize=1 << 12)
def _words_in_class(written: str) -> frozenset[str]:
    """The words that a class is made of: `article`, `author`, `name` of `article__authorName`."""
    return frozenset(_CLASS_WORD.findall(_HUMP.sub("-", written).lower()))


def _is_apart(element: Element) -> bool:
    around: Sequence[Element] = [element, *element.iterancestors()]
    for one in around:
        if one.tag in ("footer", "aside", "nav", "form", "figure", "figcaption", "li") and one is not element:
            return one.tag != "li" or bool(_class_words(one) & words().not_classes)
        if one.tag in ("body", "html", "main", "article"):
            return False
        if _class_words(one) & words().not_classes:
            return True
    return False


def text_of(element: Element) -> str:
    """The text in `element`: links apart, jobs in elements of their own left out; of a long one only the beginning."""
    pieces = list(_pieces(element))
    return _JOINED.sub("; ", " ".join("".join(pieces).split())).strip(" ;")


def _pieces(element: Element) -> Iterator[str]:
    read = 0
    for one in element.iter():
        if isinstance(one.tag, str) and one.tag not in ("script", "style"):
            text = one.text or ""
            if one is element or not (is_job(text) and not opener().match(text)):
                yield f" {text};" if one.tag == "a" and one is not element and text.strip() else f" {text}"
            read += len(text)
        if one is not element:
            yield f" {one.tail or ''}"
            read += len(one.tail or "")
        if read > LONGEST_BYLINE * 2:
            return
