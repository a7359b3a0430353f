"""Make src/onrecord/page/letters.npz: how likely a letter follows the two before it, language by language.

    pip install wordfreq==3.1.1 simplemma==2.0.0 && python training/letters.py src/onrecord/page/letters.npz

The counts come from the word frequency lists of wordfreq (Robyn Speer, code Apache-2.0, lists CC BY-SA 4.0) and, for
languages that it lacks, from the word lists of simplemma (Adrien Barbaresi, code MIT, lists of several licences), each
word once. No word of those lists is shipped: a cell says only how often a letter follows others in a language.

The file holds `languages`, their codes; `pairs` and `triples`, strings of two or three letters in a row (a space is the
word boundary); and for each language a column of `pair_bits` and of `triple_bits`: -log2 P(last letter | those before),
in steps of a quarter bit. What a language's own lists say nothing about costs UNKNOWN.
"""

import math
import re
import sys
import unicodedata
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import wordfreq  # type: ignore[import-not-found]
from simplemma.strategies.dictionaries.dictionary_factory import DefaultDictionaryFactory  # type: ignore[import-not-found]

lemmas = DefaultDictionaryFactory()

LANGUAGES = [
    "ar", "bg", "ca", "cs", "da", "de", "el", "en", "es", "fa", "fi", "fil", "fr", "he", "hu", "id", "is", "it", "lt",
    "lv", "mk", "ms", "nb", "nl", "pl", "pt", "ro", "ru", "sh", "sk", "sl", "sr", "sv", "tr", "uk", "ur", "vi",
    "cy", "et", "ga", "gd", "gl", "lb", "sq",
]  # fmt: skip
UNCOUNTED = frozenset(["cy", "et", "ga", "gd", "gl", "lb", "sq"])
"""Languages of simplemma: not to be repaired to, but to be known, or Albanian would pass for misread Lithuanian."""
BOUNDARY = " "
NOT_LATIN = frozenset(["ar", "bg", "el", "fa", "he", "mk", "ru", "sr", "uk", "ur"])
# The lists are folded: they write Serbian in Latin letters, ß as ss, a final sigma as any other, and Romanian with
# comma letters, where all that the code pages have is letters with a cedilla.
SERBIAN = {
    "lj": "љ", "nj": "њ", "dž": "џ",
    **dict(zip("abvgdđežzijklmnoprstćufhcčš", "абвгдђежзијклмнопрстћуфхцчш", strict=True)),
}  # fmt: skip
CEDILLAS = str.maketrans("șț", "şţ")
# The letters beyond ASCII of languages whose lists (film subtitles, mostly) hold mojibake, with its code page.
OWN_LETTERS = {
    "cs": ("cp1250", "áčďéěíňóřšťúůýž"),
    "hu": ("cp1250", "áéíóöőúüű"),
    "lt": ("cp1257", "ąčęėįšųūž"),
    "lv": ("cp1257", "āčēģīķļņšūž"),
    "pl": ("cp1250", "ąćęłńóśźż"),
    "ro": ("cp1250", "ăâîşţ"),
    "sh": ("cp1250", "čćđšž"),
    "sk": ("cp1250", "áäčďéíĺľňóôŕšťúýž"),
    "sl": ("cp1250", "čšž"),
    "tr": ("cp1254", "çğıöşü"),
}
SHARP_S = re.compile("(?<=[aeiouyäöü])ss(?=[^s])|(?<=[aeiouyäöü])ss$")
SHARP_S_SHARE = 0.3
RARE_LETTER = 3e-5
"""Letters less frequent than this (stray foreign letters in a word list) are left out of an alphabet."""
TEMPER = 0.75
"""Word frequencies are raised to this power: news names are rare words, and a bare count would forget them."""
PSEUDO = 2e-4
"""Added to each pair, as a share of its row, so that an unseen pair costs bits and not everything."""
TRUST = 2e-6
"""The share of a language's letters that a context of two needs before it counts as much as the last letter alone."""
MOST_TRIPLES = 4000
"""The triples kept of a language: those that change most against pairs, weighed by how often they come."""
UNSEEN_TRIPLE = 2.0
"""Bits that a triple out of the table costs beyond its last pair; letters.py has the same figure."""
UNKNOWN = 16.0
STEP = 4


def words_of(language: str) -> Iterator[tuple[str, float]]:
    """The words of a language as they are written, with their weights."""
    if language in UNCOUNTED:
        yield from ((word.casefold(), 1.0) for word in lemmas.get_dictionary(language))
        return
    for word, frequency in wordfreq.get_frequency_dict("sh" if language == "sr" else language, "best").items():
        weight = frequency**TEMPER
        if language == "sr":
            for latin, cyrillic in SERBIAN.items():
                word = word.replace(latin, cyrillic)
        if language == "el" and word.endswith("σ"):
            word = word[:-1] + "ς"
        yield word, weight
        if language == "de" and SHARP_S.search(word):
            yield SHARP_S.sub("ß", word), weight * SHARP_S_SHARE
        if language == "ro" and word != word.translate(CEDILLAS):
            yield word.translate(CEDILLAS), weight


def counted(language: str) -> tuple[set[str], Counter[str], Counter[str]]:
    """The alphabet, and the weights of pairs and triples of letters."""
    pairs: Counter[str] = Counter()
    triples: Counter[str] = Counter()
    letters: Counter[str] = Counter()
    broken = broken_letters(language)
    for word, weight in words_of(language):
        if not broken.isdisjoint(word):
            continue
        if not word.isalpha() or _is_latin(word) == (language in NOT_LATIN):
            continue
        whole = BOUNDARY + word + BOUNDARY
        for place, letter in enumerate(word):
            letters[letter] += weight  # type: ignore[assignment]
            triples[whole[place : place + 3]] += weight  # type: ignore[assignment]
        for place in range(len(whole) - 1):
            pairs[whole[place : place + 2]] += weight  # type: ignore[assignment]
    total = sum(letters.values())
    return {letter for letter, weight in letters.items() if weight >= RARE_LETTER * total}, pairs, triples


def broken_letters(language: str) -> set[str]:
    """What the letters of a language turn into when they are read as Windows-1252, as far as it has no use for them."""
    if language not in OWN_LETTERS:
        return set()
    page, own = OWN_LETTERS[language]
    return set(own.encode(page).decode("cp1252", "ignore")) - set(own)


def _is_latin(word: str) -> bool:
    return any(unicodedata.name(letter, "").startswith("LATIN") for letter in word)


def bits_of_pairs(alphabet: set[str], pairs: Counter[str]) -> dict[str, float]:
    known = sorted(alphabet | {BOUNDARY})
    bits: dict[str, float] = {}
    for left in known:
        row = [pairs[left + right] for right in known]
        total = sum(row) or 1.0
        for right, weight in zip(known, row, strict=True):
            bits[left + right] = -math.log2((weight / total + PSEUDO) / (1 + PSEUDO * len(known)))
    return bits


def bits_of_triples(pairs: Counter[str], triples: Counter[str], pair_bits: dict[str, float]) -> dict[str, float]:
    """The triples that tell most beyond their last pair, and what they cost."""
    total = sum(triples.values())
    bits: dict[str, float] = {}
    told: dict[str, float] = {}
    for triple, weight in triples.items():
        if triple[1:] not in pair_bits or triple[:2] not in pair_bits:
            continue
        context = pairs[triple[:2]]
        trust = context / (context + TRUST * total)
        alone = 2 ** -pair_bits[triple[1:]]
        cost = -math.log2(trust * weight / context + (1 - trust) * alone)
        bits[triple] = min(cost, pair_bits[triple[1:]] + UNSEEN_TRIPLE)
        told[triple] = weight * abs(pair_bits[triple[1:]] + UNSEEN_TRIPLE - cost)
    kept = sorted(told, key=lambda triple: (-told[triple], triple))[:MOST_TRIPLES]
    return {triple: bits[triple] for triple in kept}


def main(path: str) -> None:
    pair_bits: list[dict[str, float]] = []
    triple_bits: list[dict[str, float]] = []
    for language in LANGUAGES:
        alphabet, pairs, triples = counted(language)
        pair_bits.append(bits_of_pairs(alphabet, pairs))
        triple_bits.append(bits_of_triples(pairs, triples, pair_bits[-1]))
    pair_names = sorted(set().union(*pair_bits))
    triple_names = sorted(set().union(*triple_bits))
    of_pairs = np.array([[bits.get(name, UNKNOWN) for bits in pair_bits] for name in pair_names])
    of_triples = np.array(
        [
            [own.get(name, bits.get(name[1:], UNKNOWN - UNSEEN_TRIPLE) + UNSEEN_TRIPLE)
             for own, bits in zip(triple_bits, pair_bits, strict=True)]
            for name in triple_names
        ]
    )  # fmt: skip
    np.savez_compressed(
        path,
        languages=np.array(LANGUAGES),
        pairs=np.array("".join(pair_names)),
        triples=np.array("".join(triple_names)),
        pair_bits=_stepped(of_pairs),
        triple_bits=_stepped(of_triples),
    )
    print(f"{len(pair_names)} pairs, {len(triple_names)} triples, {Path(path).stat().st_size:,} bytes")


def _stepped(bits: np.ndarray) -> np.ndarray:
    return np.round(np.minimum(bits, UNKNOWN) * STEP).astype(np.uint8)


if __name__ == "__main__":
    main(sys.argv[1])
