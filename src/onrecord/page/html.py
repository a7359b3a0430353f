"""HTML → a text in paragraphs.

trafilatura (Adrien Barbaresi) decides which parts of the page are the story; the words themselves are read off the
page's own tree, so that no quotation mark is lost, no word glued or split, and every repair keeps its place.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from typing import Any

import trafilatura
from lxml.html import HtmlElement

from onrecord.page import signs
from onrecord.page.datelines import find_dateline
from onrecord.page.dates import is_date_line
from onrecord.page.decode import without_controls
from onrecord.page.labels import Paragraph
from onrecord.page.markup import Run, parse, runs
from onrecord.page.meta import LONGEST, description, read_meta
from onrecord.page.plain import paragraphs
from onrecord.page.repair import repair
from onrecord.page.sketch import Meta, Sketch
from onrecord.page.strip import strip_tags, why_too_wild
from onrecord.schema import BlockKind, Problem, Repair

_BETWEEN = "\n\n"
_NOT_STORY = re.compile(
    r"^(?:nav|aside|footer|form)\.|\b(?:comments?-?(?:list|section|area)|disqus|related|recommend\w*|newsletter|cookie|"
    r"breadcrumbs?|share-?(?:bar|tools|buttons)|most-?read|promo|teaser)\b"
)
_CAPTION_CLASS = re.compile(r"(?<![a-z])(?:fig)?caption(?![a-z])|bildunterschrift|legende")
_STANDFIRST_CLASS = re.compile(r"\b(?:standfirst|stand-first|subtitle|sub-title|dek|deck|subheadline|sub-headline)\b")
# Only what the markup says: a search through the text would find the days that the story is about.
_DATES = {"original_date": True, "extensive_search": False, "max_date": "2100-01-01"}
_LONG = 25
"""Letters and digits from which on the same words elsewhere on the page are no accident."""
_SHARED_SHINGLES = 0.7
_COVERED = 0.5
_FALLBACK_LINKED = 0.4
_WHOLLY_LINKED = 0.9
_FEWEST_TITLE_WORDS = 4
_COMPANY = 3
"""Paragraphs of the story in one kind of place (the same elements and classes around) that make others there story."""
_AFTER_STORY = 3
"""Captions so many runs after the last paragraph still belong to the story."""


def read_html(html: str, url: str = "") -> Sketch:
    """The story in `html` and what the page declares about it; a problem is noted where the story had to be guessed."""
    reason = why_too_wild(html)
    tree = None if reason else parse(html)
    if tree is None:
        reason = reason or "the HTML has no element"
        return _from_text(strip_tags(html), Meta(), (_problem(f"{reason}; its tags were stripped instead of parsed"),))
    meta, summary = read_meta(tree, url), description(tree)
    found = [_mended(run) for run in runs(tree)]
    _mend_words(tree)
    told, said, problems = _extracted(tree, url)
    meta = _filled(meta, said)
    chosen = _chosen(found, told)
    if told and _letters_in(found, chosen) < _COVERED * sum(len(_letters(text)) for text in told):
        # The story is not in the page's own elements but in its data (JSON-LD), where trafilatura found it.
        return _from_text(_BETWEEN.join(told), meta, problems)
    if not chosen:
        chosen = _prose(found)
        problems = (*problems, _problem("no story was found on the page; its longer paragraphs were taken"))
    if not chosen:
        text = _BETWEEN.join(run.text for run in found) or meta.headline
        return _from_text(text, meta, problems)
    return _sketch(_with_kinds(found, chosen, meta, summary), meta, problems)


def _problem(message: str) -> Problem:
    return Problem("html", message)


def _from_text(text: str, meta: Meta, problems: tuple[Problem, ...]) -> Sketch:
    repaired = repair(text)
    return Sketch(repaired.text, paragraphs(repaired.text), repaired.repairs, meta, problems)


def _mended(run: Run) -> Run:
    """`run` with its mojibake undone, and how."""
    repaired = repair(run.text)
    return run._replace(text=repaired.text, repairs=repaired.repairs)


def _mend_words(tree: HtmlElement) -> None:
    """Undo mojibake in the text of `tree`, so that it misleads nobody about what is a sentence, and cut endless values.

    An author of 300,000 brackets keeps trafilatura busy for many minutes.
    """
    for declared in tree.iter("meta"):
        if len(declared.get("content", "")) > LONGEST:
            declared.set("content", without_controls(declared.get("content", "")[:LONGEST]))
    for element in tree.iter():
        if element.tag in ("script", "style"):
            continue
        if element.text and not element.text.isascii():
            element.text = repair(element.text).text
        if element.tail and not element.tail.isascii():
            element.tail = repair(element.tail).text


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


def _filled(meta: Meta, said: Meta) -> Meta:
    """`meta`, with what it does not say taken from `said`."""
    return said._replace(**{field: value for field, value in meta._asdict().items() if value})


def _extracted(tree: HtmlElement, url: str) -> tuple[list[str], Meta, tuple[Problem, ...]]:
    """The paragraphs that trafilatura takes for the story, and the metadata that it finds."""
    try:
        document: Any = trafilatura.bare_extraction(
            tree, url=url or None, include_comments=False, with_metadata=True, date_extraction_params=_DATES
        )
    except Exception as error:  # whatever it trips over, the page has still to be read
        return [], Meta(), (_problem(f"trafilatura failed ({type(error).__name__}: {error})"),)
    if document is None:
        return [], Meta(), ()
    authors = tuple(filter(None, (document.author or "").split("; ")))
    said = Meta(document.title or "", authors, document.sitename or "", document.date or "")
    texts = [" ".join("".join(element.itertext()).split()) for element in document.body]
    return [text for text in texts if text], said, ()


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, text)).casefold()


def _shingles(text: str) -> set[tuple[str, ...]]:
    words = re.findall(r"\w+", text.casefold())
    return set(zip(words, words[1:], words[2:], strict=False))


def _letters_in(found: Sequence[Run], chosen: Sequence[int]) -> int:
    return sum(len(_letters(found[place].text)) for place in chosen)


def _chosen(found: Sequence[Run], told: Sequence[str]) -> list[int]:
    """The places of the runs that make up the story trafilatura tells, each of its paragraphs once."""
    whole = {_letters(text) for text in told}
    stream = " ".join(map(_letters, told))
    shingles = set().union(*map(_shingles, told)) if told else set()
    matching = [place for place, run in enumerate(found) if _matches(run, whole, stream, shingles)]
    matching = _once(found, matching)
    return _closed_up(found, matching)


def _matches(run: Run, whole: set[str], stream: str, shingles: set[tuple[str, ...]]) -> bool:
    letters = _letters(run.text)
    if letters in whole:
        return bool(letters)
    if len(letters) < _LONG:
        return False
    own = _shingles(run.text)
    return letters in stream or (bool(own) and len(own & shingles) >= _SHARED_SHINGLES * len(own))


def _once(found: Sequence[Run], places: list[int]) -> list[int]:
    """Of runs with the same words, the one among most of the story: pages repeat it for phones and in teasers."""
    company = Counter(found[place].container for place in places)
    best: dict[str, int] = {}
    for place in places:
        letters = _letters(found[place].text)
        if letters not in best or company[found[place].container] > company[found[best[letters]].container]:
            best[letters] = place
    return sorted(best.values())


def _closed_up(found: Sequence[Run], places: list[int]) -> list[int]:
    """`places`, and the paragraphs after the first that stand in the same kind of place and were left out."""
    company = Counter(found[place].around[:-1] for place in places)
    inside = range(places[0], len(found)) if places else range(0)
    beside = [
        place
        for place in inside
        if found[place].tag == "p"
        and company[found[place].around[:-1]] >= _COMPANY
        and found[place].linked < _FALLBACK_LINKED
        and signs.is_prose(found[place].text)
        and not _is_apart(found[place])
    ]
    return sorted({*places, *beside}) if beside else places


def _is_apart(run: Run) -> bool:
    return any(_NOT_STORY.search(name) for name in run.around)


def _prose(found: Sequence[Run]) -> list[int]:
    return [
        place
        for place, run in enumerate(found)
        if signs.is_prose(run.text) and run.linked < _FALLBACK_LINKED and not _is_apart(run)
    ]


def _is_caption(run: Run) -> bool:
    return any(name.startswith("figcaption.") or _CAPTION_CLASS.search(name) for name in run.around[-3:])


def _with_kinds(found: Sequence[Run], chosen: Sequence[int], meta: Meta, summary: str) -> list[tuple[Run, BlockKind]]:
    """The story's runs with headline and captions, and the kinds that the markup gives away."""
    title = _headline_place(found, chosen[0], chosen[-1], meta.headline)
    kinds: dict[int, BlockKind] = {place: _kind_in_story(found[place]) for place in chosen}
    from_place = chosen[0] if title is None else min(title, chosen[0])
    for place in range(from_place, min(len(found), chosen[-1] + 1 + _AFTER_STORY)):
        run = found[place]
        if _is_caption(run) and not any(name.startswith(("nav.", "footer.")) for name in run.around):
            kinds[place] = "caption"
        elif place < chosen[0] and place != title and _is_standfirst(run, summary):
            kinds[place] = "standfirst"
        elif place < chosen[0] and signs.byline_names(run.text) is not None:
            kinds[place] = "byline"
        elif place in chosen[:2] and _STANDFIRST_CLASS.search(run.around[-1] if run.around else ""):
            kinds[place] = "standfirst"
    kinds = _unrepeated(found, kinds)
    if title is not None:
        kinds.pop(title, None)
    heading = found[title] if title is not None else Run(meta.headline, "title", (), 0, 0.0)
    top: list[tuple[Run, BlockKind]] = [(heading, "headline")] if heading.text else []
    rest = [(found[place], kinds[place]) for place in sorted(kinds) if not _repeats(found[place].text, heading.text)]
    return top + rest


def _repeats(text: str, headline: str) -> bool:
    """Whether `text` is the headline again, perhaps with the publisher's name behind it."""
    letters, same = _letters(text), _letters(headline)
    return letters == same or (bool(same) and letters.startswith(same) and len(letters) <= len(same) + _LONG)


def _kind_in_story(run: Run) -> BlockKind:
    """What a paragraph is that trafilatura left in the story: mostly body, now and then something it let slip in."""
    text = run.text
    if signs.is_form(text) and not signs.is_prose(text):
        return "form"
    if signs.points_elsewhere(text) or signs.opens_teasers(text) or _is_link_to_story(run):
        return "teaser"
    if signs.is_credit(text):
        return "credit"
    if signs.byline_names(text) is not None:
        return "byline"
    if signs.is_caption(text) and not find_dateline(text):
        return "caption"
    if signs.is_navigation(text):
        return "navigation"
    return "notice" if signs.is_notice(text) or is_date_line(text) else "body"


def _is_link_to_story(run: Run) -> bool:
    """Whether a paragraph is nothing but a link, as the titles of other stories are; a heading with a link is not."""
    whole = run.linked >= _WHOLLY_LINKED and run.tag in ("p", "li", "div")
    return whole and signs.is_title(run.text) and len(run.text.split()) >= _FEWEST_TITLE_WORDS


def _unrepeated(found: Sequence[Run], kinds: dict[int, BlockKind]) -> dict[int, BlockKind]:
    seen: set[str] = set()
    kept: dict[int, BlockKind] = {}
    for place in sorted(kinds):
        letters = _letters(found[place].text)
        if letters not in seen:
            kept[place] = kinds[place]
        seen.add(letters)
    return kept


def _is_standfirst(run: Run, summary: str) -> bool:
    if _STANDFIRST_CLASS.search(" ".join(run.around[-2:])):
        return len(run.text) >= 30
    letters = _letters(run.text)
    return len(letters) >= _LONG and _letters(summary).startswith(letters)


def _headline_place(found: Sequence[Run], first: int, last: int, declared: str) -> int | None:
    """The heading that is the story's: the one the page declares, else the last first-order heading before it."""
    wanted = _letters(declared)
    headings = [place for place in range(last + 1) if found[place].tag in ("h1", "h2")]
    for place in headings:
        letters = _letters(found[place].text)
        if len(letters) >= 10 and (letters in wanted or (wanted and wanted in letters)):
            return place
    top = [place for place in headings if place <= first and found[place].tag == "h1"]
    top = [place for place in top if len(found[place].text.split()) >= 3]
    return top[-1] if top else None
