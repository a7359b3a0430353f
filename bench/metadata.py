"""How well a page's metadata is read: python bench/metadata.py FOLDER [--misses]

FOLDER holds pages.jsonl and html/ as shared/data/pages does. For each page with a gold value: the headline exact
(white space and soft hyphens aside) and by its letters alone; the authors as an exact set; the date to the day and to
the minute (where the gold has a time: as instants if both have an offset, else by the clock). Also how often authors
are given where the gold has none. Fails if a figure is under its floor.
"""

import gzip
import json
import sys
from collections import Counter
from datetime import datetime
from pathlib import Path

import floors
from onrecord.page import take_apart
from onrecord.schema import Article, Page


def spaced(text: str) -> str:
    return " ".join(text.replace("\xad", "").replace("\u200b", "").split())


def letters(text: str) -> str:
    return "".join(filter(str.isalnum, text)).casefold()


def same_minute(found: str, gold: str) -> bool:
    wanted = datetime.fromisoformat(gold)
    if (wanted.hour, wanted.minute, wanted.second) == (0, 0, 0):
        return found[:10] == gold[:10]
    have = datetime.fromisoformat(found)
    if have.tzinfo and wanted.tzinfo:
        return abs((have - wanted).total_seconds()) < 60
    return have.isoformat()[:16] == wanted.isoformat()[:16]


def facts(article: Article, gold: dict[str, object]) -> dict[str, bool]:
    found: dict[str, bool] = {}
    title, authors, date = gold["title"], gold["authors"], gold["date"]
    if isinstance(title, str) and title:
        found["headline, exact"] = spaced(article.headline) == spaced(title)
        found["headline, letters"] = letters(article.headline) == letters(title)
    if isinstance(authors, list) and authors:
        found["authors, exact set"] = set(article.bylines) == set(authors)
    elif isinstance(title, str):
        found["no authors"] = not article.bylines
    if isinstance(date, str) and date:
        have = article.published.date if article.published else ""
        found["date, to the day"] = have[:10] == date[:10]
        found["date, to the minute"] = bool(have) and same_minute(have, date)
    return found


def main(folder: str) -> int:
    rows = [json.loads(line) for line in (Path(folder) / "pages.jsonl").read_text(encoding="utf-8").split("\n") if line]
    right: Counter[str] = Counter()
    seen: Counter[str] = Counter()
    for row in rows:
        if not any(row["gold"][field] for field in ("title", "authors", "date")):
            continue
        content = gzip.decompress((Path(folder) / row["html"]).read_bytes())
        article = take_apart(Page(content, url=row["url"], media="html"))
        for fact, good in facts(article, row["gold"]).items():
            seen[fact] += 1
            right[fact] += good
            if not good and "--misses" in sys.argv:
                date = article.published and article.published.date
                gold = {key: row["gold"][key] for key in ("title", "authors", "date")}
                print(f"{fact}: {row['id']}\n  have {article.headline!r} {article.bylines} {date}\n  want {gold}")
    for fact in sorted(seen):
        print(f"{fact:20} {right[fact]:4} of {seen[fact]:4}  {right[fact] / seen[fact]:.3f}")
    return floors.check("metadata", {fact: right[fact] / seen[fact] for fact in seen})


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
