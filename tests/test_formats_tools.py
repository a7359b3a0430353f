"""INCEpTION and Label Studio: written for them, read by dkpro-cassis, read back, and what hostile files come to."""

from __future__ import annotations

import copy
import io
import json
import time
from typing import Any

import cassis
import msgspec
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from lxml import etree

import onrecord
from made_articles import MADE, articles, reworded
from onrecord.errors import InputError, LimitError
from onrecord.formats import inception, labelstudio
from onrecord.formats.annotated import Mark, Sheet, Units, article_from_sheet, plain
from onrecord.formats.examples import article_from_corpus
from onrecord.formats.inception import article_from_xmi, xmi_of
from onrecord.formats.labelstudio import article_from_task, task_of, tasks_from
from onrecord.schema import Article

WIDE = "😀 “The dam,” she said, “will hold,” Mayor Añna Roe 𝔛 said.\r\nBo Lind said that talks\x0b would go on."


def held(article: Article) -> Article:
    """What these tools hold of an article."""
    bare = Article(id=article.id, text=plain(article.text), lang=article.lang, statements=article.statements)
    return reworded(bare)


def typesystem() -> Any:
    return cassis.load_typesystem(io.BytesIO(inception.TYPE_SYSTEM.encode("utf-8")))


def named(article: Article) -> Article:
    return msgspec.structs.replace(article, id="00ff")


def back_from_task(article: Article) -> Article:
    """Over JSON, as a file has it."""
    return article_from_task(tasks_from(msgspec.json.encode([task_of(article)]))[0])


@settings(deadline=None)
@given(articles().map(named))
@example(MADE)
def test_inception_gives_back_text_and_statements(article: Article) -> None:
    assert article_from_xmi(xmi_of(article)) == held(article)


@settings(deadline=None)
@given(articles().map(named))
@example(MADE)
def test_label_studio_gives_back_text_and_statements(article: Article) -> None:
    assert back_from_task(article) == held(article)


@settings(deadline=None, max_examples=40)
@given(articles().map(named))
@example(MADE)
def test_dkpro_cassis_reads_what_we_write_and_we_read_what_it_writes(article: Article) -> None:
    """The reference implementation: every mark covers the same words there, and nothing is lost on the way through."""
    cas = cassis.load_cas_from_xmi(io.BytesIO(xmi_of(article)), typesystem=typesystem())
    assert (cas.sofa_string or "") == plain(article.text)
    contents = [one for one in cas.select("webanno.custom.Attribution") if one.role == "content"]
    said = {(one.begin, one.end): one.get_covered_text() for one in contents}
    firsts = [one.content.spans[0] for one in article.statements]
    assert said == {(at.start, at.end): plain(article.text)[at.start : at.end] for at in firsts}
    assert article_from_xmi(cas.to_xmi().encode("utf-8")) == held(article)


def test_offsets_in_a_cas_count_utf_16_units() -> None:
    article = onrecord.read(WIDE, engine="rules")
    root = etree.fromstring(xmi_of(article))
    units = root.find("{http:///uima/cas.ecore}Sofa").get("sofaString").encode("utf-16-le")
    marks = root.findall("{http:///webanno/custom.ecore}Attribution")
    said = [units[2 * int(one.get("begin")) : 2 * int(one.get("end"))].decode("utf-16-le") for one in marks]
    assert "Mayor Añna Roe 𝔛" in said
    back = article_from_xmi(xmi_of(article))
    assert [(one.source, one.content) for one in back.statements] == [
        (one.source, one.content) for one in held(article).statements
    ]


def test_what_annotators_do_in_inception() -> None:
    """By the real library: another kind and speaker, a content moved, one removed, one added with two parts."""
    cas = cassis.load_cas_from_xmi(io.BytesIO(xmi_of(MADE)), typesystem=typesystem())
    span, link = cas.typesystem.get_type("webanno.custom.Attribution"), "webanno.custom.AttributionLink"
    first, second, third = (one for one in cas.select(span.name) if one.role == "content")
    first.kind, first.speaker, second.begin = "mixed", "Bo Lind", second.begin + 5
    cas.remove(third)
    at = [cas.sofa_string.index(words) for words in ("PORT REYNE", "May 14", "Photo")]
    new = span(begin=at[0], end=at[0] + 10, role="content")
    part, source = span(begin=at[1], end=at[1] + 6, role="Part"), span(begin=at[2], end=at[2] + 5, role="source")
    loose = span(begin=0, end=3, role="cue")
    cas.add_all([new, part, source, loose])
    relation = cas.typesystem.get_type(link)
    # Drawn the one way and the other.
    cas.add_all([relation(begin=0, end=1, Governor=new, Dependent=part),
                 relation(begin=0, end=1, Governor=source, Dependent=new)])  # fmt: skip
    article = article_from_xmi(cas.to_xmi().encode("utf-8"))
    by_id = {one.id: one for one in article.statements}
    assert set(by_id) >= {"s1", "s2"}
    assert "s3" not in by_id
    assert by_id["s1"].kind == "mixed"
    assert by_id["s1"].speaker is not None
    assert (by_id["s1"].speaker.name, by_id["s1"].speaker.role) == ("Bo Lind", None)
    assert by_id["s1"].acts == MADE.statements[0].acts
    assert by_id["s2"].content_text == "the dam leaks"
    (added,) = (one for name, one in by_id.items() if name not in ("s1", "s2"))
    assert (added.content_text, added.source.text, added.confidence) == ("PORT REYNE … May 14", "Photo", 1)
    assert (added.kind, added.because) == ("indirect", "annotated in INCEpTION")
    assert [one.message for one in article.problems] == [
        "1 annotations with the role cue belong to no content and were left out"
    ]


def xmi(text: str = "No, she said.", spans: str = "", head: str = "", view: str = "") -> bytes:
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>{head}<xmi:XMI xmlns:xmi="http://www.omg.org/XMI" '
        'xmlns:cas="http:///uima/cas.ecore" xmlns:custom="http:///webanno/custom.ecore" xmi:version="2.0">'
        f'{spans}<cas:Sofa xmi:id="1" sofaNum="1" sofaID="_InitialView" sofaString="{text}"/>{view}</xmi:XMI>'
    ).encode()


def span(begin: object = 0, end: object = 2, role: str = "content", number: int = 2, more: str = "") -> str:
    return f'<custom:Attribution xmi:id="{number}" sofa="1" begin="{begin}" end="{end}" role="{role}" {more}/>'


LINK = '<custom:AttributionLink xmi:id="9" sofa="1" begin="0" end="1" Governor="2" Dependent="3"/>'
BOMB = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]>'


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "no XML"),
        (b"\xff\xfe<\x00", "no XMI in UTF-8"),
        (b"<a", "no XML"),
        (b"<a/>", "no UIMA CAS XMI"),
        (xmi(head=BOMB), "declares a document type"),
        (xmi(head='<!DOCTYPE x SYSTEM "file:///etc/passwd">'), "declares a document type"),
        (xmi().replace(b"sofaString", b"other"), "holds no text"),
        (xmi(spans=span(0, 99)), "99 is no place"),
        (xmi(spans=span(5, 2)), "no stretch of a text"),
        (xmi(spans=span(2, 2)), "no stretch of a text"),
        (xmi(spans=span(-1, 2)), "no offset"),
        (xmi(spans=span("9" * 30, 2)), "no offset"),
        (xmi(spans=span("", 2)), "without begin"),
        (xmi("😀No", span(1, 3)), "1 is no place between two characters"),
        (xmi(spans=span(more='kind="shouted"')), "no kind 'shouted'"),
        (xmi(spans=span(more='record="[1]"')), "a record that is no JSON object"),
        (xmi(spans=span(more='record="{&quot;acts&quot;: 5}"')), "no article"),
        (xmi(spans=span(more=f'record="{{&quot;a&quot;:{"[" * 50_000}"')), "a record that is no JSON object"),
        (xmi(spans=span() + span(4, 7, number=3) + LINK), "two contents are linked"),
        (xmi(spans=span() + span(4, 7)), "two annotations have the same name"),
        (xmi(spans=span() + LINK.replace('Governor="2"', "")), "without Governor"),
    ],
)
def test_an_xmi_that_is_broken_is_one_clear_error(content: bytes, words: str) -> None:
    with pytest.raises(InputError, match=words):
        article_from_xmi(content)


def test_what_is_no_part_of_the_view_is_passed_over() -> None:
    """Deleted in the editor, or of another view; what belongs to other layers too."""
    other = '<custom:Mood xmi:id="5" sofa="1" begin="0" end="1"/>' + span(0, 3, number=6).replace(
        'sofa="1"', 'sofa="7"'
    )
    view = '<cas:View sofa="1" members="2 5 6"/>'
    article = article_from_xmi(xmi(spans=span() + span(4, 7, number=3) + other, view=view), "name")
    assert [one.content_text for one in article.statements] == ["No"]
    assert article.id == "name"


XMI = xmi_of(MADE).decode("utf-8")


@settings(deadline=None, max_examples=300)
@given(st.integers(0, len(XMI)), st.integers(0, 40), st.text("<>&;\"'=019 /xml{}[]!", max_size=8))
def test_an_xmi_with_a_piece_replaced_is_sound_or_an_input_error(at: int, length: int, piece: str) -> None:
    try:
        article = article_from_xmi((XMI[:at] + piece + XMI[at + length :]).encode("utf-8"))
    except InputError:
        return
    assert all(article.text[one.content.start : one.content.end] for one in article.statements)


TASK = msgspec.json.encode(task_of(MADE))


def paths(value: Any, before: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [before, *(path for key, one in items for path in paths(one, (*before, key)))]


PATHS = [one for one in paths(json.loads(TASK)) if one]
JUNK = st.sampled_from([None, True, -1, 5, 10**30, 0.5, "", "x", [], {}, [[]], [1], {"id": []}])


@settings(deadline=None, max_examples=300)
@given(st.sampled_from(PATHS), JUNK)
def test_a_task_with_any_one_value_replaced_is_sound_or_an_input_error(path: tuple[Any, ...], value: Any) -> None:
    task = json.loads(TASK)
    place = task
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = value
    try:
        article = article_from_task(tasks_from(msgspec.json.encode([task]))[0])
    except InputError:
        return
    assert all(article.text[one.content.start : one.content.end] for one in article.statements)


def region(name: str, start: int, end: int, label: str, text: str | None = None) -> dict[str, Any]:
    value: dict[str, Any] = {"start": start, "end": end, "labels": [label]}
    value |= {"text": text} if text is not None else {}
    return {"id": name, "from_name": "role", "to_name": "text", "type": "labels", "value": value}


def exported(*results: dict[str, Any], text: str = WIDE, **more: Any) -> bytes:
    return json.dumps([{"id": 5, "data": {"text": text}, "annotations": [{"result": list(results), **more}]}]).encode()


def test_what_annotators_do_in_label_studio() -> None:
    """They start from a prediction, which gives every region another name; what is known of a statement stays."""
    task = json.loads(TASK)
    results = task["predictions"][0]["result"]
    packed = json.dumps(results)
    for number in range(40, 0, -1):
        packed = packed.replace(f'"m{number}"', f'"r{number * 7}"')
    results = json.loads(packed)
    results += [region("n1", 18, 28, "Content"), region("n2", 30, 36, "Source"), region("n3", 0, 3, "Cue")]
    results += [{"type": "relation", "from_id": "n2", "to_id": "n1", "labels": ["has"]}]
    results += [{"id": "n1", "type": "textarea", "from_name": "speaker", "value": {"text": ["Bo Lind"]}}]
    task["annotations"] = [{"result": [], "was_cancelled": True}, {"result": results}]
    article = article_from_task(tasks_from(json.dumps([task, json.loads(TASK)]).encode())[0])
    *same, added = article.statements
    assert tuple(same) == held(MADE).statements
    assert (added.content_text, added.source.text) == ("PORT REYNE", "May 14")
    assert added.speaker is not None
    assert (added.speaker.name, added.because) == ("Bo Lind", "annotated in Label Studio")
    assert len(article.problems) == 1


def test_tasks_that_nobody_has_annotated_are_no_gold() -> None:
    done = json.loads(exported(region("a", 0, 1, "Content")))[0]
    assert len(tasks_from(json.dumps([done, json.loads(TASK)]).encode())) == 1
    assert len(tasks_from(json.dumps([json.loads(TASK)] * 2).encode())) == 2, "predictions alone are read as they are"


def test_ground_truth_goes_before_a_later_annotation() -> None:
    task = json.loads(exported(region("a", 0, 1, "Content"), ground_truth=True))[0]
    task["annotations"].append({"result": [region("b", 3, 6, "Content")]})
    (statement,) = article_from_task(tasks_from(json.dumps([task]).encode())[0]).statements
    assert statement.content_text == "😀"


def test_offsets_in_utf_16_units_of_old_versions_are_put_right() -> None:
    """The words beside them tell; “Mayor Añna Roe” stands behind one wide character, so one unit further."""
    start = WIDE.index("Mayor")
    for shift in (0, 1):
        found = exported(region("a", start + shift, start + shift + 14, "Content", "Mayor Añna Roe"))
        assert article_from_task(tasks_from(found)[0]).statements[0].content_text == "Mayor Añna Roe"


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"{}", "no tasks"),
        (b"[" * 100_000, "no tasks"),
        (b'[{"text": "No."}]', "not JSON-MIN"),
        (exported(region("a", 3, 8, "Content", "other words")), "not 'other words'; is it another text"),
        (exported(region("a", 0, 9_999, "Content")), "no stretch of a text"),
        (exported(region("a", 5, 2, "Content")), "no stretch of a text"),
        (exported(region("a", -5, 2, "Content")), "no stretch of a text"),
        (exported({"id": "a", "type": "labels", "value": {"start": "/p[1]", "end": 3}}), "offsets are whole numbers"),
        (exported({"id": "a", "type": "labels"}), "a region without id or value"),
        (exported(region("a", 0, 1, "Content"), region("a", 0, 1, "Content")), "same name"),
        (b'[{"data": {}, "annotations": []}]', 'without "text"'),
        (b'[{"data": {"text": "No."}, "annotations": [{"result": 5}]}]', "no list of objects"),
    ],
)
def test_tasks_that_are_broken_are_one_clear_error(content: bytes, words: str) -> None:
    with pytest.raises(InputError, match=words):
        [article_from_task(one) for one in tasks_from(content)]


def test_marks_that_overlap_are_one_passage() -> None:
    marks = (
        Mark("1", "content", 0, 4),
        Mark("2", "part", 3, 8),
        Mark("3", "source", 9, 12),
        Mark("4", "source", 9, 11),
    )
    sheet = Sheet("x", "Word and more", "", marks, (("1", "2"), ("1", "3"), ("4", "1")), "a tool")
    (statement,) = article_from_sheet(sheet).statements
    assert [(one.start, one.end) for one in statement.content.spans] == [(0, 8)]
    assert [(one.start, one.end) for one in statement.source.spans] == [(9, 12)]


def test_one_source_of_two_statements() -> None:
    marks = (Mark("1", "content", 0, 4), Mark("2", "content", 5, 8), Mark("3", "source", 9, 13), Mark("4", "", 0, 1))
    article = article_from_sheet(Sheet("x", "Word and more", "", marks, (("1", "3"), ("3", "2")), "a tool"))
    assert [one.source.text for one in article.statements] == ["more", "more"]
    assert [one.message for one in article.problems] == ["1 annotations without a role were left out"]


def test_a_content_that_was_copied_with_its_record_has_an_id_of_its_own() -> None:
    record = {"id": "s1", "kind": "direct", "confidence": 0.5}
    marks = tuple(Mark(str(n), "content", n, n + 2, "", "", record) for n in (1, 4))
    found = article_from_sheet(Sheet("x", "Word and more", "", marks, (), "a tool")).statements
    assert [one.id for one in found] == ["s1", "a4"]


@given(st.text("a😀𝔛é\n", max_size=30))
def test_units_go_both_ways(text: str) -> None:
    units = Units(text)
    places = [units.of_points(at) for at in range(len(text) + 1)]
    assert places == [len(text[:at].encode("utf-16-le")) // 2 for at in range(len(text) + 1)]
    assert [units.to_points(at) for at in places] == list(range(len(text) + 1))
    for at in {-1, places[-1] + 1, *range(places[-1])} - set(places):
        with pytest.raises(InputError):
            units.to_points(at)


def test_a_removed_speaker_is_none_and_an_unnamed_one_stays() -> None:
    results = task_of(MADE)["predictions"][0]["result"]
    emptied = copy.deepcopy([one for one in results if one["type"] != "textarea"])
    task = task_of(MADE) | {"annotations": [{"result": emptied}]}
    first, second, _ = article_from_task(tasks_from(msgspec.json.encode([task]))[0]).statements
    assert first.speaker is None
    assert second.speaker == MADE.statements[1].speaker


def test_the_configuration_of_label_studio_has_the_labels_that_tasks_use() -> None:
    root = etree.fromstring(labelstudio.CONFIGURATION)
    assert [one.get("value") for one in root.iter("Label")] == ["Content", "Part", "Source", "Cue"]
    names = {one.get("name") for one in root.iter() if one.get("name")}
    used = {one["from_name"] for one in task_of(MADE)["predictions"][0]["result"] if "from_name" in one}
    assert used <= names


def test_label_studio_s_own_library_takes_what_we_write() -> None:
    """Where it is installed: it pins an older numpy, so it stands in no group of dependencies."""
    interface = pytest.importorskip("label_studio_sdk.label_interface", reason="label-studio-sdk is not installed")
    project = interface.LabelInterface(labelstudio.CONFIGURATION)
    project.validate()
    task = task_of(MADE)
    (prediction,) = task.pop("predictions")
    assert project.validate_task(task)
    assert project.validate_prediction(prediction, return_errors=True) == []


def test_stretches_that_cover_a_text_again_and_again_stop_at_a_limit() -> None:
    """Counted before what they hold is looked at: ten thousand times a text of a hundred thousand characters."""
    text = "word " * 20_000
    began = time.process_time()
    regions = [region(f"r{n}", 0, len(text), "Content") for n in range(10_000)]
    with pytest.raises(LimitError, match="more than 20 times"):
        article_from_task(tasks_from(exported(*regions, text=text))[0])
    spans = "".join(span(0, len(text) - 1, number=n + 2) for n in range(10_000))
    with pytest.raises(LimitError, match="more than 20 times"):
        article_from_xmi(xmi(text, spans))
    line = {"id": 1, "text": text, "attributions": [{"content": [[0, len(text)]]}] * 10_000}
    with pytest.raises(LimitError, match="more than 20 times"):
        article_from_corpus(msgspec.json.encode(line))
    assert time.process_time() - began < 20
