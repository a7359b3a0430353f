"""Scores of predicted attributions against gold ones, token by token; the measures of the project's scorer.

A content is found if the token Jaccard index of a one-to-one pairing reaches 0.8; a relation is right if the sources
of such a pair also agree (0.5, or both empty). `speaker` asks of direct and mixed gold attributions with a source
whether their content was found (0.5) with a source that agrees. `source spans` and the like count single spans that
agree to the token.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

TOKEN = re.compile(r"\w+(?:[’'.-]\w+)*")
ROLES = ("source", "cue", "content")
Tokens = frozenset[int]
FOUND, AGREES, LOOSE = 0.8, 0.5, 0.5


@dataclass
class Score:
    """Counts of right, wrong and missed answers by measure; add documents to it, then read `f1`."""

    right: Counter[str] = field(default_factory=Counter)
    predicted: Counter[str] = field(default_factory=Counter)
    gold: Counter[str] = field(default_factory=Counter)

    def precision(self, measure: str) -> float:
        return self.right[measure] / self.predicted[measure] if self.predicted[measure] else 0.0

    def recall(self, measure: str) -> float:
        return self.right[measure] / self.gold[measure] if self.gold[measure] else 0.0

    def f1(self, measure: str) -> float:
        p, r = self.precision(measure), self.recall(measure)
        return 2 * p * r / (p + r) if p + r else 0.0

    def count(self, measure: str, right: int, predicted: int, gold: int) -> None:
        self.right[measure] += right
        self.predicted[measure] += predicted
        self.gold[measure] += gold

    def add(self, text: str, gold: Sequence[dict[str, Any]], predicted: Sequence[dict[str, Any]]) -> list[bool]:
        """Count one document; returns for each prediction whether its relation is right."""
        tokens = [match.span() for match in TOKEN.finditer(text)]
        wanted = [row for row in (_tokens_of(one, tokens) for one in gold) if row["content"]]
        got = [_tokens_of(one, tokens) for one in predicted]
        kinds = [one.get("kind") or "indirect" for one in gold if _covered(one["content"], tokens)]
        for role in ROLES:
            want, have = _union(wanted, role), _union(got, role)
            self.count(f"tokens {role}", len(want & have), len(have), len(want))
            want_spans, have_spans = _spans(gold, role, tokens), _spans(predicted, role, tokens)
            self.count(f"{role} spans", len(want_spans & have_spans), len(have_spans), len(want_spans))
        want_ends, have_ends = _ends(wanted), _ends(got)
        self.count("content exact", len(want_ends & have_ends), len(have_ends), len(want_ends))
        pairs = _pair(wanted, got, FOUND)
        right = [(g, p) for g, p, agreement in pairs if agreement >= AGREES]
        present = sum(bool(row["content"]) for row in got)
        self.count("content", len(pairs), present, len(wanted))
        self.count("relation", len(right), present, len(wanted))
        found, agreed = {g for g, _, _ in pairs}, {g for g, _ in right}
        loose = {g: agreement for g, _, agreement in _pair(wanted, got, LOOSE)}
        for number, (row, kind) in enumerate(zip(wanted, kinds, strict=True)):
            self.count(f"{kind} content", number in found, 0, 1)
            self.count(f"{kind} relation", number in agreed, 0, 1)
            if row["source"] and kind != "indirect":
                self.count("speaker", loose.get(number, 0.0) >= AGREES, 0, 1)
        correct = {p for _, p in right}
        return [number in correct for number in range(len(predicted))]


def _covered(spans: Iterable[Sequence[int]], tokens: Sequence[tuple[int, int]]) -> Tokens:
    found: set[int] = set()
    for start, end in spans:
        at = bisect_left(tokens, (start, start))
        at -= at > 0 and tokens[at - 1][1] > start
        while at < len(tokens) and tokens[at][0] < end:
            found.add(at)
            at += 1
    return frozenset(found)


def _tokens_of(attribution: dict[str, Any], tokens: Sequence[tuple[int, int]]) -> dict[str, Tokens]:
    return {role: _covered(attribution.get(role) or (), tokens) for role in ROLES}


def _union(rows: Sequence[dict[str, Tokens]], role: str) -> Tokens:
    return frozenset().union(*(row[role] for row in rows))


def _spans(rows: Iterable[dict[str, Any]], role: str, tokens: Sequence[tuple[int, int]]) -> set[tuple[int, int]]:
    """The first and last token of every span of a role."""
    covered = (_covered([span], tokens) for row in rows for span in row[role])
    return {(min(some), max(some)) for some in covered if some}


def _ends(rows: Sequence[dict[str, Tokens]]) -> set[tuple[int, int]]:
    return {(min(row["content"]), max(row["content"])) for row in rows if row["content"]}


def _jaccard(a: Tokens, b: Tokens) -> float:
    return len(a & b) / len(a | b) if a or b else 1.0


def _pair(
    gold: Sequence[dict[str, Tokens]], predicted: Sequence[dict[str, Tokens]], threshold: float
) -> list[tuple[int, int, float]]:
    """Pairs of a gold and a predicted row, best overlap first, each row used once; with their sources' agreement."""
    scored = []
    for g, want in enumerate(gold):
        for p, have in enumerate(predicted):
            overlap = _jaccard(want["content"], have["content"]) if want["content"] & have["content"] else 0.0
            if overlap >= threshold:
                scored.append((-overlap, -_jaccard(want["source"], have["source"]), g, p))
    used_gold: set[int] = set()
    used_predicted: set[int] = set()
    pairs = []
    for _, agreement, g, p in sorted(scored):
        if g not in used_gold and p not in used_predicted:
            used_gold.add(g)
            used_predicted.add(p)
            pairs.append((g, p, -agreement))
    return pairs
