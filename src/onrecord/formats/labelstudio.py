"""Articles as tasks of Label Studio with their statements as predictions, and back (https://labelstud.io/guide/tasks).

Offsets of a `Text` count code points, as ours do: the editor's own test is called “Should calculate offsets by code
points in text”. Early versions counted UTF-16 units (HumanSignal/label-studio, issue 1347 and pull 1559), which the
words that stand beside the offsets give away; such offsets are put right.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

import msgspec
from msgspec import Struct

from onrecord import __version__
from onrecord.errors import InputError
from onrecord.formats.annotated import ROLES, Link, Mark, Sheet, Units, article_from_sheet, marks_of, plain
from onrecord.formats.sound import Cover
from onrecord.formats.wire import Json
from onrecord.schema import Article

CONFIGURATION = """\
<View>
  <Style>.htx-text { white-space: pre-wrap; }</Style>
  <Labels name="role" toName="text">
    <Label value="Content" background="#8fb8de"/>
    <Label value="Part" background="#c3d9ee"/>
    <Label value="Source" background="#e0b872"/>
    <Label value="Cue" background="#b7d39a"/>
  </Labels>
  <Relations>
    <Relation value="has"/>
  </Relations>
  <Text name="text" value="$text" granularity="symbol"/>
  <Choices name="kind" toName="text" perRegion="true" whenTagName="role" whenLabelValue="Content">
    <Choice value="direct"/>
    <Choice value="mixed"/>
    <Choice value="indirect"/>
  </Choices>
  <TextArea name="speaker" toName="text" perRegion="true" maxSubmissions="1" editable="true"
            whenTagName="role" whenLabelValue="Content" placeholder="Who says it (full name)"/>
</View>
"""
"""The labelling configuration of a project for these tasks (Settings, Labeling Interface, Code)."""

_TOOL = "Label Studio"
_WORD = re.compile(r"\w+")
_FIELDS = {"choices": "choices", "textarea": "text"}
"""Where the value of a result of a type stands."""
_ESCAPED_BREAK = re.compile(r"\\[nrt]")


class _Task(Struct):
    data: dict[str, Any]
    annotations: list[dict[str, Any]] = []
    predictions: list[dict[str, Any]] = []


def task_of(article: Article) -> Json:
    """The article as a task, its statements as a prediction that annotators can start from.

    What Label Studio has no place for stands in `data` under `records`, which every export gives back.
    """
    text = plain(article.text)
    results: list[Json] = []
    records: Json = {}
    for content, others in marks_of(article):
        records[_id(content)] = content.record
        results += [_region(content, text), _choice(content)]
        if content.speaker:
            results.append(_speaker(content))
        for mark in others:
            results += [_region(mark, text), _relation(content, mark)]
    known = {"id": article.id, "lang": article.lang, "url": article.url, "headline": article.headline}
    data = {"text": text, **known, "records": records}
    return {"data": data, "predictions": [{"model_version": f"onrecord {__version__}", "result": results}]}


def _region(mark: Mark, text: str) -> Json:
    value = {"start": mark.start, "end": mark.end, "text": text[mark.start : mark.end]}
    return _result(mark, "role", "labels", {**value, "labels": [mark.role.capitalize()]})


def _choice(mark: Mark) -> Json:
    return _result(mark, "kind", "choices", {"start": mark.start, "end": mark.end, "choices": [mark.kind]})


def _speaker(mark: Mark) -> Json:
    return _result(mark, "speaker", "textarea", {"start": mark.start, "end": mark.end, "text": [mark.speaker]})


def _result(mark: Mark, tag: str, type: str, value: Json) -> Json:
    return {"id": _id(mark), "from_name": tag, "to_name": "text", "type": type, "value": value}


def _relation(content: Mark, other: Mark) -> Json:
    ends = {"from_id": _id(content), "to_id": _id(other)}
    return {**ends, "type": "relation", "direction": "right", "labels": ["has"]}


def _id(mark: Mark) -> str:
    return f"m{mark.name}"


def tasks_from(content: bytes) -> list[_Task]:
    """The tasks of an export (JSON, not JSON-MIN), or of what `task_of` made.

    Where somebody has annotated any of them, those that nobody has are left out: what a machine predicted is no gold.
    Raises `InputError` for anything else.
    """
    try:
        tasks = msgspec.json.decode(content, type=list[_Task])
    except (msgspec.MsgspecError, UnicodeError, RecursionError) as error:
        raise InputError(f"no tasks of Label Studio ({error}); export them as JSON, not JSON-MIN") from error
    done = [task for task in tasks if _kept(task.annotations)]
    return done or tasks


def article_from_task(task: _Task, name: str = "") -> Article:
    """The article that a task holds, with `name` for its id if the task names none.

    Of several annotations the one marked as ground truth counts, else the last one. Raises `InputError` for a task
    without text, results that are none, and offsets that are not sound.
    """
    text = task.data.get("text")
    if not isinstance(text, str):
        raise InputError('a task without "text" in its data')
    kept = _kept(task.annotations) or task.predictions[-1:]
    truth = [one for one in kept if one.get("ground_truth")] or kept
    results = truth[-1].get("result") if truth else []
    if not isinstance(results, list) or not all(isinstance(one, dict) for one in results):
        raise InputError("the result of an annotation is no list of objects")
    found = task.data.get("records")
    records: Json = (
        {name: one for name, one in found.items() if isinstance(one, dict)} if isinstance(found, dict) else {}
    )
    marks = tuple(_marks(text, results, records))
    return article_from_sheet(
        Sheet(
            str(task.data.get("id") or name),
            text,
            str(task.data.get("lang") or ""),
            marks,
            tuple(_links(results)),
            _TOOL,
            tuple(records.values()),
        )
    )


def _kept(annotations: Sequence[Json]) -> list[Json]:
    """The annotations that were not skipped."""
    return [one for one in annotations if not one.get("was_cancelled")]


def _marks(text: str, results: Sequence[Json], records: Json) -> Iterator[Mark]:
    """The regions, each with what was chosen and written for it, and its record if it is still called the same.

    Label Studio gives regions new names when somebody starts from a prediction; what is left in `records` then is
    told by its place.
    """
    chosen = _chosen(results)
    units, cover = Units(text), Cover(len(text))
    for one in results:
        if one.get("type") != "labels":
            continue
        value, name = one.get("value"), one.get("id")
        if not isinstance(value, dict) or not isinstance(name, str):
            raise InputError("a region without id or value")
        start, end = _place(text, units, cover, value)
        role = _first(value.get("labels")).lower()
        more = chosen[name]
        content = role == "content"
        yield Mark(
            name, role if role in ROLES else "", start, end, more.get("kind", ""),
            more.get("speaker", "") if content else None, records.pop(name, None) if content else None,
        )  # fmt: skip


def _chosen(results: Sequence[Json]) -> dict[str, dict[str, str]]:
    """What was chosen and written for each region, by the name of the field."""
    chosen: dict[str, dict[str, str]] = defaultdict(dict)
    for one in results:
        field, value, name = _FIELDS.get(str(one.get("type"))), one.get("value"), one.get("id")
        if field and isinstance(value, dict) and isinstance(name, str):
            chosen[name][str(one.get("from_name"))] = _first(value.get(field))
    return chosen


def _first(words: object) -> str:
    """The only one of a list of words, or the words."""
    if isinstance(words, list):
        words = words[0] if words else ""
    return words if isinstance(words, str) else ""


def _place(text: str, units: Units, cover: Cover, value: Json) -> tuple[int, int]:
    """The offsets of a region in code points; raises `InputError` where other words stand there than it names."""
    start, end = value.get("start"), value.get("end")
    if not isinstance(start, int) or not isinstance(end, int):
        raise InputError(f"a region from {start!r} to {end!r}: offsets are whole numbers; use a Text, not HyperText")
    cover.add(start, end)
    told = value.get("text")
    if not isinstance(told, str) or _words(told) == _words(text[max(start, 0) : max(end, 0)]):
        return start, end
    try:
        points = units.to_points(start), units.to_points(end)
    except InputError:
        points = start, start
    if _words(told) == _words(text[slice(*points)]):
        return points
    raise InputError(f"at {start}-{end} stands {text[start:end][:40]!r}, not {told[:40]!r}; is it another text?")


def _words(text: str) -> list[str]:
    """The words, since the editor gives line breaks back in various ways."""
    return _WORD.findall(_ESCAPED_BREAK.sub(" ", text))


def _links(results: Sequence[Json]) -> Iterator[Link]:
    for one in results:
        if one.get("type") == "relation":
            yield str(one.get("from_id")), str(one.get("to_id"))
