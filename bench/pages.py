"""How well pages are taken apart: python bench/pages.py FOLDER [LIMIT]

FOLDER holds pages.jsonl and html/ as shared/data/pages does. Prints the measure of the article extraction benchmark:
word 4-gram shingles, true and false positives normalised per page, mean precision and recall over pages, for ours
(body blocks) and for trafilatura's own text; then headline, authors, date and captions.
"""

import gzip
import json
import re
import sys
import time
from collections import Counter
from pathlib import Path

import trafilatura

from onrecord.page import take_apart
from onrecord.schema import Article, Page


def shingles(text: str) -> Counter[tuple[str, ...]]:
    words = re.findall(r"\w+", text.replace("\xad", "").replace("\xa0", " ").lower())
    return Counter(zip(*(words[i:] for i in range(min(4, max(1, len(words))))), strict=False))


def score(found: str, gold: str, also: str = "") -> tuple[float, float]:
    have, want, fine = shingles(found), shingles(gold), shingles(gold + "\n" + also)
    recall = sum((have & want).values()) / max(1, sum(want.values()))
    precision = sum((have & fine).values()) / max(1, sum(have.values())) if have else 0.0
    return precision, recall


def same(left: str, right: str) -> bool:
    return re.findall(r"\w+", left.lower()) == re.findall(r"\w+", right.lower())


def body(article: Article) -> str:
    return "\n".join(article[block] for block in article.blocks if block.kind in ("body", "dateline"))


def main(folder: str, limit: int) -> None:
    rows = [json.loads(line) for line in (Path(folder) / "pages.jsonl").read_text(encoding="utf-8").split("\n") if line]
    ours, theirs, seconds = [], [], []
    facts: Counter[str] = Counter()
    for row in rows[:limit]:
        gold = row["gold"]
        content = gzip.decompress((Path(folder) / row["html"]).read_bytes())
        start = time.perf_counter()
        article = take_apart(Page(content, url=row["url"], media="html"))
        seconds.append(time.perf_counter() - start)
        also = "\n".join([gold["title"] or "", *(gold.get("summary") or [])])
        ours.append((*score(body(article), gold["body"], also), row["id"], article))
        peer = trafilatura.extract(content.decode("utf-8", "replace"), include_comments=False) or ""
        theirs.append(score(peer, gold["body"], also))
        count(facts, article, gold)
    for name, pairs in (("onrecord", [pair[:2] for pair in ours]), ("trafilatura", theirs)):
        precision = sum(p for p, _ in pairs) / len(pairs)
        recall = sum(r for _, r in pairs) / len(pairs)
        f1 = 2 * precision * recall / (precision + recall)
        print(f"{name:12} body: precision {precision:.3f}  recall {recall:.3f}  F1 {f1:.3f}  on {len(pairs)} pages")
    for fact in sorted({key.rpartition(" ")[0] for key in facts}):
        print(f"{fact:12} {facts[fact + ' right']} right of {facts[fact + ' gold']}")
    print(f"seconds a page: mean {sum(seconds) / len(seconds):.3f}, most {max(seconds):.2f}")
    if "--worst" in sys.argv:
        for precision, recall, name, article in sorted(ours, key=lambda one: one[0] + one[1])[:25]:
            print(f"{precision:.2f} {recall:.2f} {name} {[problem.message for problem in article.problems]}")


def count(facts: Counter[str], article: Article, gold: dict[str, object]) -> None:
    if gold["title"]:
        facts["headline gold"] += 1
        facts["headline right"] += same(article.headline, str(gold["title"]))
    if gold["authors"]:
        facts["authors gold"] += 1
        facts["authors right"] += sorted(article.bylines) == sorted(gold["authors"])  # type: ignore[call-overload]
    if gold["date"]:
        facts["date gold"] += 1
        facts["date right"] += bool(article.published) and article.published.date[:10] == str(gold["date"])[:10]
    have = [article[block] for block in article.blocks if block.kind == "caption"]
    for caption in gold.get("captions") or []:  # type: ignore[attr-defined]
        facts["captions gold"] += 1
        facts["captions right"] += any(score(one, caption)[1] > 0.8 for one in have)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 and sys.argv[2].isdigit() else 10**6)
