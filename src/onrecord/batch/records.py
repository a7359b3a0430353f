"""The records of a batch run: how it is set, what its input is cut into, what a shard came to."""

from __future__ import annotations

import re
from typing import Literal

from msgspec import Struct, field

from onrecord.schema import Engine

ShardKind = Literal["warc", "jsonl", "parquet", "files"]
Outcome = Literal["failed", "left_out", "noted"]
Phase = Literal["apart", "statements"]


class Settings(Struct, frozen=True):
    """What a run is to do; whoever goes on with a run has to ask for the same."""

    engine: Engine = "model"
    languages: tuple[str, ...] = ()
    """Only pages in these languages; all if there are none."""
    domains: tuple[str, ...] = ()
    """Only pages of these hosts and of those below them; all if there are none."""
    actors: str = ""
    """A file of the user's own actors; workers on other machines have to see it at the same path."""
    page_seconds: int = 60
    """The processor time that one page may take in one phase, some 300 times what a page takes on average."""
    memory_mb: int = 750
    """What the process that reads pages may take; the one that feeds it takes 200 MB more at most."""


class Shard(Struct, frozen=True):
    """A part of the input that one worker reads at a time."""

    number: int
    kind: ShardKind
    locations: tuple[str, ...]
    """One file, or several where each is a page."""
    start: int = 0
    """Where it begins: a byte of a WARC or JSONL file, a group of rows of a Parquet file."""
    stop: int | None = None
    """What begins here or later belongs to the next shard; None for the rest of the file."""
    size: int = 0
    """Bytes, as stored; 0 if not known."""

    @property
    def name(self) -> str:
        """What its files are called."""
        return f"{self.number:06}"


class Trouble(Struct, frozen=True):
    """A row of `problems`: a page that gave no article or was left out, or what is odd about an article."""

    place: str
    """The file and where in it: `FILE@BYTE`, `FILE:LINE`, `FILE#ROW`."""
    stage: str
    """`file` (all of it), `record`, `filter`, `page`, `time`, `memory`, `died`, `duplicate`, or the article's own."""
    outcome: Outcome
    """`failed`: it could not be read; `left_out`: it was not asked for; `noted`: it was read all the same."""
    message: str
    url: str = ""


class Reason(Struct):
    """Why pages could not be read, as the first of them tells it."""

    message: str
    place: str
    count: int = 0


_MOST_REASONS = 20
_DIGITS = re.compile(r"\d+")


class Tally(Struct):
    """What shards came to."""

    shards: int = 0
    size: int = 0
    pages: int = 0
    articles: int = 0
    statements: int = 0
    duplicates: int = 0
    troubles: dict[str, int] = field(default_factory=dict)
    """How many of each stage and outcome, as `stage outcome`."""
    reasons: dict[str, Reason] = field(default_factory=dict)
    """The first kinds of failures, by stage and message without its numbers."""
    seconds: dict[str, float] = field(default_factory=dict)
    """The processor time of each step, over all workers."""

    def add(self, other: Tally) -> None:
        """Count in what another one counted."""
        for name in ("shards", "size", "pages", "articles", "statements", "duplicates"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        for key, count in other.troubles.items():
            self.troubles[key] = self.troubles.get(key, 0) + count
        for key, reason in other.reasons.items():
            self._reason(key, reason.message, reason.place, reason.count)
        for key, spent in other.seconds.items():
            self.seconds[key] = self.seconds.get(key, 0.0) + spent

    def count(self, trouble: Trouble) -> None:
        """Count one row of `problems`."""
        key = f"{trouble.stage} {trouble.outcome}"
        self.troubles[key] = self.troubles.get(key, 0) + 1
        if trouble.outcome == "failed":
            self._reason(
                f"{trouble.stage} {_DIGITS.sub('N', trouble.message)[:200]}", trouble.message, trouble.place, 1
            )

    def _reason(self, key: str, message: str, place: str, count: int) -> None:
        if key in self.reasons or len(self.reasons) < _MOST_REASONS:
            self.reasons.setdefault(key, Reason(message, place)).count += count
