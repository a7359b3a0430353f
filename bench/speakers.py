"""Measure the speakers stage alone: `python bench/speakers.py DATA [--show N [SEED]]`.

DATA holds `attribution/polnear-dev.jsonl.gz` and `attribution/scu-sourcing-dev.jsonl.gz`. PolNeAR's gold sources, cues
and contents go in, so that nothing but this stage is measured:

- the share of sources resolved, by the kind of source (its words, not what this stage thinks of them);
- the time an article takes.

PolNeAR has no gold speakers; `--show N` prints N resolutions of pronouns, roles and surnames, to be judged by eye.

scu-sourcing-dev has speakers' names, but whole sentences as statements and no source spans. Its figure is a stand-in:
the source is taken to be the person, body, role or pronoun next to a verb of saying outside the quotation marks of the
sentence, found by a regular expression, or nothing; the name is right if `fuzzy token-set similarity` with the gold
name exceeds 80, as its authors measure. Statements whose gold speaker is unnamed are left out.
"""

from __future__ import annotations

import gzip
import json
import random
import re
import sys
import time
from collections import Counter
from collections.abc import Iterator
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any

from onrecord.schema import Article, Passage, Statement
from onrecord.speakers import resolve

PRONOUNS = {"he", "she", "they", "it", "his", "her", "their", "its", "him", "them"}
FIRST_PERSON = {"i", "we", "my", "our", "me", "us", "you", "your"}
RELATIVES = {"who", "which", "that", "whose", "whom"}
SAYING = r"(?:said|says|say|told|tells|added|adds|wrote|writes|noted|explained|stressed|asked|announced|argued|claimed)"
NAME = r"(?:[A-Z][\w’'.-]+(?: (?:[A-Z][\w’'.-]+|de|van|von|of|for|the))*)"
NEAR_SAYING = (
    re.compile(rf"\b((?:the |The )?{NAME}|[Hh]e|[Ss]he|[Tt]hey|[Tt]he \w+(?: \w+)?) (?:also |then |later )?{SAYING}\b"),
    re.compile(rf"\b{SAYING} ((?:the )?{NAME}|he|she|they|the \w+(?: \w+)?)"),
    re.compile(rf"[Aa]ccording to ((?:the |a )?{NAME}|[a-z]+ \w+(?: \w+)?)"),
)


def lines(path: Path) -> list[dict[str, Any]]:
    """The documents of a corpus."""
    with gzip.open(path, "rt", encoding="utf-8") as file:
        return [json.loads(line) for line in file]


def gold_article(document: dict[str, Any]) -> Article:
    """A PolNeAR document with its gold attributions as statements."""
    text = document["text"]
    statements = tuple(
        Statement(
            a["id"], a["kind"] or "indirect", *(Passage.of(text, *a[part]) for part in ("source", "cue", "content"))
        )
        for a in document["attributions"]
    )
    return Article(document["id"], text, lang="en", statements=statements)


def kind_of(source: str) -> str:
    """The kind of a source by its words alone."""
    words = source.split()
    if not words:
        return "none"
    lower = words[0].lower().rstrip(",")
    if len(words) == 1 and lower in PRONOUNS:
        return "pronoun"
    if lower in FIRST_PERSON:
        return "first person"
    if lower in RELATIVES:
        return "relative"
    if any(word[:1].isupper() for word in words[1:]) or (words[0][0].isupper() and lower not in {"the", "a", "an"}):
        return "with a capital"
    return "definite" if lower in {"the", "his", "her", "their"} else "other"


def polnear(path: Path) -> list[tuple[Article, Article]]:
    """Print the PolNeAR figures; the articles before and after."""
    articles = [gold_article(document) for document in lines(path)]
    resolve(articles[0])
    runs = []
    for _ in range(3):
        began = time.process_time()
        resolved = [resolve(article) for article in articles]
        runs.append(time.process_time() - began)
    took = min(runs)
    words = sum(len(article.text.split()) for article in articles)
    print(f"polnear-dev: {len(articles)} articles, {words} words, {1000 * took / len(articles):.2f} ms an article")
    total: Counter[str] = Counter()
    kinds: dict[str, Counter[str]] = {}
    for article in resolved:
        for s in article.statements:
            kind = kind_of(s.source.text)
            total[kind] += 1
            outcome = "null" if s.speaker is None else "named" if s.speaker.name else s.speaker.kind
            outcome = "unresolved" if s.speaker and s.speaker.how == "unresolved" else outcome
            kinds.setdefault(kind, Counter())[outcome] += 1
    for kind, count in total.most_common():
        shares = ", ".join(f"{outcome} {100 * n / count:.0f} %" for outcome, n in kinds[kind].most_common())
        print(f"  {kind:16}{count:5}  {shares}")
    return list(zip(articles, resolved, strict=True))


def show(pairs: list[tuple[Article, Article]], count: int, seed: int, wanted: str = "") -> None:
    """Print resolutions for a person to judge."""
    sample = [(a, s) for _, a in pairs for s in a.statements if s.source and s.speaker and s.speaker.how != "name"]
    sample = [(a, s) for a, s in sample if not wanted or (s.speaker and s.speaker.how == wanted)]
    for article, s in random.Random(seed).sample(sample, min(count, len(sample))):
        start, end = s.source.start, s.source.end
        print("-----", s.speaker)
        before = article.text[max(0, start - 420) : start]
        print(f"{before}[[{s.source.text}]]{article.text[end : end + 120]}".replace("\n\n", "\n"))


def similar(one: str, other: str) -> bool:
    """Token-set similarity over 80, as in the corpus's paper."""
    a, b = (set(re.findall(r"\w+", name.lower())) for name in (one, other))
    both = " ".join(sorted(a & b))
    full = [" ".join(filter(None, (both, " ".join(sorted(rest))))) for rest in (a - b, b - a)]
    pairs = ((both, full[0]), (both, full[1]), (full[0], full[1]))
    return max(SequenceMatcher(None, *pair).ratio() for pair in pairs if both or pair[0]) > 0.8 if a and b else False


def stand_in(text: str, at: str, start: int, end: int) -> Statement:
    """A statement whose source is what stands next to a verb of saying, outside the quotation marks."""
    masked = re.sub(r"“[^”]*”|\"[^\"]*\"", lambda m: " " * len(m.group()), text[start:end])
    found = next((m for pattern in NEAR_SAYING if (m := pattern.search(masked))), None)
    source = Passage.of(text, (start + found.start(1), start + found.end(1))) if found else Passage()
    kind = "mixed" if re.search('[“"]', text[start:end]) else "indirect"
    return Statement(at, kind, source, Passage(), Passage.of(text, (start, end)))  # type: ignore[arg-type]


def named_statements(document: dict[str, Any]) -> Iterator[tuple[dict[str, Any], Statement]]:
    """The statements of an scu document that have a named speaker, gold and stand-in."""
    for a in document["attributions"]:
        start, end = a["content"][0][0], a["content"][-1][1]
        yield a, stand_in(document["text"], a["id"], start, end)


def scu(path: Path, verbose: bool = False) -> None:
    """Print the scu-sourcing figure."""
    right: Counter[str] = Counter()
    count: Counter[str] = Counter()
    for document in lines(path):
        pairs = list(named_statements(document))
        statements = tuple(statement for _, statement in pairs)
        article = resolve(Article(document["id"], document["text"], lang="en", statements=statements))
        for (gold, _), s in zip(pairs, article.statements, strict=True):
            if not gold["speaker"] or not gold["source_type"].startswith("Named"):
                continue
            kind = kind_of(s.source.text)
            name = (s.speaker.name if s.speaker else None) or ""
            good = similar(name, gold["speaker"])
            count[kind] += 1
            right[kind] += good
            if verbose and not good:
                print("WRONG", repr(gold["speaker"]), "|", s.source.text, "|", s.speaker)
    total = sum(count.values())
    print(
        f"scu-sourcing-dev (stand-in sources): {sum(right.values())}/{total} = {sum(right.values()) / total:.3f} right"
    )
    for kind, n in count.most_common():
        print(f"  {kind:16}{n:5}  {100 * right[kind] / n:.0f} % right")


def main(arguments: list[str]) -> None:
    """Measure."""
    data = Path(arguments[0]) / "attribution"
    pairs = polnear(data / "polnear-dev.jsonl.gz")
    scu(data / "scu-sourcing-dev.jsonl.gz", verbose="--verbose" in arguments)
    if "--show" in arguments:
        rest = arguments[arguments.index("--show") + 1 :]
        show(pairs, int(rest[0]), int(rest[1]) if len(rest) > 1 else 7, rest[2] if len(rest) > 2 else "")


if __name__ == "__main__":
    main(sys.argv[1:])
