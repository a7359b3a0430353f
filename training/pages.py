"""Pages with gold articles → paragraphs with the kinds that the gold gives them: what the block models learn from."""

from __future__ import annotations

import gzip
import json
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from onrecord.page.markup import Markup

KINDS = ("other", "body", "headline", "standfirst", "byline", "caption")
_LONGEST_BYLINE = 160


class Gold(NamedTuple):
    """A page of the data set."""

    id: str
    source: str
    publisher: str
    """What must not stand on both sides of a split."""
    url: str
    content: bytes
    gold: dict[str, Any]

    def part(self, name: str) -> list[str]:
        """The texts under `name`, none where the gold has none."""
        value = self.gold.get(name) or []
        return [value] if isinstance(value, str) else list(value)


def read_pages(folder: Path) -> Iterator[Gold]:
    """The pages in `folder`, with their bytes."""
    for line in (folder / "pages.jsonl").read_text(encoding="utf-8").split("\n"):
        if line:
            row = json.loads(line)
            content = gzip.decompress((folder / row["html"]).read_bytes())
            yield Gold(row["id"], row["source"], _publisher(row), row["url"], content, row["gold"])


def _publisher(row: dict[str, Any]) -> str:
    if row["source"] == "fundus":
        return str(re.sub(r"_\d{4}_\d\d_\d\d$", "", row["id"]))
    host = re.sub(r"^https?://(?:www\.)?", "", row["url"]).split("/")[0]
    return ".".join(host.split(".")[-2:] if len(host.split(".")[-1]) > 2 else host.split(".")[-3:])


def folds(pages: Sequence[Gold], number: int = 10) -> list[int]:
    """A fold for each page, all pages of a publisher in the same one, parts mixed alike."""
    names = sorted({(page.source, page.publisher) for page in pages})
    of = {name: place % number for place, name in enumerate(names)}
    return [of[page.source, page.publisher] for page in pages]


_CJK = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]")


def tokens(text: str) -> list[str]:
    """The words of `text` as the metric has them; of Chinese and Japanese the characters."""
    text = text.replace("\xad", "").replace("\xa0", " ").lower()
    return re.findall(r"[\u3040-\u30ff\u3400-\u9fff]|[^\W\u3040-\u30ff\u3400-\u9fff]+", text)


def shingles(text: str, size: int = 4) -> Counter[tuple[str, ...]]:
    """The runs of `size` words in `text`."""
    words = tokens(text)
    size = min(size, max(1, len(words)))
    return Counter(zip(*(words[i:] for i in range(size)), strict=False))


def score(found: str, gold: str, also: str = "") -> tuple[float, float]:
    """Precision and recall of `found` against `gold`; what stands in `also` may be found and need not."""
    have, want, fine = shingles(found), shingles(gold), shingles(gold + "\n" + also)
    recall = sum((have & want).values()) / max(1, sum(want.values()))
    precision = sum((have & fine).values()) / max(1, sum(have.values())) if have else 0.0
    return precision, recall


def letters(text: str) -> str:
    return "".join(filter(str.isalnum, text)).casefold()


def body_shares(texts: Sequence[str], containers: Sequence[int], gold: str) -> list[float]:
    """The share of each paragraph that the gold body has; of paragraphs told twice only the one in company has it."""
    paragraphs = {letters(part) for part in gold.split("\n")} - {""}
    whole = letters(gold)
    grams = set(shingles(gold))
    shares = [_share(text, paragraphs, whole, grams) for text in texts]
    company: Counter[int] = Counter()
    for share, container, text in zip(shares, containers, texts, strict=True):
        if share > 0.5:
            company[container] += len(text)
    best: dict[str, int] = {}
    for place, text in enumerate(texts):
        if shares[place] <= 0:
            continue
        same = letters(text)
        if same not in best or company[containers[place]] > company[containers[best[same]]]:
            best[same] = place
    kept = set(best.values())
    return [share if place in kept else min(share, 0.0) for place, share in enumerate(shares)]


def _share(text: str, paragraphs: set[str], whole: str, grams: set[tuple[str, ...]]) -> float:
    own = letters(text)
    if own in paragraphs or (len(own) >= 25 and own in whole):
        return 1.0
    if len(own) < 25:
        return 0.0
    mine = shingles(text)
    return sum(count for gram, count in mine.items() if gram in grams) / max(1, sum(mine.values()))


def kinds(page: Gold, texts: Sequence[str], containers: Sequence[int]) -> tuple[list[int], list[float]]:
    """The kind of each paragraph as a place in `KINDS`, and the share of it that is body."""
    shares = body_shares(texts, containers, page.gold["body"])
    titles = {letters(text) for text in page.part("title")} - {""}
    summary, captions = page.part("summary"), page.part("captions")
    names = [name for name in page.part("authors") if name]
    first = next((place for place, share in enumerate(shares) if share > 0.5), len(texts))
    found: list[int] = []
    for place, (text, share) in enumerate(zip(texts, shares, strict=True)):
        if share > 0.5:
            kind = "body"
        elif letters(text) in titles:
            kind = "headline"
        elif is_of(text, summary):
            kind = "standfirst"
        elif is_of(text, captions):
            kind = "caption"
        elif abs(place - first) < 15 and len(text) <= _LONGEST_BYLINE and any(name in text for name in names):
            kind = "byline"
        else:
            kind = "other"
        found.append(KINDS.index(kind))
    return found, shares


def is_of(text: str, golds: Sequence[str]) -> bool:
    """Whether `text` is one of `golds`, or most of it, or a longer part of one."""
    own = letters(text)
    if len(own) < 8:
        return any(own == letters(gold) for gold in golds) if own else False
    for gold in golds:
        other = letters(gold)
        if (
            own == other
            or (len(own) >= 25 and own in other)
            or (len(other) >= 12 and other in own and len(other) > 0.4 * len(own))
        ):
            return True
    return False


def containers(page: Markup) -> list[int]:
    """The element around the one of each run."""
    return [page.nodes[run.node].parent for run in page.runs]
