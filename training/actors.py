"""Build the gazetteer that onrecord ships: `python training/actors.py ACTORS_FOLDER [OUT]`.

ACTORS_FOLDER holds the JSONL files that its README describes. Of these, rows under CC0, PDDL and MIT are taken (the
MIT notice is in `src/onrecord/actors/NOTICE.txt`); `people_ccbysa.jsonl` is left out, as share-alike data cannot go in
an Apache-licensed file. `heads.tsv` beside this script adds heads of state and government, some ministers, party
leaders and candidates since about 2000 whom the sources lack (country, office, name, start, end, sector where it is not
GOV); it is hand-written and CC0. The same person in several sources becomes one actor: joined on Wikidata's number,
else on a full name and the country.

OUT is an SQLite file, `src/onrecord/actors/actors.db` by default; `src/onrecord/actors/gazetteer.py` reads it.
"""

from __future__ import annotations

import json
import re
import sqlite3
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import msgspec

from onrecord.actors.gazetteer import search_words
from onrecord.actors.offices import office_key
from onrecord.actors.records import Actor, Term
from onrecord.actors.spelling import key, plain

HERE = Path(__file__).parent
OUT = HERE.parent / "src/onrecord/actors/actors.db"
LICENCES = {"CC0-1.0", "MIT"}
# The later a source stands, the less its name and terms count.
SOURCES = ["heads", "congress-legislators", "curated", "wikidata/every-politician", "factbook", "phoenix"]


def listed(words: str) -> frozenset[str]:
    """The words of a string."""
    return frozenset(words.split())


SECTORS = listed("GOV MIL LEG JUD COP SPY PTY OPP REB JRN BUS EDU MED REL REF LAB AGR CVL NGO IGO CRM UAF ELI")
TITLES = listed(
    "president minister chancellor kanzler bundeskanzler ambassador designate senator general king queen prince "
    "princess secretary leader chief premier sir lord dr mr mrs ms russian german french american us representative "
    "spokesman spokeswoman official governor mayor judge sheikh emir"
)
_BODY_NOUNS = listed(
    "bank union court fund council commission organization organisation office agency league mission force parliament "
    "community association conference committee un united nations european african world international secretariat "
    "peace cen bodies development group francophonie"
)
INVERTED = re.compile(r"^ambassador-designate\s+", re.IGNORECASE)

Row = dict[str, Any]


def rows(folder: Path) -> Iterator[Row]:
    """The people of all sources that may be shipped, best source first."""
    found = list(heads())
    for file in ("people.jsonl", "people_curated.jsonl"):
        for line in (folder / file).read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            if row["licence"] in LICENCES:
                found.append(row)
    yield from sorted(found, key=lambda row: SOURCES.index(row["source"]))


def heads() -> Iterator[Row]:
    """The rows of `heads.tsv`."""
    for line in (HERE / "heads.tsv").read_text(encoding="utf-8").splitlines():
        country, office, name, start, end, *code = line.split("\t")
        role = code[0] if code else "IGO" if len(country) != 3 else "GOV"
        term = {"office": office, "role": role, "start": start, "end": end}
        identity = "-".join(["head", *plain(name).split()])
        row = {"id": identity, "name": name, "country": country, "terms": [term]}
        yield row | {"as_of": "2025", "source": "heads"}


def names_of(row: Row) -> list[str]:
    """The full names of a row, without those that hold a title or are a surname alone."""
    names = [INVERTED.sub("", row["name"]), *row.get("aliases", []), row.get("name_ru", "")]
    fit = (name for name in names if len(name.split()) > 1 and not TITLES & set(plain(name).split()))
    return list(dict.fromkeys(fit))


def people(folder: Path) -> list[Actor]:
    """One actor a person."""
    groups: list[list[Row]] = []
    by_wikidata: dict[str, int] = {}
    by_name: dict[tuple[str, str], int] = {}
    for row in rows(folder):
        names = names_of(row)
        if not names:
            continue
        keys = [(key(name), row.get("country", "")) for name in names]
        known = by_wikidata.get(row.get("wikidata", ""))
        if known is None:
            same = next((by_name[k] for k in keys if k in by_name), None)
            mark = {one["wikidata"] for one in groups[same] if one.get("wikidata")} if same is not None else set()
            known = same if not mark or not row.get("wikidata") or row["wikidata"] in mark else None
        if known is None:
            known = len(groups)
            groups.append([])
        groups[known].append(row)
        if row.get("wikidata"):
            by_wikidata.setdefault(row["wikidata"], known)
        for k in keys:
            by_name.setdefault(k, known)
    return [person(group) for group in groups]


def person(group: list[Row]) -> Actor:
    """The actor of one person's rows."""
    wikidata = next((row["wikidata"] for row in group if row.get("wikidata")), "")
    names = list(dict.fromkeys(name for row in group for name in names_of(row)))
    terms = merged(group)
    sectors = [term.sector for term in terms if term.sector]
    return Actor(
        id=wikidata or group[0]["id"],
        name=names[0],
        country=group[0].get("country", ""),
        sector=sectors[0] if sectors else "",
        wikidata=wikidata,
        aliases=tuple(names[1:]),
        terms=terms,
        source=group[0]["source"],
    )


def merged(group: list[Row]) -> tuple[Term, ...]:
    """The terms of one person, latest first; of the same office from the same time the one with an end counts."""
    found: dict[tuple[str, str], Term] = {}
    for row in group:
        for term in row["terms"]:
            start, end, office = term.get("start", ""), term.get("end", ""), term.get("office") or ""
            made = Term(office, sector(term.get("role")), start, end, "" if end else row["as_of"])
            at = (office_key(office), start[:7])
            if at not in found or (end and not found[at].end) or (not end and row["as_of"] > found[at].seen > ""):
                found[at] = made
    named = [term for term in found.values() if term.office]
    kept = (term for term in named or found.values() if not outlived(term, named))
    return tuple(sorted(kept, key=lambda term: term.start, reverse=True))


def outlived(term: Term, others: list[Term]) -> bool:
    """Whether a term without an end is told better by another of the same office that began then."""
    if term.end or not term.office:
        return False
    same = (other for other in others if other is not term and office_key(other.office) == office_key(term.office))
    return any(other.start.startswith(term.start[:7]) and (other.end or other.seen >= term.seen) for other in same)


def sector(role: str | None) -> str:
    """PLOVER's primary code of a role: GOV of GOVMIL and of GOV:MFA; nothing for other codes."""
    return role[:3] if role and role[:3] in SECTORS else ""


def bodies(folder: Path) -> Iterator[Actor]:
    """Countries, bodies of several states, and institutions."""
    taken: set[str] = set()
    for line in (folder / "countries.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        kind = "country" if row["kind"] == "country" else "organisation"
        own = [row.get("official_en", "").removeprefix("the "), row.get("name_ru", ""), *row.get("aliases", [])]
        own += [m["text"] for m in row.get("metonyms", []) if m["kind"] in {"seat", "institution", "name"}]
        names = tuple(dict.fromkeys(name for name in own if len(name) > 2 and name != row["name_en"]))
        taken.update(key(name) for name in (row["name_en"], *names))
        code = "GOV" if kind == "country" else "IGO"
        wikidata = row.get("wikidata", "")
        yield Actor(row["id"], row["name_en"], kind, row["id"], code, wikidata, names, (), "countries")  # type: ignore[arg-type]
    for number, line in enumerate((folder / "institutions.jsonl").read_text(encoding="utf-8").splitlines()):
        row = json.loads(line)
        code = sector(row["role"])
        held = TITLES & set(plain(row["name"]).split())
        if key(row["name"]) in taken or held or (code == "IGO" and looks_personal(row["name"])):
            continue
        taken.add(key(row["name"]))
        aliases = tuple(cased(name) for name in row.get("aliases", []) if not TITLES & set(plain(name).split()))
        yield Actor(f"i{number:03}", cased(row["name"]), "organisation", row.get("country", ""), code, "", aliases, (),
                    "phoenix")  # fmt: skip


def looks_personal(name: str) -> bool:
    """Whether a name among the institutions is a person's: two or three words, none for a body."""
    words = plain(name).split()
    return 2 <= len(words) <= 3 and not _BODY_NOUNS & set(words)


def cased(name: str) -> str:
    """A name that its source set in title case, as it is written: FBI, Department of State."""
    small = {"Of", "The", "For", "And", "In", "On", "To"}
    words = name.split()
    if len(words) == 1 and len(name) <= 5 and name.istitle() and not re.search("[aeiouy].*[aeiouy]|^Duma", name[1:]):
        return name.upper()
    return " ".join(word.lower() if word in small and at else "US" if word == "Us" else word
                    for at, word in enumerate(words))  # fmt: skip


def titles(folder: Path) -> dict[str, str]:
    """The sector of each title; rows with priority override the others."""
    found: dict[str, str] = {}
    read = [json.loads(line) for line in (folder / "offices.jsonl").read_text(encoding="utf-8").splitlines()]
    for row in sorted(read, key=lambda row: row.get("priority", 0)):
        code = sector(row["role"])
        for title in filter(None, (row["title"], row.get("plural"))):
            if code:
                found[title.lower()] = code
            else:
                found.pop(title.lower(), None)
    return found


def demonyms(folder: Path) -> set[tuple[str, str]]:
    """What English and Russian call the people of each country."""
    read = [json.loads(line) for line in (folder / "countries.jsonl").read_text(encoding="utf-8").splitlines()]
    words = ((row["id"], word) for row in read for f in ("demonyms_en", "demonyms_ru") for word in row.get(f, []))
    extra = {("USA", "US"), ("USA", "U.S."), ("GBR", "UK"), ("GBR", "British"), ("GBR", "Britain"), ("NLD", "Dutch")}
    return extra | {(code, word.strip()) for code, words_ in words for word in words_.replace("(s)", "").split(",")}


def write(actors: Iterable[Actor], sectors: dict[str, str], people_of: set[tuple[str, str]], out: Path) -> None:
    """Write the file: actors as JSON by number, the keys of their names, their offices by country."""
    actors = list(actors)
    called: dict[str, list[str]] = defaultdict(list)
    for actor in actors:
        if actor.source == "countries":
            called[actor.id] += [actor.name, *actor.aliases]
    for code, word in sorted(people_of):
        called[code].append(word)
    out.unlink(missing_ok=True)
    with sqlite3.connect(out) as db:
        db.executescript(
            """
            PRAGMA page_size = 4096;
            CREATE TABLE actor (n INTEGER PRIMARY KEY, id TEXT, words TEXT, record BLOB);
            CREATE TABLE name (key TEXT, n INTEGER, PRIMARY KEY (key, n)) WITHOUT ROWID;
            CREATE TABLE office (country TEXT, key TEXT, n INTEGER, PRIMARY KEY (country, key, n)) WITHOUT ROWID;
            CREATE TABLE demonym (country TEXT, word TEXT, PRIMARY KEY (country, word)) WITHOUT ROWID;
            CREATE TABLE title (title TEXT PRIMARY KEY, sector TEXT) WITHOUT ROWID;
            """
        )
        keys: dict[str, set[int]] = defaultdict(set)
        held: set[tuple[str, str, int]] = set()
        for n, actor in enumerate(actors):
            words = " ".join(["", *sorted(search_words(actor, called[actor.country])), ""])
            db.execute("INSERT INTO actor VALUES (?, ?, ?, ?)", (n, actor.id, words, msgspec.json.encode(actor)))
            for name in (actor.name, *actor.aliases):
                keys[key(name)].add(n)
            held.update((actor.country, office_key(term.office), n) for term in actor.terms if term.office)
        db.executemany("INSERT INTO name VALUES (?, ?)", sorted((k, n) for k, ns in keys.items() if k for n in ns))
        db.executemany("INSERT INTO office VALUES (?, ?, ?)", sorted(held))
        db.executemany("INSERT INTO demonym VALUES (?, ?)", sorted(people_of))
        db.executemany("INSERT INTO title VALUES (?, ?)", sorted(sectors.items()))
    db = sqlite3.connect(out)
    db.execute("VACUUM")
    db.close()


def main(folder: Path, out: Path = OUT) -> None:
    """Build."""
    actors = [*bodies(folder), *people(folder)]
    write(actors, titles(folder), demonyms(folder), out)
    marked = sum(bool(actor.wikidata) for actor in actors)
    print(f"{len(actors)} actors, {marked} with Wikidata's number, {out.stat().st_size / 1e6:.1f} MB")


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
