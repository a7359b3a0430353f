"""An evaluation, for people and for programs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, TextIO

import msgspec
from rich.console import Console

from onrecord.evaluation.counting import BY_KIND
from onrecord.evaluation.scoring import Difference, Evaluation, Score, System
from onrecord.formats.terminal import inert

_DIGITS = 6
_NAMED = 3


def print_evaluation(found: Evaluation, form: str, out: TextIO) -> None:
    """Print an evaluation as `text` or `json`."""
    if form == "json":
        packed = msgspec.json.encode(evaluation_object(found))
        out.write(msgspec.json.format(packed, indent=1).decode("utf-8") + "\n")
        return
    console = Console(file=out, highlight=False, width=None if out.isatty() else 120)
    for line in _lines(found):
        console.print(line, soft_wrap=True, markup=False)


def evaluation_object(found: Evaluation) -> dict[str, Any]:
    """The evaluation as plain lists and dictionaries, shares rounded to six digits."""
    plain: dict[str, Any] = _rounded(msgspec.to_builtins(found))
    return plain


def _rounded(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _rounded(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_rounded(one) for one in value]
    return round(value, _DIGITS) if isinstance(value, float) else value


def _lines(found: Evaluation) -> Iterator[str]:
    yield f"gold standard: {inert(found.gold)}, {_many(found.documents, 'document')}, {_statements(found.statements)}"
    for system in found.systems:
        yield ""
        yield from _system(system)
    if found.differences:
        first, second = found.systems
        yield ""
        yield f"{inert(first.name)} less {inert(second.name)}"
        yield f"{'':17} {'F1':>7}" + "   95 % interval    chance" * bool(found.draws)
        yield from map(_difference, found.differences)
    if found.draws:
        yield ""
        yield f"intervals: 95 %, bootstrap over documents, {found.draws:,} draws, seed {found.seed}"
        yield from ["chance: of such a difference if both were equally good (paired approximate randomisation)"] * (
            len(found.systems) > 1
        )


def _system(system: System) -> Iterator[str]:
    yield f"{inert(system.name)}: {_statements(system.statements)}"
    yield from _told(system)
    yield f"{'':17} precision  recall      F1" + "   95 % interval" * _has_intervals(system.scores)
    yield from _rows(system.scores)
    for kind, scores in system.kinds.items():
        yield from _rows({f"{kind} {measure}": score for measure, score in scores.items()})
    speaker = system.speaker
    of = _many(speaker.gold, "quoted statement")
    yield f"{'speaker':17} {speaker.recall:.3f} of {of} with a named source, by its words; names are not compared"
    for lang, scores in system.languages.items():
        yield from _rows({f"{inert(lang)} {measure}": scores[measure] for measure in BY_KIND})


def _told(system: System) -> Iterator[str]:
    """What was missing, too much, or known by another name."""
    if system.missing:
        yield f"  {_many(len(system.missing), 'document')} missing, nothing found in them: {_names(system.missing)}"
    if system.unknown:
        yield f"  {_many(len(system.unknown), 'document')} unknown, passed over: {_names(system.unknown)}"
    if system.joined_by_text:
        yield f"  {_many(system.joined_by_text, 'document')} with another id, told by the text"


def _names(names: Sequence[str]) -> str:
    return inert(", ".join(names[:_NAMED])) + ", …" * (len(names) > _NAMED)


def _has_intervals(scores: Mapping[str, Score]) -> bool:
    return any(score.f1_interval for score in scores.values())


def _rows(scores: Mapping[str, Score]) -> Iterator[str]:
    for name, score in scores.items():
        bounds = f"   {score.f1_interval[0]:.3f} – {score.f1_interval[1]:.3f}" if score.f1_interval else ""
        yield f"{name:17}     {score.precision:.3f}   {score.recall:.3f}   {score.f1:.3f}{bounds}"


def _difference(one: Difference) -> str:
    row = f"{one.measure:17}  {one.difference:+.3f}"
    if one.interval and one.chance is not None:
        row += f"  {one.interval[0]:+.3f} – {one.interval[1]:+.3f}     {one.chance:.3f}"
    return row


def _statements(number: int) -> str:
    return _many(number, "statement")


def _many(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
