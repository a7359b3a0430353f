"""Bytes become text as in a browser; what was declared wrongly is noticed."""

import codecs

import pytest

from onrecord.errors import LimitError, PageError
from onrecord.page import take_apart
from onrecord.page.decode import MAX_BYTES, decode
from onrecord.schema import Page

RUSSIAN = "Министр сообщил журналистам о начале переговоров в столице на этой неделе."


@pytest.mark.parametrize(
    ("content", "charset"),
    [
        (codecs.BOM_UTF8 + RUSSIAN.encode(), "windows-1251"),
        (codecs.BOM_UTF16_LE + RUSSIAN.encode("utf-16-le"), "utf-8"),
        (codecs.BOM_UTF16_BE + RUSSIAN.encode("utf-16-be"), ""),
        (RUSSIAN.encode("cp1251"), "windows-1251"),
        (RUSSIAN.encode("koi8-r"), "koi8-r"),
        (RUSSIAN.encode(), ""),
        (RUSSIAN.encode("cp1251"), ""),
        (RUSSIAN, ""),
    ],
)
def test_right_declarations_and_none(content, charset):
    assert decode(content, charset)[::2] == (RUSSIAN, ())


def test_meta_charset():
    page = f'<html><head><meta http-equiv="Content-Type" content="text/html; charset=koi8-r"></head>{RUSSIAN}'
    assert RUSSIAN in decode(page.encode("koi8-r")).text
    assert decode(page.encode("koi8-r")).problems == ()


def test_ascii_labels_mean_windows_1252():
    assert decode(b"\x93Yes\x94", "iso-8859-1").text == "“Yes”"
    assert decode(b"\x93Yes\x94", "us-ascii").text == "“Yes”"


@pytest.mark.parametrize(
    ("label", "codec"),
    [
        ("x-cp1251", "cp1251"),
        ("win-1251", "cp1251"),
        ("KOI8", "koi8-r"),
        ("x-mac-cyrillic", "mac-cyrillic"),
        ("csisolatincyrillic", "iso-8859-5"),
        ("dos-866", ""),
        ("866", "cp866"),
    ],
)
def test_labels_as_browsers_know_them(label, codec):
    decoded = decode(RUSSIAN.encode(codec or "cp866"), label)
    assert decoded.text == RUSSIAN
    assert bool(decoded.problems) == (not codec)


def test_hebrew_labels_for_the_order_of_letters():
    assert decode("השר הודיע על תחילת השיחות".encode("iso-8859-8"), "iso-8859-8-i").text == "השר הודיע על תחילת השיחות"


@pytest.mark.parametrize("charset", ["windows-1252", "iso-8859-1", "gbk"])
def test_utf8_under_another_flag(charset):
    decoded = decode(RUSSIAN.encode(), charset)
    assert decoded.text == RUSSIAN
    assert charset in decoded.problems[0].message


def test_not_utf8_under_its_flag():
    decoded = decode(RUSSIAN.encode("cp1251"), "utf-8")
    assert decoded.text == RUSSIAN
    assert "utf-8" in decoded.problems[0].message


@pytest.mark.parametrize("charset", ["klingon", "rot13", "zlib", "unicode_escape", "", "x\0y", "é"])
def test_labels_that_are_no_encoding(charset):
    decoded = decode(RUSSIAN.encode(), charset)
    assert decoded.text == RUSSIAN
    assert bool(decoded.problems) == bool(charset)


@pytest.mark.parametrize("charset", ["", "utf-8", "iso-8859-1"])
def test_truncated_utf8(charset):
    decoded = decode(RUSSIAN.encode()[:-2], charset)
    assert decoded.text == RUSSIAN[:-2] + "\ufffd"
    assert any("U+FFFD" in problem.message for problem in decoded.problems)


def test_one_bad_byte_among_many_good_ones():
    decoded = decode(RUSSIAN.encode() + b" \x94 " + RUSSIAN.encode(), "utf-8")
    assert decoded.text == f"{RUSSIAN} \ufffd {RUSSIAN}"


def test_utf16_without_a_mark():
    assert decode("Plain words.".encode("utf-16-le")).text == "Plain words."
    assert decode("Plain words.".encode("utf-16-be")).text == "Plain words."


def test_controls_become_spaces_and_are_noted():
    decoded = decode("One\x00two. " + "Words and words. " * 20)
    assert decoded.text.startswith("One two.")
    assert "control" in decoded.problems[0].message
    assert decode("a\r\nb\rc\n").text == "a\nb\nc\n"


@pytest.mark.parametrize("content", [b"%PDF-1.4 x", b"\x89PNG\r\n", bytes(range(256)) * 20, b"\0" * 1000])
def test_what_is_no_text(content):
    with pytest.raises(PageError, match="text"):
        decode(content)


def test_too_large():
    with pytest.raises(LimitError):
        decode(b"x" * (MAX_BYTES + 1))


def test_a_code_page_under_another_s_flag_is_repaired_and_noted():
    article = take_apart(
        Page(f"Переговоры\n\n{RUSSIAN} {RUSSIAN}".encode("cp1251"), charset="windows-1252", media="text")
    )
    assert RUSSIAN in article.text
    assert any("cp1251" in problem.message for problem in article.problems)


def test_one_caption_is_no_matter_of_the_page_s_encoding():
    text = "Das hat der Bürgermeister für übermorgen angekündigt, sagte er. " * 20 + RUSSIAN[:20].encode(
        "cp1251"
    ).decode("cp1252")
    assert not [one for one in take_apart(Page(text, media="text")).problems if one.stage == "repair"]
