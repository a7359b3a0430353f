"""Make src/onrecord/page/letters.json: how likely one letter follows another, language by language.

    pip install wordfreq==3.1.1 && python training/letters.py > src/onrecord/page/letters.json

The counts come from the word frequency lists of wordfreq (Robyn Speer, code Apache-2.0, lists CC BY-SA 4.0). No word of
those lists is shipped: a cell says only how often a letter follows another, counted over all words of a language.

A language is one string of letters (its alphabet) and one square of cells, row by row, the word boundary first in both
directions. A cell is -log2 P(column | row) in steps of a quarter bit, written as one character of CELLS.
"""

import json
import math
import sys
import unicodedata
from collections import Counter

import wordfreq  # type: ignore[import-not-found]

LANGUAGES = [
    "ar",
    "bg",
    "ca",
    "cs",
    "da",
    "de",
    "el",
    "en",
    "es",
    "fa",
    "fi",
    "fr",
    "he",
    "hu",
    "id",
    "is",
    "it",
    "lt",
    "lv",
    "mk",
    "ms",
    "nb",
    "nl",
    "pl",
    "pt",
    "ro",
    "ru",
    "sh",
    "sk",
    "sl",
    "sv",
    "tr",
    "uk",
    "ur",
    "vi",
    "fil",
]
CELLS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
BOUNDARY = " "
NOT_LATIN = frozenset(["ar", "bg", "el", "fa", "he", "mk", "ru", "uk", "ur"])
RARE_LETTER = 3e-5
"""Letters less frequent than this (stray foreign letters in a word list) are left out of an alphabet."""
TEMPER = 0.75
"""Word frequencies are raised to this power: news names are rare words, and a bare count would forget them."""
PSEUDO = 2e-4
"""Added to each cell, as a share of its row, so that an unseen pair costs bits and not everything."""


def counts(language: str) -> tuple[str, Counter[tuple[str, str]]]:
    pairs: Counter[tuple[str, str]] = Counter()
    letters: Counter[str] = Counter()
    for word, frequency in wordfreq.get_frequency_dict(language, "best").items():
        if not word.isalpha() or (language in NOT_LATIN and any(unicodedata.name(c).startswith("LATIN") for c in word)):
            continue
        weight = frequency**TEMPER
        letters.update(dict.fromkeys(word, weight))
        for pair in zip(BOUNDARY + word, word + BOUNDARY, strict=True):
            pairs[pair] += weight  # type: ignore[assignment]
    total = sum(letters.values())
    alphabet = "".join(sorted(letter for letter, weight in letters.items() if weight >= RARE_LETTER * total))
    return BOUNDARY + alphabet, pairs


def square(alphabet: str, pairs: Counter[tuple[str, str]]) -> str:
    cells = []
    for left in alphabet:
        row = [pairs[left, right] for right in alphabet]
        total = sum(row) or 1.0
        for weight in row:
            share = (weight / total + PSEUDO) / (1 + PSEUDO * len(alphabet))
            cells.append(CELLS[min(round(-4 * math.log2(share)), len(CELLS) - 1)])
    return "".join(cells)


def main() -> None:
    model = {}
    for language in LANGUAGES:
        alphabet, pairs = counts(language)
        model[language] = [alphabet, square(alphabet, pairs)]
    json.dump(model, sys.stdout, ensure_ascii=False, indent=0)
    print()


if __name__ == "__main__":
    main()
