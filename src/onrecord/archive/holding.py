"""Which statements and bodies hold which keys: tables that grow by a hundred random numbers with every article.

Written to its place at once, each key would change a page of its own, and the larger the archive the longer that takes.
So the keys of an article are first kept together as one row of a second table, its `fresh` rows. Every article then
brings to its place what is fresh in one of `SLICES` parts of the keys' range, one part after the other: neighbours,
which share pages. After as many articles every key of a row has come to its place, and the row goes. It is a
log-structured merge (O'Neil et al. (1996), The log-structured merge-tree) spread evenly: no article waits for it.

A writer remembers what is fresh; what it remembers is compared with the tables in every transaction.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from functools import cached_property
from weakref import WeakKeyDictionary

import numpy as np
from msgspec import Struct
from sqlalchemy import Connection, Engine, Table, Transaction

from onrecord.archive.inserting import plain, plain_each
from onrecord.archive.lists import rows_among
from onrecord.archive.sieve import Sieve

SLICES = 4096
"""Parts of the keys' range. With a million statements a part is 11 pages of the table, for the 92 keys of an article;
what is remembered takes some 30 MB."""
_SHIFT = 64 - 12
"""Key `k` is in slice `k >> _SHIFT & (SLICES - 1)`; written out, not a function: it is asked for every key."""
_ROW = np.dtype([("key", "<i8"), ("holder", "<i8"), ("held", "<i2")])

Entry = tuple[int, int, int]
"""A key, who holds it, and how many keys that one holds; none if it no longer holds this one."""
Held = tuple[int, int]
"""Who holds a key, and how many keys that one holds; none if it let go of it."""


class _Fresh:
    """What is fresh, as far as it was read: by slice and key, who came to hold it or let go of it, in that order."""

    def __init__(self) -> None:
        self.last = 0
        """The number of the last row that was read; rows count from 1."""
        self.last_row = b""
        self.slices: list[dict[int, list[Held]]] = [{} for _ in range(SLICES)]
        self.sieve = Sieve(SLICES, _SHIFT)
        """What is held, placed or fresh, of the slices that came round."""
        self.true_in: Transaction | None = None
        """The transaction in which this was compared with the tables and nothing was written since."""

    def take(self, number: int, packed: bytes) -> None:
        """Take in a row that was written since: what it took along is no longer fresh."""
        self.slices[number % SLICES].clear()
        for key, holder, held in np.frombuffer(packed, _ROW).tolist():
            self.slices[key >> _SHIFT & (SLICES - 1)].setdefault(key, []).append((holder, held))
            self.sieve.note(key)
        self.last, self.last_row = number, packed

    def take_all(self, rows: Sequence[tuple[int, bytes]]) -> None:
        """Begin anew with all the rows there are."""
        entries = np.frombuffer(b"".join(packed for _, packed in rows), _ROW)
        numbers = np.repeat([number for number, _ in rows], [len(packed) // _ROW.itemsize for _, packed in rows])
        self.last, self.last_row = rows[-1]
        waiting = (entries["key"] >> _SHIFT) % SLICES - numbers - 1
        fresh = entries[waiting % SLICES >= self.last - numbers]
        for key, holder, held in fresh.tolist():
            self.slices[key >> _SHIFT & (SLICES - 1)].setdefault(key, []).append((holder, held))


_fresh: WeakKeyDictionary[Engine, dict[str, _Fresh]] = WeakKeyDictionary()


class Keys(Struct, frozen=True, dict=True):
    """A table of keys with its fresh rows; `connection` is always in a writing transaction, of which there is one."""

    table: Table
    """Columns: the key, who holds it, how many keys that one holds."""
    fresh: Table

    def holders(self, connection: Connection, keys: Collection[int]) -> dict[int, list[Held]]:
        """Who holds each of these keys; those that nobody holds are left out."""
        found: dict[int, list[Held]] = {}
        if not keys:
            return found
        fresh = self._up_to_date(connection)
        slices = fresh.slices
        if passing := fresh.sieve.passing(keys):
            for key, holder, held in rows_among(connection, self._sql.among, passing):
                found.setdefault(key, []).append((holder, held))
        for key in keys:
            if changes := slices[key >> _SHIFT & (SLICES - 1)].get(key):
                found[key] = [one for one in dict([*found.get(key, ()), *changes]).items() if one[1]]
        return found

    def hold(self, connection: Connection, entries: Iterable[Entry]) -> None:
        """Note who holds which keys, or no longer does; later entries count."""
        rows = list(entries)
        if not rows:
            return
        fresh = self._up_to_date(connection)
        number = fresh.last + 1
        turn = number % SLICES
        if fresh.sieve.wants(turn):  # before keys go from the slice: that may be undone
            fresh.sieve.learn(turn, self._held_in(connection, turn) | fresh.slices[turn].keys())
        self._place(connection, fresh.slices[turn])
        plain(connection, self._sql.add, (number, np.array(rows, _ROW).tobytes()))
        plain(connection, self._sql.forget, (number - SLICES,))
        fresh.true_in = None

    def _held_in(self, connection: Connection, slice: int) -> set[int]:
        """The keys of a slice that are in the table."""
        first = slice << _SHIFT
        if first >= 1 << 63:  # keys are signed
            first -= 1 << 64
        return {key for (key,) in plain(connection, self._sql.between, (first, first + (1 << _SHIFT) - 1))}

    def _place(self, connection: Connection, slice: dict[int, list[Held]]) -> None:
        """Bring what is fresh of a slice to its place in the table."""
        held = []
        gone = []
        for key in sorted(slice):
            for holder, count in dict(slice[key]).items():
                if count:
                    held.append((key, holder, count))
                else:
                    gone.append((key, holder))
        plain_each(connection, self._sql.put, held)
        plain_each(connection, self._sql.drop, gone)

    def _up_to_date(self, connection: Connection) -> _Fresh:
        """What is fresh; read anew if what is remembered is not what is stored, as after a transaction that failed."""
        remembered = _fresh.setdefault(connection.engine, {})
        fresh = remembered.get(self.table.name)
        transaction = connection.get_transaction()
        if fresh and fresh.true_in is transaction:
            return fresh
        rows = plain(connection, self._sql.since, (fresh.last if fresh else 0,))
        if fresh and rows and rows[0] == (fresh.last, fresh.last_row):
            for number, packed in rows[1:]:
                fresh.take(number, packed)
        else:
            fresh = remembered[self.table.name] = _Fresh()
            if rows := plain(connection, self._sql.since, (0,)):
                fresh.take_all(rows)
        fresh.true_in = transaction
        return fresh

    @cached_property
    def _sql(self) -> _Sql:
        table, fresh = self.table.name, self.fresh.name
        key, holder, held = (column.name for column in self.table.columns)
        return _Sql(
            among=f"SELECT {key}, {holder}, {held} FROM {table} WHERE {key} {{among}}",
            between=f"SELECT {key} FROM {table} WHERE {key} BETWEEN ? AND ?",
            put=f"INSERT INTO {table} ({key}, {holder}, {held}) VALUES (?, ?, ?) "
            f"ON CONFLICT ({key}, {holder}) DO UPDATE SET {held} = excluded.{held}",
            drop=f"DELETE FROM {table} WHERE {key} = ? AND {holder} = ?",
            since=f"SELECT n, keys FROM {fresh} WHERE n >= ? ORDER BY n",
            add=f"INSERT INTO {fresh} (n, keys) VALUES (?, ?)",
            forget=f"DELETE FROM {fresh} WHERE n <= ?",
        )


class _Sql(Struct, frozen=True):
    among: str
    between: str
    put: str
    drop: str
    since: str
    add: str
    forget: str
