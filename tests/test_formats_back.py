"""Articles written and read back: the wire, Parquet, Web Annotations and brat; and what hostile files come to."""

from __future__ import annotations

import copy
import json
import re
import subprocess
import sys
import tracemalloc
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

import onrecord
from made_articles import MADE, articles, only_statements, reworded
from onrecord.errors import InputError, LimitError, UsageError
from onrecord.formats import arrow, brat, parquet
from onrecord.formats.brat_reading import article_from_brat
from onrecord.formats.parquet import articles_from_parquet, parquet_folder
from onrecord.formats.webannotation import article_from_collection, collection
from onrecord.formats.wire import article_from, article_object, statement_object
from onrecord.schema import Act, Article, Passage, Speaker, Statement

EXAMPLE = Path(__file__).parent.parent / "examples" / "port-talks.txt"


def without_breaks(article: Article) -> bool:
    """Whether each passage and condition holds more than what brat has no line for."""
    spans = [
        spans
        for one in article.statements
        for spans in (
            one.source.spans,
            one.cue.spans,
            one.content.spans,
            *((act.condition,) for act in one.acts if act.condition),
        )
    ]
    return all(brat.fragments(article.text, one) for one in spans if one)


@given(articles())
@example(MADE)
def test_the_wire_gives_back_what_it_was_given(article: Article) -> None:
    assert article_from(article_object(article)) == article
    line = msgspec.json.encode(article_object(article))
    assert article_from(line) == article_from(line.decode()) == article


def rounded(value: Any) -> Any:
    """Records with every number that is no integer to three digits, however deep."""
    if isinstance(value, msgspec.Struct):
        return type(value)(*(rounded(getattr(value, name)) for name in value.__struct_fields__))
    if isinstance(value, tuple):
        return tuple(map(rounded, value))
    return round(value, 3) if isinstance(value, float) else value


def test_confidences_alone_are_rounded_on_the_wire() -> None:
    article = onrecord.read(EXAMPLE)
    back = article_from(onrecord.to_dict(article))
    assert onrecord.to_dict(back) == onrecord.to_dict(article)
    assert back == rounded(article)


def test_every_field_of_an_act_goes_over_the_wire() -> None:
    """A field added to the record needs no line in the format: only spans are written otherwise than in Python."""
    assert [set(act) for act in statement_object(MADE.statements[0])["acts"]] == [set(Act.__struct_fields__)] * 2


def test_lines_of_a_later_version_and_of_an_earlier_one_are_read() -> None:
    wire = article_object(MADE)
    wire["mood"] = {"grim": [1, 2]}
    wire["statements"][0]["tempo"] = 3
    for later in ("canonical", "modified", "credits"):
        del wire[later]
    del wire["statements"][0]["lang"]
    back = article_from(wire)
    assert back.statements[0].content_text == MADE.statements[0].content_text
    assert (back.canonical, back.modified, back.credits, back.statements[0].lang) == ("", None, (), "")


def changed(path: tuple[str | int, ...], value: Any) -> dict[str, Any]:
    wire = copy.deepcopy(article_object(MADE))
    within: Any = wire
    for step in path[:-1]:
        within = within[step]
    within[path[-1]] = value
    return wire


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("text",), 5),
        (("text",), ""),
        (("text",), "a half of a pair: \ud800"),
        (("id",), None),
        (("blocks", 0, "start"), -1),
        (("blocks", 0, "end"), 10**30),
        (("blocks", 0, "end"), 60),
        (("blocks", 0, "kind"), "advert"),
        (("repairs", 0, "start"), 9999),
        (("credits", 0, "end"), 0),
        (("statements", 0, "content"), []),
        (("statements", 0, "content"), [[5, 5]]),
        (("statements", 0, "content"), [[9, 12], [3, 7]]),
        (("statements", 0, "content"), [[3, 9], [8, 12]]),
        (("statements", 0, "content"), [[3]]),
        (("statements", 0, "content"), [["3", "9"]]),
        (("statements", 0, "content"), [[3.5, 9]]),
        (("statements", 0, "source"), [[-4, -1]]),
        (("statements", 0, "cue"), None),
        (("statements", 0, "kind"), "shouted"),
        (("statements", 0, "confidence"), float("nan")),
        (("statements", 0, "confidence"), "sure"),
        (("statements", 0, "confidence"), 1.5),
        (("statements", 0, "speaker", "confidence"), -0.1),
        (("statements", 0, "speaker", "kind"), "ghost"),
        (("statements", 0, "speaker"), "Anna Roe"),
        (("statements", 0, "acts", 0, "condition"), [5, 99999]),
        (("statements", 0, "acts", 0, "act"), 7),
        (("statements", 0, "nested_in"), "s1"),
        (("statements", 1, "id"), "s1"),
        (("statements", 1, "id"), ""),
        (("statements",), {"s1": {}}),
        (("problems",), [["page", "odd"]]),
    ],
    ids=str,
)
def test_objects_that_are_no_article_are_one_clear_error(path: tuple[str | int, ...], value: Any) -> None:
    with pytest.raises(InputError):
        article_from(changed(path, value))


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)


def paths(value: Any, path: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path] * bool(path) + [one for name, part in inner for one in paths(part, (*path, name))]


@settings(max_examples=300)
@given(st.sampled_from(paths(article_object(MADE))), json_values)
def test_an_article_with_any_one_value_replaced_is_sound_or_an_input_error(
    path: tuple[str | int, ...], value: Any
) -> None:
    try:
        article = article_from(changed(path, value))
    except InputError:
        return
    for statement in article.statements:
        for passage in (statement.source, statement.cue, statement.content):
            assert passage == Passage.of(article.text, *((span.start, span.end) for span in passage.spans))


@given(st.binary(max_size=40) | st.text(max_size=40) | json_values)
def test_anything_else_is_an_input_error(junk: Any) -> None:
    with pytest.raises(InputError):
        article_from(junk)


def test_depth_cycles_and_repetition_do_no_harm() -> None:
    with pytest.raises(InputError, match="too deep"):
        article_from(b'{"id":"a","text":"b","extra":' + b"[" * 100_000 + b"]" * 100_000 + b"}")
    cyclic: dict[str, Any] = article_object(MADE)
    cyclic["problems"] = cyclic
    with pytest.raises(InputError):
        article_from(cyclic)
    whole = {"kind": "direct", "source": [], "cue": [], "content": [[0, 100_000]]}
    many = [whole | {"id": f"s{number}"} for number in range(5_000)]
    with pytest.raises(LimitError, match="cover"):
        article_from({"id": "a", "text": "x" * 100_000, "statements": many})


@settings(deadline=None)
@given(articles())
@example(MADE)
def test_web_annotations_give_back_the_article(article: Article) -> None:
    assert article_from_collection(json.loads(msgspec.json.encode(collection(article)))) == article


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(paths(collection(MADE))), json_values)
def test_web_annotations_with_any_one_value_replaced_are_sound_or_an_input_error(
    path: tuple[str | int, ...], value: Any
) -> None:
    given_collection = copy.deepcopy(collection(MADE))
    within: Any = given_collection
    for step in path[:-1]:
        within = within[step]
    within[path[-1]] = value
    try:
        assert isinstance(article_from_collection(given_collection), Article)
    except InputError:
        return


def test_positions_that_contradict_the_quotation_are_an_error() -> None:
    given_collection = copy.deepcopy(collection(MADE))
    selectors = given_collection["first"]["items"][0]["target"][0]["selector"]
    selectors[0]["start"] += 1
    selectors[0]["end"] += 1
    with pytest.raises(InputError, match="does not read as quoted"):
        article_from_collection(given_collection)


@settings(deadline=None)
@given(articles().filter(without_breaks))
@example(MADE)
def test_brat_gives_back_text_and_statements(article: Article) -> None:
    back = article_from_brat(brat.text_of(article), brat.lines_of(article), article.id)
    assert back == reworded(only_statements(article))


def test_what_annotators_change_in_brat_goes_before_the_notes() -> None:
    lines = brat.lines_of(MADE).splitlines()
    content = next(line for line in lines if line.startswith("T1\t"))
    start = MADE.text.index("We will")
    lines[lines.index(content)] = f"T1\tContent {start} {start + 26}\tWe will not close the dam"
    lines = [line.replace("Kind T1 direct", "Kind T1 mixed") for line in lines]
    lines = [line.replace("Act_type T4 AGREE", "Act_type T4 THREATEN") for line in lines]
    lines = [line for line in lines if "\tNegated" not in line and "Stands_in" not in line]
    lines += [
        "T90\tContent 0 4\tDam ",
        "A90\tKind T90 indirect",
        "T91\tSource 4 6\tto",
        "R90\tSaid_by Arg1:T90 Arg2:T91",
    ]
    first, second, third, new = article_from_brat(MADE.text, "\n".join(lines)).statements
    assert first.content.parts == ("We will not close the dam,",)
    assert (first.kind, first.acts[0].act, first.acts[0].mode) == ("mixed", "THREATEN", "readiness")
    assert first.speaker == MADE.statements[0].speaker
    assert (second.negated, second.nested_in, third.nested_in) == (False, None, None)
    assert (new.id, new.content.text, new.source.text, new.speaker, new.confidence) == ("T90", "Dam ", "to", None, 1.0)


@given(st.integers(0, 2_000), st.integers(0, 40), st.text('\t\n 019;:{}[]"TAR#٣', max_size=6))
def test_brat_with_a_piece_replaced_is_sound_or_an_input_error(at: int, length: int, piece: str) -> None:
    lines = brat.lines_of(MADE)
    try:
        article = article_from_brat(MADE.text, lines[:at] + piece + lines[at + length :])
    except InputError:
        return
    assert article == reworded(article)


@pytest.mark.parametrize(
    "lines",
    [
        "T1\tContent 0 99999\tDam",
        "T1\tContent 5 5\t",
        "T1\tContent 0 3;2 5\tDam to\nA1\tKind T1 direct",
        "T1 Content 0 3 Dam",
        "T1\tContent zero three\tDam",
        "T1\tContent 0 3\tDam",
        "T1\tContent 0 3\tDam\nA1\tKind T1 shouted",
        "T1\tContent 0 3\tDam\nA1\tKind T1 direct\n#1\tRecord T1\t{broken",
        'T1\tContent 0 3\tDam\nA1\tKind T1 direct\n#1\tRecord T1\t{"speaker":{"name":5}}',
        "R1\tSaid_by Arg1:T1",
        "T1\tContent 0 3\tDam\nA1\tKind T1 direct\nT2\tAct 0 3\tDam\nR1\tDoes Arg1:T1 Arg2:T2",
    ],
)
def test_brat_that_is_broken_is_one_clear_error(lines: str) -> None:
    with pytest.raises(InputError):
        article_from_brat(MADE.text, lines)


def test_lines_of_brat_that_are_not_ours_are_passed_over() -> None:
    lines = brat.lines_of(MADE) + "E1\tMove:T1 Agent:T2\nN1\tReference T1 Wikipedia:5\tHolm\n*\tEquiv T1 T2\n\n"
    assert article_from_brat(brat.text_of(MADE), lines, MADE.id) == reworded(only_statements(MADE))


@pytest.mark.parametrize(
    "lines",
    [
        "".join(f"T{n}\tContent 0 100000\tx\nA{n}\tKind T{n} direct\n" for n in range(1, 5_000)),
        "T0\tSource 0 1;99999 100000\tx\n"
        + "".join(
            f"T{n}\tContent 0 9\tx\nA{n}\tKind T{n} direct\nR{n}\tSaid_by Arg1:T{n} Arg2:T0\n" for n in range(1, 500)
        ),
        'T1\tContent 0 9\tx\nA1\tKind T1 direct\n#1\tRecord T1\t{"content":[' + "[0,100000]," * 999 + "[0,9]]}",
    ],
    ids=["contents", "gaps", "notes"],
)
def test_brat_that_repeats_itself_stops_at_a_limit(lines: str) -> None:
    with pytest.raises(LimitError):
        article_from_brat("\n" * 100_000, lines)


def write(folder: Path, given_: Iterable[Any]) -> None:
    with parquet_folder(folder) as writer:
        for article in given_:
            writer.send(article)


@settings(deadline=None, max_examples=40)
@given(st.lists(articles(), max_size=3))
@example([MADE, MADE])
def test_parquet_gives_back_articles_exactly(tmp_path_factory: pytest.TempPathFactory, given_: list[Article]) -> None:
    folder = tmp_path_factory.mktemp("parquet")
    write(folder, given_)
    assert list(articles_from_parquet(folder)) == given_
    assert sorted(path.name for path in folder.iterdir()) == ["articles.parquet", "statements.parquet"]


def test_parquet_is_written_in_groups_and_only_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from pyarrow import parquet as files

    monkeypatch.setattr(parquet, "_GROUP_ARTICLES", 10)
    write(tmp_path / "a", [MADE] * 25)
    metadata = files.ParquetFile(tmp_path / "a" / parquet.ARTICLES).metadata
    assert [metadata.row_group(number).num_rows for number in range(metadata.num_row_groups)] == [10, 10, 5]
    assert sum(1 for _ in articles_from_parquet(tmp_path / "a")) == 25
    with pytest.raises(AttributeError):
        write(tmp_path / "b", [*[MADE] * 12, "no article"])
    assert list((tmp_path / "b").iterdir()) == []


def test_parquet_files_that_do_not_belong_together_are_told(tmp_path: Path) -> None:
    for name, given_ in (("a", [MADE]), ("b", [MADE, msgspec.structs.replace(MADE, id="other")])):
        write(tmp_path / name, given_)
    (tmp_path / "b" / parquet.STATEMENTS).replace(tmp_path / "a" / parquet.STATEMENTS)
    with pytest.raises(InputError, match="does not have"):
        list(articles_from_parquet(tmp_path / "a"))
    with pytest.raises(InputError, match="cannot be read"):
        list(articles_from_parquet(tmp_path / "b"))
    (tmp_path / "a" / parquet.ARTICLES).write_bytes(b"PAR1 nothing of the kind PAR1")
    with pytest.raises(InputError, match="cannot be read"):
        list(articles_from_parquet(tmp_path / "a"))


def test_a_text_said_many_times_in_no_space_is_taken_row_by_row(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    long = Article("a", "x" * 1_000_000)
    write(tmp_path, [long] * 30)
    assert (tmp_path / parquet.ARTICLES).stat().st_size < 100_000
    monkeypatch.setattr(parquet, "_READ_BYTES", 2_500_000)
    sizes = []
    monkeypatch.setattr(parquet, "article_from", lambda row: sizes.append(len(row["text"])) or long)
    tracemalloc.start()
    assert list(articles_from_parquet(tmp_path)) == [long] * 30
    assert tracemalloc.get_traced_memory()[1] < 10_000_000
    tracemalloc.stop()
    assert sizes == [1_000_000] * 30


def test_parquet_without_a_column_is_told_which(tmp_path: Path) -> None:
    from pyarrow import parquet as files

    write(tmp_path, [MADE])
    table = files.read_table(tmp_path / parquet.ARTICLES)
    files.write_table(table.drop_columns(["place"]), tmp_path / parquet.ARTICLES)
    with pytest.raises(InputError, match="no column 'place'"):
        list(articles_from_parquet(tmp_path))
    files.write_table(table.append_column("mood", [["grim"]]), tmp_path / parquet.ARTICLES)
    assert list(articles_from_parquet(tmp_path)) == [MADE]


def test_without_pyarrow_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(UsageError, match=r"onrecord\[parquet\]"):
        arrow.articles_schema()


def test_the_schema_s_columns_are_the_records_fields() -> None:
    columns = arrow.articles_schema().names
    assert set(Article.__struct_fields__) - {"statements"} == set(columns) - {"statement_count"}
    columns = arrow.statements_schema().names
    assert set(Statement.__struct_fields__) - {"speaker"} < set(columns)
    assert {f"speaker_{name}" for name in Speaker.__struct_fields__} < set(columns)
    acts = arrow.statements_schema().field("acts").type.value_type
    assert [field.name for field in acts] == list(Act.__struct_fields__)


def nested(kind: Any) -> set[str]:
    """The names of the fields of the structs within a type of Arrow's."""
    inner = [kind.field(number) for number in range(kind.num_fields)]
    own = {field.name for field in inner} if str(kind).startswith("struct") else set()
    return own.union(*(nested(field.type) for field in inner))


def test_the_schema_is_the_one_that_is_documented_under_its_version() -> None:
    """Whoever changes a record finds here that readers of the tables have to be told."""
    schemas = {"articles": arrow.articles_schema(), "statements": arrow.statements_schema()}
    page = (EXAMPLE.parent.parent / "docs" / "formats.md").read_text(encoding="utf-8")
    for table, schema in schemas.items():
        assert schema.metadata == {arrow.VERSION_KEY: arrow.VERSION.encode()}
        start = page.index(f"| `{table}` | type |")
        described = page[start : page.index("\n\n", start)]
        rows = [line.split("|")[1:3] for line in described.splitlines()[2:]]
        told = {name: kind.strip() for names, kind in rows for name in re.findall(r"`(\w+)`", names)}
        assert set(told) == set(schema.names)
        for field in schema:
            kind, inner = str(field.type).split("<")[0], nested(field.type)
            assert re.match(kind + (r"\?" if field.nullable else r"\b(?!\?)"), told[field.name]), field
            assert not inner or set(re.findall(r"`(\w+)`", told[field.name])) == inner, field
    assert f"this is version {arrow.VERSION}." in page


def test_formats_load_nothing_heavy() -> None:
    code = "import sys, onrecord.formats.folders, onrecord.formats.writers; print('pyarrow' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=30)
    assert done.stdout.strip() == "False"
