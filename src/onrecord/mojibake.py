"""Texts with mojibake → repaired: a file at once, or a set of texts, one JSON object a line."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

import msgspec

from onrecord.corpus import object_with, opened
from onrecord.errors import FetchError, InputError
from onrecord.formats.wire import repair_object
from onrecord.intake import pages
from onrecord.intake.files import readable, unpacking
from onrecord.intake.lines import Line, numbered
from onrecord.page.decode import decode
from onrecord.page.repair import Repaired, repair
from onrecord.schema import Failure, Repair


def repaired_input(given: str) -> Repaired:
    """The text of a file, of an address, or of standard input for `-`, decoded and repaired; markup is left alone.

    Raises an `InputError` for what cannot be read or is no text.
    """
    found = next(pages([given], "text"), None)
    if found is None or isinstance(found, Failure):
        raise FetchError(found.error if found else f"{given}: nothing to repair")
    text = decode(found.content, found.charset).text
    return repair(text, within=len(text))


def repaired_lines(path: str) -> Iterator[bytes | Failure]:
    """A line `{"id", "fixed", "repairs"}` for each `{"id", "broken"}` of a file; a failure for one without `broken`.

    `path` names a JSONL file, gzipped or not, or is `-` for standard input. Other fields are kept. Raises `FetchError`
    if the file cannot be opened.
    """
    try:
        with opened(path) as stream:
            for line in numbered(unpacking(stream), path):
                yield line if isinstance(line, Failure) else _repaired(line)
    except OSError as error:
        raise FetchError(f"{path}: {readable(error)}") from error


def _repaired(line: Line) -> bytes | Failure:
    try:
        row: dict[str, Any] = object_with(line, "broken")
    except InputError as error:
        return Failure(line.where, str(error))
    broken = row.pop("broken")
    fixed, repairs = repair(broken, within=len(broken))
    return msgspec.json.encode({**row, "fixed": fixed, "repairs": [repair_object(one) for one in repairs]})


def summary(repairs: Iterable[Repair]) -> str:
    """What was repaired, in words: how many places, and by which steps.

    >>> summary([Repair(0, 1, "Ã©", ("encode latin-1", "decode utf-8"))])
    '1 repair: 1 × encode latin-1, decode utf-8'
    """
    steps = Counter(", ".join(one.steps) for one in repairs)
    count = steps.total()
    told = "; ".join(f"{times:,} × {how}" for how, times in steps.most_common())
    return f"{count:,} repair{'' if count == 1 else 's'}" + (f": {told}" if told else "")
