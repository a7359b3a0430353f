"""Bytes → text, as browsers do it, and noticing where what was declared is wrong."""

from __future__ import annotations

import codecs
import re
from functools import cache
from typing import NamedTuple

import cchardet
import ftfy.bad_codecs  # noqa: F401  (registers sloppy-windows-1252: the web's, with the undefined bytes kept)

from onrecord.errors import LimitError, PageError
from onrecord.schema import Problem

MAX_BYTES = 30_000_000
"""Nothing larger is taken apart; intake's own limit is a little lower."""

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# What the WHATWG Encoding Standard makes of labels that mean something narrower elsewhere.
_AS_BROWSERS = {
    "ascii": "sloppy-windows-1252",
    "iso8859-1": "sloppy-windows-1252",
    "cp1252": "sloppy-windows-1252",
    "iso8859-9": "cp1254",
    "iso8859-11": "cp874",
    "tis-620": "cp874",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "euc_kr": "cp949",
    "shift_jis": "cp932",
    "utf-16": "utf-16-le",
}
# Labels of that standard which Python does not know, and a few that pages use all the same.
_LABELS = {
    "utf-8": "unicode-1-1-utf-8 unicode11utf8 x-unicode20utf8",
    "iso8859-6": "iso-8859-6-e iso-8859-6-i csiso88596e csiso88596i",
    "iso8859-7": "sun_eu_greek",
    "iso8859-8": "visual logical iso-8859-8-e iso-8859-8-i csiso88598e csiso88598i",
    "iso8859-15": "csisolatin9 csiso885915",
    "koi8-r": "koi koi8",
    "koi8-u": "koi8-ru",
    "mac-roman": "mac x-mac-roman",
    "mac-cyrillic": "x-mac-cyrillic x-mac-ukrainian",
    "cp874": "dos-874 windows-874",
    "cp1250": "x-cp1250 win-1250 cp-1250",
    "cp1251": "x-cp1251 win-1251 cp-1251 win1251",
    "sloppy-windows-1252": "x-cp1252 win-1252 cp-1252 x-user-defined x-ansi ansi",
    "cp1253": "x-cp1253",
    "cp1254": "x-cp1254",
    "cp1255": "x-cp1255",
    "cp1256": "x-cp1256",
    "cp1257": "x-cp1257",
    "cp1258": "x-cp1258",
    "gb18030": "csgb2312 gb_2312 gb_2312-80 x-gbk",
    "big5hkscs": "cn-big5 x-x-big5",
    "euc_jp": "cseucpkdfmtjapanese x-euc-jp",
    "cp932": "windows-31j x-sjis",
    "cp949": "cseuckr ks_c_5601-1989 windows-949",
    "utf-16-le": "unicode ucs-2 csunicode iso-10646-ucs-2 unicodefeff",
    "utf-16-be": "unicodefffe",
}
_BY_LABEL = {label: codec for codec, labels in _LABELS.items() for label in labels.split()}
_MULTIBYTE = ("gb18030", "big5", "big5hkscs", "euc_jp", "iso2022_jp", "cp932", "cp949", "utf-16-le", "utf-16-be")
_SINGLE_BYTE = (
    "iso8859-2 iso8859-3 iso8859-4 iso8859-5 iso8859-6 iso8859-7 iso8859-8 iso8859-10 iso8859-13 iso8859-14 iso8859-15 "
    "iso8859-16 cp866 cp874 cp1250 cp1251 cp1253 cp1254 cp1255 cp1256 cp1257 cp1258 koi8-r koi8-u mac-roman "
    "mac-cyrillic sloppy-windows-1252"
)
_KNOWN = frozenset(("utf-8", *_MULTIBYTE, *_SINGLE_BYTE.split()))

_META = re.compile(rb"<meta[^>]{0,400}?charset\s{0,10}=\s{0,10}[\"']?\s{0,10}([A-Za-z0-9_:.-]{2,40})", re.IGNORECASE)
_META_WITHIN = 4096
"""Browsers look at 1024 bytes; pages whose scripts push the tag down are common enough to look a little further."""
_ASCII = bytes(range(128))
_HIGH = re.compile(rb"[\x80-\xff]")
_UTF8_SEQUENCE = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")
_CUT = re.compile(rb"[\xc2-\xf4][\x80-\xbf]{0,2}\Z")
_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
_CONTROL_BYTES = bytes((*range(9), 11, 12, *range(14, 32), 127))
_NEW_LINE = re.compile("\r\n?")

_BINARY_SHARE = 0.02
"""More control characters than this and it is no text: texts have none, random bytes a tenth, images a twentieth."""
_DETECT_BYTES = 200_000
_MAGIC = (
    (b"%PDF-", "a PDF"),
    (b"\x89PNG", "a PNG image"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"GIF8", "a GIF image"),
    (b"PK\x03\x04", "a ZIP archive or an office document"),
    (b"\x1f\x8b", "gzip data"),
    (b"\xd0\xcf\x11\xe0", "an old office document"),
    (b"\x7fELF", "a program"),
)


class Decoded(NamedTuple):
    """A page's text, with line ends as `\\n` and no control characters, and what was noticed on the way."""

    text: str
    charset: str
    """The encoding that was used; nothing if it came decoded."""
    problems: tuple[Problem, ...]
    utf8: bytes = b""
    """The text in UTF-8, if the page came so; else nothing."""


def decode(content: bytes | str, charset: str = "") -> Decoded:
    """The text in `content`; `charset` is what its carrier declared.

    In order: byte order mark, carrier, `<meta charset>`, UTF-8 if valid, detection, Windows-1252. A declaration that
    the bytes contradict is overruled and noted. Bytes that do not decode become U+FFFD, and that is noted too.

    Raises `PageError` for what is no text, `LimitError` for what is too large.
    """
    if len(content) > MAX_BYTES:
        raise LimitError(f"the page is over the limit of {MAX_BYTES // 1_000_000} MB; split or trim it")
    problems: list[Problem] = []
    used, utf8 = "", b""
    if isinstance(content, bytes):
        _refuse_known_binaries(content)
        used, start, notes = _choose(content, charset)
        problems += notes
        text, lost = _decoded(content[start:], used)
        if lost:
            problems.append(_problem(f"{lost} places were not valid {_shown(used)} and became U+FFFD"))
        utf8 = content[start:] if used == "utf-8" and not lost else b""
    else:
        text = content.removeprefix("\ufeff")
    if "\r" in text:
        text, utf8 = _NEW_LINE.sub("\n", text), b""
    if isinstance(content, str) or _has_control_bytes(content):
        text, controls = _CONTROLS.subn(" ", text)
        if controls:
            _refuse_binary(text, controls)
            problems.append(_problem(f"{controls} control characters were replaced by spaces"))
            utf8 = b""
    return Decoded(text, used, tuple(problems), utf8)


def _decoded(content: bytes, codec: str) -> tuple[str, int]:
    """The text of `content`, and how many places of it are not valid in `codec`."""
    try:
        return content.decode(codec), 0
    except UnicodeDecodeError:
        text = content.decode(codec, "replace")
    return text, max(0, text.count("\ufffd") - content.count("\ufffd".encode()) * (codec == "utf-8"))


def _has_control_bytes(content: bytes) -> bool:
    """Whether a decoded `content` can hold control characters; no codec makes them of other bytes.

    Five times as fast as looking for them in the text.
    """
    return len(content.translate(None, delete=_CONTROL_BYTES)) < len(content)


def without_controls(text: str) -> str:
    """`text` with spaces for control characters and halves of surrogate pairs, which no writer or parser takes."""
    return _CONTROLS.sub(" ", text)


def _problem(message: str) -> Problem:
    return Problem("decode", message)


def _shown(codec: str) -> str:
    return codec.removeprefix("sloppy-")


def _refuse_known_binaries(content: bytes) -> None:
    for magic, kind in _MAGIC:
        if content.startswith(magic):
            raise PageError(f"this is {kind}, not HTML or text; convert it first")


def _refuse_binary(text: str, controls: int) -> None:
    if controls > max(2, _BINARY_SHARE * len(text)):
        raise PageError(f"this looks like no text: {controls} of {len(text)} characters are control characters")


def _choose(content: bytes, carrier: str) -> tuple[str, int, list[Problem]]:
    """The codec for `content`, where its text starts, and what was noticed."""
    for mark, codec in _BOMS:
        if content.startswith(mark):
            return codec, len(mark), []
    notes: list[Problem] = []
    meta = _META.search(content, 0, _META_WITHIN)
    declared = ((carrier, "the carrier"), (meta[1].decode("ascii") if meta else "", "the page"))
    for label, who in declared:
        if not label:
            continue
        codec = _codec(label)
        if who == "the page" and codec.startswith("utf-16"):
            # Had it been UTF-16, the tag could not have been read as ASCII; browsers take UTF-8 here.
            codec = "utf-8"
        if not codec:
            notes.append(_problem(f"{who} declares the encoding {label!r}, which does not exist"))
        elif reason := _contradiction(content, codec):
            notes.append(_problem(f"{who} declares {label}, but {reason}"))
        else:
            return codec, 0, notes
    return _detected(content), 0, notes


@cache
def _codec(label: str) -> str:
    """The Python codec that a browser would use for `label`; nothing for a label no browser knows."""
    label = label.strip()
    if label.lower() in _BY_LABEL:
        return _BY_LABEL[label.lower()]
    try:
        name = codecs.lookup(label).name
    except (LookupError, ValueError):
        return ""
    name = _AS_BROWSERS.get(name, name)
    return name if name in _KNOWN else ""


def _contradiction(content: bytes, codec: str) -> str:
    """Why `content` cannot be in `codec`, or nothing."""
    if codec == "utf-8":
        return "" if _nearly_utf8(content) else "the bytes are not valid UTF-8"
    if not _HIGH.search(content):
        return ""
    if codec.startswith("utf-16"):
        return "" if b"\0" in content[:2000] else "there is no zero byte in it"
    # Two Chinese characters in GBK can be valid UTF-8 by accident (the old Notepad bug); four hardly can.
    wanted = 4 if codec in _MULTIBYTE else 1
    if _nearly_utf8(content) and len(_UTF8_SEQUENCE.findall(content)) >= wanted:
        return "the bytes are UTF-8"
    if codec in _MULTIBYTE:
        wrong = content.decode(codec, "replace").count("\ufffd")
        if wrong > max(3, _beyond_ascii(content) // 20):
            return f"{wrong} places are not valid in it"
    return ""


def _is_utf8(content: bytes) -> bool:
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _nearly_utf8(content: bytes) -> bool:
    """Valid UTF-8, or cut off inside a character, or with a few bad bytes among many good ones."""
    if _is_utf8(content):
        return True
    rest, good = _UTF8_SEQUENCE.subn(b"", content)
    stray = _beyond_ascii(rest)
    return (stray <= 3 and (good > 0 or _cut_short(content))) or stray * 20 <= good


def _beyond_ascii(content: bytes) -> int:
    return len(content.translate(None, delete=_ASCII))


def _cut_short(content: bytes) -> bool:
    return bool(_CUT.search(content, max(0, len(content) - 3))) and not _HIGH.search(content[:-3])


def _bare_utf16(head: bytes) -> str:
    """The UTF-16 that `head` is in by the look of its zero bytes: on one side of most pairs, never on the other."""
    zeros = head[0::2].count(0), head[1::2].count(0)
    if len(head) >= 8 and max(zeros) > len(head) * 0.3 and min(zeros) == 0:
        return "utf-16-be" if zeros[0] else "utf-16-le"
    return ""


def _detected(content: bytes) -> str:
    if utf16 := _bare_utf16(content[:2000]):
        return utf16
    if _nearly_utf8(content):
        return "utf-8"
    found = cchardet.detect(content[:_DETECT_BYTES])
    codec = _codec(found.get("encoding") or "")
    # A guess that the detector itself doubts is worse than what browsers take: Windows-1252.
    if codec and codec != "utf-8" and (found.get("confidence") or 0.0) > 0.5:
        return codec
    return "sloppy-windows-1252"
