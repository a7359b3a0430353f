"""Which statements of the archive are one utterance."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection

from onrecord.schema import Statement


def link(connection: Connection, numbered: Sequence[tuple[int, Statement]]) -> None:
    """Find the cluster of each statement that was added."""


def unlink(connection: Connection, numbers: Sequence[int]) -> None:
    """Take statements out of their clusters."""
