"""Mojibake is undone, each repair replays, and what is right stays as it is."""

import tomllib
from pathlib import Path

import ftfy.bad_codecs  # noqa: F401
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from onrecord.page import readings
from onrecord.page.repair import Repaired, repair, replay

CASES = Path(__file__).parent / "cases"


def cases(kind: str) -> list[pytest.param]:
    rows = tomllib.loads((CASES / kind / "page-repair.toml").read_text(encoding="utf-8"))["case"]
    return [pytest.param(row, id=row["label"]) for row in rows]


def assert_replays(text: str) -> str:
    repaired = repair(text)
    ends = [0]
    for one in repaired.repairs:
        assert replay(one.original, one.steps) == repaired.text[one.start : one.end]
        assert one.start >= ends[-1]
        ends.append(one.end)
    undone, place = [], 0
    for one in repaired.repairs:
        undone += [repaired.text[place : one.start], one.original]
        place = one.end
    assert "".join((*undone, repaired.text[place:])) == text
    return repaired.text


@pytest.mark.parametrize("case", cases("wild"))
def test_wild_mojibake_is_undone(case):
    assert assert_replays(case["broken"]) == case["fixed"]


@pytest.mark.parametrize("case", cases("synthetic"))
def test_each_code_page_is_undone_alone_and_within_english(case):
    broken = case["text"].encode(case["right"]).decode(case["wrong"])
    assert broken != case["text"]
    assert assert_replays(broken) == case["text"]
    around = "The minister arrived on Monday. Photo: Ana López / Reuters {}\nShe left “at once”, he said."
    assert assert_replays(around.format(broken)) == around.format(case["text"])


def pairs() -> list[pytest.param]:
    rows = tomllib.loads((CASES / "synthetic" / "page-repair-pairs.toml").read_text(encoding="utf-8"))["case"]
    return [
        pytest.param(row["text"], right, wrong, id=f"{row['lang']}-{right}-as-{wrong}")
        for row in rows
        for right, wrong in row["pairs"]
    ]


@pytest.mark.parametrize(("text", "right", "wrong"), pairs())
def test_code_pages_are_undone_amid_english_with_accents(text, right, wrong):
    broken = text.encode(right).decode(wrong)
    assert broken != text
    assert assert_replays(broken) == text
    around = "François Müller’s plan failed – again, he said. {} Anna Petrova/TASS\nNobody was hurt."
    assert assert_replays(around.format(broken)) == around.format(text)


def test_what_one_line_shows_holds_for_the_others():
    lone = "Predsjednik æe govoriti sutra."
    assert repair(lone).text == lone
    lines = "Ministar je rekao da će pregovori početi sljedeći tjedan u većini općina.\nPredsjednik će govoriti sutra."
    assert assert_replays(lines.encode("cp1250").decode("sloppy-windows-1252")) == lines


@pytest.mark.parametrize("case", cases("negative"))
def test_what_is_right_stays(case):
    assert repair(case["text"]) == (case["text"], ())


@pytest.mark.parametrize("case", cases("known-failures"))
def test_known_failures_still_fail(case):
    assert assert_replays(case["broken"]) != case["fixed"], "it passes now: move it to wild"


def test_double_misreading_is_undone():
    once = "Straße, “Müller”".encode().decode("sloppy-windows-1252")
    assert assert_replays(once.encode().decode("sloppy-windows-1252")) == "Straße, “Müller”"


def test_right_characters_amid_misread_ones():
    broken = "\u00a0– Współpraca z nią uchodzi za zdradę".encode().decode("sloppy-windows-1252") + "\u00a0"
    assert assert_replays(broken) == "\u00a0– Współpraca z nią uchodzi za zdradę\u00a0"


def test_of_a_page_only_so_much_is_searched_and_of_a_file_all():
    text = "Plain words.\n" * 40_000 + "Ïîðò íà ðàññâåòå"
    assert repair(text) == (text, ())
    assert repair(text, within=len(text)).text.endswith("Порт на рассвете")


def test_only_the_broken_span_is_recorded():
    (one,) = repair("Plain words, then JosÃ© and no more.").repairs
    assert one.original == "Ã©"


@settings(max_examples=150, deadline=None)
@given(st.text(st.characters(max_codepoint=0x4FF, exclude_categories=["Cs"]), max_size=80))
def test_any_text_can_be_repaired_and_replayed(text):
    assert_replays(text)


@settings(max_examples=100, deadline=None)
@given(st.text(st.sampled_from("abcdefghijklmnopqrstuvwxyz ABC .,;:!?'\"()0123456789\n"), max_size=200))
def test_ascii_is_never_touched(text):
    assert repair(text) == (text, ())


@pytest.mark.parametrize("codec", readings._UTF8_TAKEN_FOR)
def test_typographic_characters_alone_are_no_misread_utf8(codec):
    content = "“”‘’–—…\u00a0".encode(codec, "ignore")
    first, later = ([byte for byte in content if byte in those] for those in (range(0xC2, 0xF5), range(0x80, 0xC0)))
    assert not (first and later)


def test_a_line_of_typographic_characters_is_left_alone():
    text = "“It’s over”—“no, it isn’t …”"
    assert repair(text) == Repaired(text, ())
