"""Pages with gold articles → how well and how fast onrecord and the installed peers take them apart, as one table.

    python bench/pages.py PAGES               # every system in a process of its own, one at a time
    python bench/pages.py PAGES --held-out    # and ours by trees that have not seen the publisher
    python bench/pages.py PAGES --worst       # the pages that ours does worst on
    python bench/pages.py PAGES --times       # what each step of ours takes up to the kinds of paragraphs

Body F1 is of the means of precision and recall over pages, by 4-grams of words, of characters in Chinese and Japanese
(training/pages.py). The shipped trees have learned from these very pages: their own row says how well they remember,
`held out` how well they do on a publisher that they have not seen. Peers need the dependency group `bench`; those that
are missing are left out.
"""

from __future__ import annotations

import argparse
import importlib
import json
import re
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent.parent))

from training.figures import body_figures, caption_counts, leaks_caption
from training.pages import Gold, letters, read_pages

import floors
from onrecord.page import take_apart
from onrecord.page.decode import decode
from onrecord.page.html import declared_on
from onrecord.page.markup import parse, read_markup
from onrecord.page.places import describe
from onrecord.page.story import chances, label
from onrecord.page.strip import why_too_wild
from onrecord.schema import Page

PARTS = ("aeb", "fundus")
LINKED = 0.8
FEWEST_TITLE_WORDS = 4


def onrecord(page: Gold) -> tuple[str, list[str]]:
    """The body and the captions that onrecord finds."""
    article = take_apart(Page(page.content, url=page.url, media="html"))
    of_kind = {kind: [article[block] for block in article.blocks if block.kind == kind] for kind in ("body", "caption")}
    body = [article[block] for block in article.blocks if block.kind in ("body", "dateline")]
    return "\n".join(body), of_kind["caption"]


def _peers() -> dict[str, Callable[[str, str], str]]:
    """What each peer that is installed makes of a page's text."""
    found: dict[str, Callable[[str, str], str]] = {}
    for name, needed in (
        ("trafilatura", "trafilatura"),
        ("resiliparse", "resiliparse.extract.html2text"),
        ("newspaper4k", "newspaper"),
        ("readability-lxml", "readability"),
        ("jusText", "justext"),
    ):
        try:
            found[name] = globals()[f"_{name.replace('-', '_').lower()}"](importlib.import_module(needed))
        except ImportError:
            print(f"{name} is not installed", file=sys.stderr)
    return found


def _trafilatura(module: Any) -> Callable[[str, str], str]:
    return lambda html, url: module.extract(html, include_comments=False) or ""


def _resiliparse(module: Any) -> Callable[[str, str], str]:
    return lambda html, url: module.extract_plain_text(html, main_content=True, alt_texts=False, links=False)


def _newspaper4k(module: Any) -> Callable[[str, str], str]:
    def read(html: str, url: str) -> str:
        article = module.Article(url or "https://example.org/", fetch_images=False)
        article.download(input_html=html)
        article.parse()
        return str(article.text)

    return read


def _readability_lxml(module: Any) -> Callable[[str, str], str]:
    def read(html: str, url: str) -> str:
        tree = parse(module.Document(html).summary(html_partial=True))
        return "\n".join(run.text for run in read_markup(tree).runs) if tree is not None else ""

    return read


def _justext(module: Any) -> Callable[[str, str], str]:
    words = module.get_stoplist("English") | module.get_stoplist("German")

    def read(html: str, url: str) -> str:
        return "\n".join(one.text for one in module.justext(html, words) if not one.is_boilerplate)

    return read


def leaks_teaser(page: Gold, body: str, titles: Sequence[str]) -> bool:
    """Whether a line of `body` is one of the linked `titles` that the page shows and its gold body does not have."""
    gold = letters(page.gold["body"])
    lines = {letters(line) for line in body.split("\n")}
    return any(title in lines and title not in gold for title in titles)


def linked_titles(page: Gold) -> list[str]:
    """The titles of other stories that `page` links to, by their letters."""
    tree = parse(decode(page.content, "").text)
    runs = read_markup(tree).runs if tree is not None else []
    linked = [run.text for run in runs if run.linked >= LINKED and len(run.text.split()) >= FEWEST_TITLE_WORDS]
    return [letters(text) for text in linked]


def measure(name: str, folder: Path) -> dict[str, float]:
    """The figures of one system; its memory is that of this process."""
    pages = list(read_pages(folder))
    peer = None if name == "onrecord" else _peers().get(name)
    texts = [decode(page.content, "").text for page in pages] if peer else []
    found: list[tuple[str, list[str]]] = []
    start = time.process_time()
    for place, page in enumerate(pages):
        found.append((_without_failing(peer, texts[place], page.url), []) if peer else onrecord(page))
    spent = time.process_time() - start
    figures = {"ms": 1000 * spent / len(pages), "MiB": _peak()}
    figures |= quality(pages, [body for body, _ in found])
    return figures | (captions(pages, [captions for _, captions in found]) if name == "onrecord" else {})


def _peak() -> float:
    """The most memory that this process has had; getrusage would count what its parent had when it started it."""
    status = Path("/proc/self/status")
    if status.exists() and (found := re.search(r"VmHWM:\s*(\d+) kB", status.read_text(encoding="utf-8"))):
        return int(found[1]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _without_failing(peer: Callable[[str, str], str], html: str, url: str) -> str:
    try:
        return peer(html, url)
    except Exception:  # what a peer trips over it has not found
        return ""


def quality(pages: Sequence[Gold], bodies: Sequence[str]) -> dict[str, float]:
    """Body F1 of each part of the data, and the shares of pages with something in the body that is none."""
    pairs = list(zip(pages, bodies, strict=True))
    figures = {f"{part} F1": body_figures([pair for pair in pairs if pair[0].source == part]).f1 for part in PARTS}
    titled = sum(leaks_teaser(page, body, linked_titles(page)) for page, body in pairs)
    captioned = sum(leaks_caption(page, body) for page, body in pairs)
    return figures | {"teaser in body": titled / len(pages), "caption in body": captioned / len(pages)}


def captions(pages: Sequence[Gold], found: Sequence[Sequence[str]]) -> dict[str, float]:
    """F1 of captions on pages whose gold has some."""
    counts = [caption_counts(page, own) for page, own in zip(pages, found, strict=True) if page.part("captions")]
    right, had, wanted = (sum(column) for column in zip(*counts, strict=True))
    return {"caption F1": 2 * right / max(1, had + wanted)}


def held_out(folder: Path) -> dict[str, float]:
    """The figures of ours by trees that have not seen the publisher of the page."""
    from training.blocks import FOLDS, examples, held_out, labelled

    data = examples(folder)
    found = [labelled(example, likely) for example, likely in zip(data, held_out(data, FOLDS), strict=True)]
    pages = [example.page for example in data]
    return quality(pages, [body for body, _ in found]) | captions(pages, [own for _, own in found])


def worst(folder: Path) -> None:
    """Print the pages that ours does worst on."""
    rows = []
    for page in read_pages(folder):
        figures = body_figures([(page, onrecord(page)[0])])
        rows.append((figures.precision + figures.recall, figures.precision, figures.recall, page.id))
    for _, precision, recall, name in sorted(rows)[:25]:
        print(f"{precision:.2f} {recall:.2f} {name}")


def times(folder: Path) -> None:
    """Print what the steps of telling a page's paragraphs apart take, in milliseconds of processor time a page.

    Of each page the least of three runs counts, since what else the machine does slows some.
    """
    totals = dict.fromkeys(
        ("decode", "check depth", "parse", "read tree", "numbers", "trees", "rules", "free tree"), 0.0
    )
    pages = list(read_pages(folder))
    for page in pages:
        runs = [_steps(page) for _ in range(3)]
        for place, name in enumerate(totals):
            totals[name] += min(run[place] for run in runs)
    for name, spent in (*totals.items(), ("all", sum(totals.values()))):
        print(f"{name:12} {1000 * spent / len(pages):6.2f} ms")


def _steps(page: Gold) -> list[float]:
    """The processor time of each step, in seconds; what the page declares is read beforehand."""
    tree = parse(decode(page.content, "").text)
    assert tree is not None
    declared = declared_on(tree)
    ends = [time.process_time()]
    decoded = decode(page.content, "")
    ends.append(time.process_time())
    why_too_wild(decoded.text)
    ends.append(time.process_time())
    tree = parse(decoded.text, decoded.utf8)
    ends.append(time.process_time())
    assert tree is not None
    markup = read_markup(tree)
    ends.append(time.process_time())
    described = describe(markup, declared)
    ends.append(time.process_time())
    likely = chances(described)
    ends.append(time.process_time())
    label(markup, declared, described, likely)
    ends.append(time.process_time())
    del tree
    ends.append(time.process_time())
    return [end - start for start, end in pairwise(ends)]


COLUMNS = ("aeb F1", "fundus F1", "teaser in body", "caption in body", "caption F1", "ms", "MiB")


def row(name: str, figures: dict[str, float]) -> str:
    """A line of the table."""
    shown = {key: f"{value:.0f}" if key in ("ms", "MiB") else f"{value:.3f}" for key, value in figures.items()}
    return f"| {name} | " + " | ".join(shown.get(key, "") for key in COLUMNS) + " |"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("pages", type=Path)
    parser.add_argument("--held-out", action="store_true")
    parser.add_argument("--worst", action="store_true")
    parser.add_argument("--times", action="store_true")
    parser.add_argument("--only", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.only:
        print(json.dumps(measure(given.only, given.pages)))
        return 0
    if given.times:
        times(given.pages)
        return 0
    if given.worst:
        worst(given.pages)
        return 0
    print("| system | " + " | ".join(COLUMNS) + " |\n" + "|---" * (len(COLUMNS) + 1) + "|")
    under = 0
    if given.held_out:
        figures = held_out(given.pages)
        print(row("onrecord, held out", figures), flush=True)
        under = floors.check("pages", figures)
    for name in ("onrecord", *_peers()):
        command = [sys.executable, __file__, str(given.pages), "--only", name]
        answer = subprocess.run(command, check=True, capture_output=True, text=True).stdout
        print(row(name, json.loads(answer.strip().split("\n")[-1])), flush=True)
    return under


if __name__ == "__main__":
    sys.exit(min(main(), 1))
