"""HTML → a text in paragraphs with kinds: every one that a reader of the page sees, in reading order.

The words are read off the page's own tree, so that no quotation mark is lost, no word glued or split, and every repair
keeps its place; `story` says what each paragraph is.
"""

from __future__ import annotations

from collections.abc import Sequence

from lxml.etree import _Element as Element

from onrecord.page import signs
from onrecord.page.labels import Paragraph
from onrecord.page.markup import Markup, Run, parse, read_markup
from onrecord.page.meta import read_meta
from onrecord.page.places import Declared
from onrecord.page.plain import paragraphs
from onrecord.page.repair import repair
from onrecord.page.sketch import Meta, Sketch
from onrecord.page.story import kinds
from onrecord.page.strip import strip_tags, why_too_wild
from onrecord.page.titles import letters
from onrecord.schema import BlockKind, Problem, Repair

_BETWEEN = "\n\n"
_COVERED = 0.5
"""The share of the story in a page's data that has to stand on the page itself, or the data is taken instead."""
_FALLBACK_LINKED = 0.4
_TAIL = 25
"""Letters of a publisher's name behind a repeated headline."""


def read_html(html: str, url: str = "", utf8: bytes = b"") -> Sketch:
    """The paragraphs of `html`, the page at `url`, and what it declares; a problem if the story had to be guessed.

    `utf8` is the same in UTF-8, if the page came so.
    """
    reason = why_too_wild(html)
    tree = None if reason else parse(html, utf8)
    if tree is None:
        reason = reason or "the HTML has no element"
        return _from_text(strip_tags(html), Meta(), f"{reason}; its tags were stripped instead of parsed")
    meta = read_meta(tree, url)
    declared = _declared(meta)
    page = _mended(read_markup(tree))
    found, title = kinds(page, declared)
    told = "".join(run.text for run, kind in zip(page.runs, found, strict=True) if kind == "body")
    if declared.body and len(letters(told)) < _COVERED * len(letters(declared.body)):
        text = _BETWEEN.join(filter(None, (meta.headline, declared.body)))
        return _from_text(text, meta, "the story was taken from the page's data, since the page shows less of it")
    problem = ""
    if not told:
        problem = "no story was found on the page; its longer paragraphs were taken"
        found = [_if_prose(run, kind) for run, kind in zip(page.runs, found, strict=True)]
        if "body" not in found:
            return _from_text(_BETWEEN.join(run.text for run in page.runs) or meta.headline, meta, problem)
    pieces = [(run, kind) for run, kind in zip(page.runs, found, strict=True) if kind]
    if title is None and meta.headline:
        pieces = _headed(pieces, meta.headline)
    return _sketch(pieces, meta, _problems(problem))


def declared_on(tree: Element) -> Declared:
    """What the page says of its story elsewhere than in the story."""
    return _declared(read_meta(tree))


def _declared(meta: Meta) -> Declared:
    return Declared(meta.headline, meta.summary, meta.body, meta.authors)


def _problems(message: str) -> tuple[Problem, ...]:
    return (Problem("html", message),) if message else ()


def _from_text(text: str, meta: Meta, problem: str) -> Sketch:
    repaired = repair(text)
    return Sketch(repaired.text, paragraphs(repaired.text), repaired.repairs, meta, _problems(problem))


def _mended(page: Markup) -> Markup:
    """`page` with the mojibake in its runs undone, and how."""
    return page._replace(runs=[run if run.text.isascii() else _mended_run(run) for run in page.runs])


def _mended_run(run: Run) -> Run:
    repaired = repair(run.text)
    return run._replace(text=repaired.text, repairs=repaired.repairs) if repaired.text.strip() else run


def _if_prose(run: Run, kind: BlockKind | None) -> BlockKind | None:
    return "body" if kind and signs.is_prose(run.text) and run.linked < _FALLBACK_LINKED else kind


def _headed(pieces: list[tuple[Run, BlockKind]], headline: str) -> list[tuple[Run, BlockKind]]:
    """`pieces` with the declared headline above the story, and without lines of the story that repeat it."""
    pieces = [piece for piece in pieces if piece[1] != "body" or not _repeats(piece[0].text, headline)]
    first = next((place for place, (_, kind) in enumerate(pieces) if kind in ("body", "standfirst")), 0)
    return [*pieces[:first], (Run(headline, "title", 0, 0.0), "headline"), *pieces[first:]]


def _repeats(text: str, headline: str) -> bool:
    """Whether `text` is the headline again, perhaps with the publisher's name behind it."""
    own, same = letters(text), letters(headline)
    return own == same or (bool(same) and own.startswith(same) and len(own) <= len(same) + _TAIL)


def _sketch(pieces: Sequence[tuple[Run, BlockKind]], meta: Meta, problems: tuple[Problem, ...]) -> Sketch:
    """The pieces one after the other."""
    texts: list[str] = []
    found: list[Paragraph] = []
    repairs: list[Repair] = []
    start = 0
    for run, kind in pieces:
        text = run.text
        lead = len(text) - len(text.lstrip())
        repairs += [Repair(start + one.start, start + one.end, one.original, one.steps) for one in run.repairs]
        if text.strip():
            found.append(Paragraph(start + lead, start + len(text.rstrip()), text.strip(), kind))
        texts.append(text)
        start += len(text) + len(_BETWEEN)
    return Sketch(_BETWEEN.join(texts), tuple(found), tuple(repairs), meta, problems)
