"""How well statements match the words sought: Okapi BM25 over their contents.

Done here and not by the database: FTS5's own bm25 goes through all statements of the archive that have one of the
words, for each of them, and PostgreSQL's ranks know nothing of how rare a word is. How rare one is, is told among the
statements that are ranked.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from math import log

from sqlalchemy import Connection

from onrecord.archive.lists import rows_among
from onrecord.archive.query import Phrase, Prefix, Sought, Term, terms
from onrecord.archive.words import bare_words, stem, stems

_MOST_WORDS = 600
"""Words of a content that are looked at."""
_SATURATION, _LENGTH = 1.2, 0.75
"""BM25's k₁ and b, as everywhere."""
_FORM = 2
"""The very form sought counts twice a form with the same stem."""
_MOST_CHARACTERS = 8_000
_CONTENTS = f"SELECT id, substr(content, 1, {_MOST_CHARACTERS}), lang FROM statement WHERE id {{among}}"


def scores(
    connection: Connection, numbers: Sequence[int], sought: Sought | None, languages: Collection[str]
) -> dict[int, float]:
    """For each of these statements how well it matches, the more the better."""
    wanted = list(terms(sought))
    forms: dict[str, list[_Forms]] = {}
    counts: dict[int, list[int]] = {}
    lengths: dict[int, int] = {}
    for number, content, lang in rows_among(connection, _CONTENTS, numbers) if numbers else ():
        said = bare_words(content, _MOST_WORDS)
        if lang not in forms:
            forms[lang] = [_Forms(one, lang, languages) for one in wanted]
        counts[number] = [_count(one, known, said) for one, known in zip(wanted, forms[lang], strict=True)]
        lengths[number] = len(said)
    usual = sum(lengths.values()) / len(lengths) if lengths else 1.0
    having = [sum(map(bool, column)) for column in zip(*counts.values(), strict=True)]
    tells = [log(1 + (len(counts) - many + 0.5) / (many + 0.5)) for many in having]
    return {
        number: _score(row, tells, _SATURATION * (1 - _LENGTH + _LENGTH * lengths[number] / (usual or 1.0)))
        for number, row in counts.items()
    }


def _score(counts: list[int], tells: list[float], damping: float) -> float:
    pairs = zip(counts, tells, strict=True)
    return sum([weight * count * (_SATURATION + 1) / (count + damping) for count, weight in pairs])


class _Forms(dict[str, int]):
    """What each word of a language counts for a term; found out once a word."""

    def __init__(self, one: Term | Prefix | Phrase, lang: str, languages: Collection[str]) -> None:
        super().__init__()
        self._word, self._lang = (one.word, lang) if isinstance(one, Term) else ("", lang)
        self._roots = stems(self._word, languages) | {self._word}

    def __missing__(self, said: str) -> int:
        alike = said in self._roots or stem(said, self._lang) in self._roots
        self[said] = count = _FORM if said == self._word else int(alike)
        return count


def _count(one: Term | Prefix | Phrase, forms: _Forms, said: list[str]) -> int:
    """How often what is sought stands among the words said."""
    match one:
        case Term():
            return sum([forms[each] for each in said])
        case Prefix(word):
            return sum([each.startswith(word) for each in said])
        case Phrase(words):
            length, wanted = len(words), list(words)
            return sum([said[at : at + length] == wanted for at in range(len(said) - length + 1)])
