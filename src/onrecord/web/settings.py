"""What a server is told when it starts."""

from __future__ import annotations

from dataclasses import dataclass

from onrecord.schema import Engine


@dataclass(frozen=True)
class Settings:
    """How the web face serves an archive; the defaults are those of `onrecord serve`."""

    archive: str = "onrecord.db"
    """A path, or postgresql://user@host/name."""
    engine: Engine = "model"
    """What finds the statements of what is pasted."""
    fetch: bool = False
    """Whether links may be read: the server then fetches public addresses that strangers name."""
    hosts: tuple[str, ...] = ("localhost", "127.0.0.1", "[::1]")
    """The host names that requests may come in for; `*` for any. What is asked for another is refused."""
    https: bool = False
    """Whether visitors reach the server by https alone (behind a proxy): cookies are then sent by nothing else."""
    body_bytes: int = 5_000_000
    """The largest request; twice the largest of 220 crawled news pages."""
    requests_a_minute: int = 600
    """How many requests one address may make, in each process; 0 for any number."""
    readings_a_minute: int = 30
    """How many pages one address may have read, which takes a second each; 0 for any number."""
    logins_a_minute: int = 10
    """How many passwords one address may try; 0 for any number."""
    session_hours: int = 14 * 24
    """How long somebody stays signed in."""
    cache_seconds: float = 30.0
    """How old a page may be that somebody gets who has not signed in; 0 makes every page anew."""
    annotator: str = ""
    """The account in whose name everybody is who asks, without signing in: for a server that listens to one machine."""
