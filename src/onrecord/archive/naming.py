"""The actors that the statements of an article point to, with their numbers in the archive."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec import Struct
from sqlalchemy import Connection

from onrecord.archive import rows, tables
from onrecord.archive.inserting import insert_rows
from onrecord.archive.lists import rows_among
from onrecord.schema import Speaker, Statement
from onrecord.speakers import Party, actor_of


class Known(Struct, frozen=True):
    """A name's actor in the archive, if it has one, and the country it stands for."""

    actor_id: int | None = None
    country: str | None = None


_NOBODY = Known()


_HAVING = "SELECT key, id FROM actor WHERE key {among}"


class Cast(Struct, frozen=True):
    """Who is who in an article: the numbers of its actors by their keys, and what its names stand for."""

    ids: dict[str, int]
    names: dict[str, Known]

    def speaker(self, statement: Statement) -> int | None:
        """The number of the actor who speaks."""
        speaker = statement.speaker
        return self.ids[speaker.actor] if speaker and speaker.actor else None

    def mentions(self, number: int, statement: Statement) -> Iterator[rows.Values]:
        """The rows of `mention` for a statement."""
        for one in rows.named_in(statement):
            known = self.names.get(one.name, _NOBODY)
            yield {
                "statement_id": number,
                "part": one.part,
                "n": one.n,
                "name": one.name,
                "country": known.country,
                "actor_id": known.actor_id,
            }


def cast_of(connection: Connection, statements: Sequence[Statement]) -> Cast:
    """The actors of these statements; those that the archive does not have yet are added to it."""
    wanted = {one.speaker.actor: rows.actor_row(one.speaker) for one in statements if one.speaker and one.speaker.actor}
    speaking = _speaking(statements)
    parties: dict[str, Party] = {}
    for name in {one.name for statement in statements for one in rows.named_in(statement)} - speaking.keys():
        if party := actor_of(name):
            parties[name] = party
            if party.actor:
                wanted.setdefault(party.actor, _party_row(party))
    ids = _ids(connection, wanted)
    known = {name: Known(ids[speaker.actor or ""], speaker.country) for name, speaker in speaking.items()}
    for name, party in parties.items():
        known[name] = Known(ids[party.actor] if party.actor else None, party.country or None)
    return Cast(ids, known)


def _speaking(statements: Sequence[Statement]) -> dict[str, Speaker]:
    """The speakers by their full names, and by the last one where only one of them has it."""
    found: dict[str, Speaker] = {}
    last: dict[str, set[str]] = {}
    for one in statements:
        if one.speaker and one.speaker.actor and one.speaker.name:
            found[one.speaker.name] = one.speaker
            last.setdefault(one.speaker.name.split()[-1], set()).add(one.speaker.name)
    return {name: found[next(iter(full))] for name, full in last.items() if len(full) == 1} | found


def _party_row(party: Party) -> rows.Values:
    return {
        "key": party.actor,
        "name": party.name,
        "kind": party.kind,
        "role": None,
        "country": party.country or None,
        "wikidata": None,
        "sector": party.sector or None,
    }


def _ids(connection: Connection, wanted: dict[str, rows.Values]) -> dict[str, int]:
    if not wanted:
        return {}
    ids: dict[str, int] = dict(rows_among(connection, _HAVING, wanted))
    missing = [row for key, row in wanted.items() if key not in ids]
    if missing:
        insert_rows(connection, tables.actor, missing)
        ids.update(rows_among(connection, _HAVING, [row["key"] for row in missing]))
    return ids
