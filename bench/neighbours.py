"""Mojibake beyond the set that repair was made with: pip install django==5.2 && python bench/neighbours.py [--show]

The sentences are the translations that Django ships for ninety languages (BSD): no news, and no source of the letter
statistics or of shared/data/mojibake. Of each language sixty stay as they are, twenty stand amid English with accented
names, and for the languages that have code pages forty a pair are broken: whole, amid that English, and a few words of
them alone. Prints what is restored by kind and by pair, and what clean text is harmed, by language.
"""

import json
import random
import re
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import ftfy.bad_codecs  # noqa: F401

from onrecord.page.repair import repair

WEB = "sloppy-windows-1252"
CENTRAL = [("cp1250", WEB), ("iso-8859-2", "latin-1"), ("iso-8859-2", WEB)]
CENTRAL_AS_EACH_OTHER = [("cp1250", "iso-8859-2"), ("iso-8859-2", "cp1250")]
UTF8 = [("utf-8", WEB), ("utf-8", "latin-1")]
BALTIC = [("cp1257", WEB), ("iso-8859-13", "latin-1")]
PAIRS = {
    "ru": [
        ("cp1251", WEB), ("koi8-r", WEB), ("iso-8859-5", "latin-1"), ("cp866", WEB), ("mac-cyrillic", WEB),
        ("cp1251", "koi8-r"), ("koi8-r", "cp1251"), ("cp866", "cp1251"), ("cp1251", "cp866"), ("iso-8859-5", "cp1251"),
        ("cp1251", "iso-8859-5"), ("koi8-r", "cp866"), ("cp866", "koi8-r"),
    ],
    "uk": [
        ("cp1251", WEB), ("koi8-u", WEB), ("iso-8859-5", "latin-1"), ("mac-cyrillic", WEB), ("koi8-u", "cp1251"),
        ("cp1251", "koi8-u"),
    ],
    "bg": [("cp1251", WEB), ("iso-8859-5", "latin-1"), ("cp1251", "koi8-r")],
    "sr": [("cp1251", WEB), ("iso-8859-5", "latin-1")],
    "el": [("cp1253", WEB), ("iso-8859-7", "latin-1"), ("cp1253", "cp1251"), ("iso-8859-7", "cp1251")],
    **dict.fromkeys(("pl", "cs", "sk", "hu", "sl", "hr", "ro"), CENTRAL + CENTRAL_AS_EACH_OTHER),
    "ar": [("cp1256", WEB), ("iso-8859-6", "latin-1"), ("cp1256", "cp1251")],
    "fa": [("cp1256", WEB)],
    "he": [("cp1255", WEB), ("iso-8859-8", "latin-1"), ("cp1255", "cp1251")],
    "tr": [("cp1254", WEB), ("cp1254", "latin-1")],
    "lt": BALTIC,
    "lv": BALTIC,
    **dict.fromkeys(("fr", "de", "es", "pt", "sv", "nb", "da", "fi", "is", "it"), UTF8),
}  # fmt: skip
AROUND = [
    "The minister arrived on Monday and left again before the talks began.",
    "“We will not sign,” she told reporters.",
    "Photo: José Muñoz / Reuters.",
    "The match in São Paulo ended without a goal – the first since 1998.",
    "Anna Petrova/TASS",
    "François Müller’s plan costs €4.5m.",
]


class Row(NamedTuple):
    kind: str
    lang: str
    pair: str
    broken: str
    fixed: str


def sentences(root: Path, lang: str) -> list[str]:
    found: set[str] = set()
    for path in root.rglob(f"locale/{lang}/LC_MESSAGES/*.po"):
        for message in re.finditer(
            r'^msgstr(?:\[\d\])? ((?:".*"\n?)+)', path.read_text(encoding="utf-8"), re.MULTILINE
        ):
            text = "".join(json.loads(line) for line in message[1].strip().split("\n"))
            text = re.sub(r"<[^>]+>|[“\"«]?%\([a-z_]+\)[sd][”\"»]?|%[sd]|\{[a-z_]+\}", "", text)
            text = " ".join(text.split())
            if len(text.split()) >= 4 and len(text) < 250 and not text.isascii() and "%" not in text:
                found.add(text)
    return sorted(found)


def rows(root: Path) -> Iterator[Row]:
    chance = random.Random(5)
    for folder in sorted((root / "conf" / "locale").iterdir()):
        if not folder.is_dir() or folder.name.startswith(("en", "_")):
            continue
        texts = sentences(root, folder.name)
        chance.shuffle(texts)
        for text in texts[:60]:
            yield Row("clean", folder.name, "", text, text)
        for text in texts[60:80]:
            mixed = f"{chance.choice(AROUND)} {few_words(chance, text, 5)} {chance.choice(AROUND)}"
            yield Row("clean, amid English", folder.name, "", mixed, mixed)
        for right, wrong in PAIRS.get(folder.name, []):
            for text in chance.sample(texts, min(40, len(texts))):
                yield from broken(chance, folder.name, text, right, wrong)


def broken(chance: random.Random, lang: str, text: str, right: str, wrong: str) -> Iterator[Row]:
    some, few = few_words(chance, text, 8), few_words(chance, text, 3)
    for kind, words in (("whole", text), ("amid English", some), ("a few words", few)):
        try:
            misread = words.encode(right).decode(wrong)
        except UnicodeError:
            continue
        if misread != words:
            around = f"{chance.choice(AROUND)} {{}} {chance.choice(AROUND)}" if kind == "amid English" else "{}"
            yield Row(kind, lang, f"{right}>{wrong}", around.format(misread), around.format(words))


def few_words(chance: random.Random, text: str, most: int) -> str:
    words = text.split()
    start = chance.randrange(len(words))
    return " ".join(words[start : start + chance.randint(1, most)])


def main(root: Path) -> None:
    seen: Counter[str] = Counter()
    right: Counter[str] = Counter()
    harmed: Counter[str] = Counter()
    for row in rows(root):
        text = repair(row.broken).text
        for group in (row.kind, row.pair and f"{row.lang:2} {row.pair}"):
            seen[group] += bool(group)
            right[group] += bool(group) and text == row.fixed
        harmed[row.lang] += not row.pair and text != row.fixed
        if text != row.fixed and "--show" in sys.argv:
            print(f"{row.kind} {row.lang} {row.pair}\n  want {row.fixed!r}\n  have {text!r}")
    for group, count in sorted(seen.items(), key=lambda item: (">" in item[0], item[0])):
        if count:
            print(f"{group:34} {right[group]:5} of {count:5} right {right[group] / count:7.1%}")
    print(
        "clean texts changed:", ", ".join(f"{lang} {count}" for lang, count in harmed.most_common() if count) or "none"
    )


if __name__ == "__main__":
    import django

    main(Path(django.__file__).parent)
