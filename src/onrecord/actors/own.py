"""Actors of the user's own, from a CSV or JSONL file."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

import msgspec

from onrecord.actors.gazetteer import Gazetteer
from onrecord.actors.records import Actor, Term
from onrecord.actors.spelling import key
from onrecord.errors import UsageError

COLUMNS = ("name", "id", "kind", "country", "sector", "wikidata", "aliases", "office", "start", "end")
"""Of a CSV file; only `name` must be there. `aliases` are divided by semicolons; a person with several offices has
several lines."""

_JSON = msgspec.json.Decoder(Actor, strict=False)


def with_own(path: Path) -> Gazetteer:
    """The shipped gazetteer with the actors of a file in front; `UsageError` names the line that cannot be read."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "it is not UTF-8"
        raise UsageError(f"{path}: cannot be read as a list of actors ({reason})") from error
    found = _from_csv(path, text) if path.suffix.lower() == ".csv" else _from_jsonl(path, text)
    return Gazetteer(list(found))


def _from_jsonl(path: Path, text: str) -> Iterator[Actor]:
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip():
            continue
        try:
            row = msgspec.json.decode(line, type=dict)
            yield _JSON.decode(msgspec.json.encode({"id": _identity(str(row.get("name", "")), ""), **row}))
        except msgspec.MsgspecError as error:
            raise UsageError(f"{path}:{number}: no actor ({error})") from error


def _from_csv(path: Path, text: str) -> Iterator[Actor]:
    reader = csv.DictReader(text.splitlines())
    unknown = [name for name in reader.fieldnames or () if name not in COLUMNS]
    if unknown or "name" not in (reader.fieldnames or ()):
        raise UsageError(f"{path}: a list of actors has the columns {', '.join(COLUMNS)}; found {reader.fieldnames}")
    people: dict[str, Actor] = {}
    for number, row in enumerate(reader, start=2):
        cell = {name: (row.get(name) or "").strip() for name in COLUMNS}
        if not cell["name"]:
            raise UsageError(f"{path}:{number}: no actor (its name is empty)")
        identity = cell["id"] or cell["wikidata"] or _identity(cell["name"], cell["country"])
        term = Term(cell["office"], cell["sector"], cell["start"], cell["end"], "" if cell["end"] else "9999")
        known = people.get(identity)
        terms = (*known.terms, term) if known else (term,)
        aliases = tuple(alias.strip() for alias in cell["aliases"].split(";") if alias.strip())
        people[identity] = _actor(path, number, identity, cell, aliases, tuple(t for t in terms if t.office))
    yield from people.values()


def _actor(
    path: Path, number: int, identity: str, cell: dict[str, str], aliases: tuple[str, ...], terms: tuple[Term, ...]
) -> Actor:
    fields = {name: cell[name] for name in ("name", "country", "sector", "wikidata")}
    row = {**fields, "id": identity, "kind": cell["kind"] or "person", "aliases": aliases, "source": path.name}
    try:
        return msgspec.structs.replace(msgspec.convert(row, Actor), terms=terms)
    except msgspec.ValidationError as error:
        raise UsageError(f"{path}:{number}: no actor ({error})") from error


def _identity(name: str, country: str) -> str:
    return "own:" + "-".join([*key(name).split(), *country.lower().split()])
