"""Measure the speakers stage alone: `python bench/speakers.py DATA [--verbose] [--show N [SEED]]`.

DATA holds `attribution/polnear-dev.jsonl.gz` and `attribution/scu-sourcing-dev.jsonl.gz`. PolNeAR's gold sources, cues
and contents go in, so that nothing but this stage is measured:

- the share of sources resolved, by the kind of source (its words, not what this stage thinks of them);
- the time an article takes, circumstances (addressee, day, venue) included.

PolNeAR has no gold speakers; `--show N` prints N resolutions of pronouns, roles and surnames, to be judged by eye.

scu-sourcing-dev has canonical names and whole statements, often with their reporting clauses. The texts are read as
`onrecord attribute` reads them. A gold statement is found if the extent (source, cue, content) of one of ours shares
at least half of the shorter of both with it; the name of the one that shares most is right if its token-set similarity
with the gold name exceeds 80, as the corpus's authors measure, or, where the gold has no name, if we give none either.
`--verbose` prints what is missed and wrong. A last line counts as right also what has no name but is described with
the gold's words ("advocates"), which is as much as there is to know of such a source.
"""

from __future__ import annotations

import gzip
import json
import random
import re
import sys
import time
from collections import Counter
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any, NamedTuple

from onrecord.circumstances import circumstances
from onrecord.pipeline import attribute
from onrecord.schema import Article, Passage, Published, Statement
from onrecord.speakers import resolve

PRONOUNS = {"he", "she", "they", "it", "his", "her", "their", "its", "him", "them"}
FIRST_PERSON = {"i", "we", "my", "our", "me", "us", "you", "your"}
RELATIVES = {"who", "which", "that", "whose", "whom"}
WORDS_OF_AN_ARTICLE = 750
FOUND = 0.5
"""A gold statement is found if this share of the shorter of both is common."""


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
    day = document["meta"].get("date", "")
    published = Published(day, "meta") if day else None
    return Article(document["id"], text, lang="en", published=published, statements=statements)


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
    circumstances(resolve(articles[0]))
    runs = []
    for _ in range(3):
        began = time.process_time()
        resolved = [circumstances(resolve(article)) for article in articles]
        runs.append(time.process_time() - began)
    took, cold = min(runs), runs[0]
    words = sum(len(article.text.split()) for article in articles)
    took, cold = (1000 * spent / words * WORDS_OF_AN_ARTICLE for spent in (took, cold))
    size = f"an article of {WORDS_OF_AN_ARTICLE} words"
    print(f"polnear-dev: {len(articles)} articles, {words} words; {took:.2f} ms {size},")
    print(f"  {cold:.2f} when names are looked up for the first time")
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


def extent(statement: Statement) -> list[tuple[int, int]]:
    """All that a statement covers of the text: source, cue and content."""
    spans = (span for part in (statement.source, statement.cue, statement.content) for span in part.spans)
    return sorted((span.start, span.end) for span in spans)


def overlap(one: list[tuple[int, int]], other: list[tuple[int, int]]) -> int:
    """How many characters two lists of spans share."""
    return sum(max(0, min(a[1], b[1]) - max(a[0], b[0])) for a in one for b in other)


def matching(gold: dict[str, Any], statements: tuple[Statement, ...]) -> Statement | None:
    """The statement whose extent shares the most with a gold one; None if that is less than half of the shorter."""
    wanted = [(start, end) for start, end in gold["content"]]
    size = sum(end - start for start, end in wanted)
    best, most = None, 0
    for statement in statements:
        spans = extent(statement)
        shared = overlap(wanted, spans)
        if shared > most and shared >= FOUND * min(size, sum(end - start for start, end in spans)):
            best, most = statement, shared
    return best


class Given(NamedTuple):
    """A name that was given: in which document, by what kind of link, how sure, and whether it is right."""

    document: str
    how: str
    confidence: float
    right: bool


def scu(path: Path, verbose: bool = False) -> list[Given]:
    """Print the scu-sourcing figures; all names given."""
    found: Counter[str] = Counter()
    right: Counter[str] = Counter()
    wrong: Counter[str] = Counter()
    count: Counter[str] = Counter()
    described = 0
    given: list[Given] = []
    for document in lines(path):
        statements = attribute(document["text"], "en")
        for gold in document["attributions"]:
            kind = gold["source_type"].lower().replace("unamed", "unnamed") if gold["speaker"] else "no name"
            match = matching(gold, statements)
            count[kind] += 1
            if match is None:
                if verbose:
                    print("MISSED", repr(gold["speaker"]), "|", gold["statement"][:150])
                continue
            found[kind] += 1
            name = (match.speaker.name if match.speaker else None) or ""
            good = similar(name, gold["speaker"]) if gold["speaker"] else not name
            right[kind] += good
            role = (match.speaker.role if match.speaker else None) or ""
            described += bool(gold["speaker"]) and (good or (not name and similar(role, gold["speaker"])))
            wrong[kind] += bool(name) and not good
            if name and match.speaker:
                given.append(Given(document["id"], match.speaker.how, match.speaker.confidence, good))
            if verbose and not good:
                print("WRONG", repr(gold["speaker"]), "|", match.source.text, "|", match.speaker, "|", match.cue.text)
                print("      ", gold["statement"][:300].replace("\n", " "))
    print_scu(count, found, right, wrong)
    called = sum(found.values()) - found["no name"]
    print(f"  of {called} found that the gold has a name or description for, {described} are named or described so")
    return given


def print_scu(count: Counter[str], found: Counter[str], right: Counter[str], wrong: Counter[str]) -> None:
    """Print the scu-sourcing figures, all and by the kind of the gold source."""
    named = [kind for kind in count if kind.startswith("named")]
    for title, kinds in (("all", list(count)), ("named people and bodies", named)):
        n, f, r, w = (sum(counter[kind] for kind in kinds) for counter in (count, found, right, wrong))
        print(
            f"scu-sourcing-dev, {title}: {n} statements, {f} found ({100 * f / n:.1f} %); "
            f"of these the name is right for {r} ({100 * r / f:.1f} %), wrong for {w}, not given for {f - r - w}"
        )
    for kind, n in count.most_common():
        print(f"  {kind:26}{n:5}  {found[kind]:4} found  {right[kind]:4} right  {wrong[kind]:4} wrong")


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
