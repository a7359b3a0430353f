"""Mojibake → the text it was: span by span, each repair recorded so that it can be replayed.

ftfy (Robyn Speer) undoes misread UTF-8, set so that it does that and nothing else: quotation marks, ligatures, widths
and normal forms stay as they are. It reads whole lines; `codepages` finds legacy code pages, and UTF-8 beside sound
accents. Of two explanations the one counts that leaves the likelier line.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import NamedTuple

import ftfy
import ftfy.bad_codecs
from ftfy import fixes

from onrecord.page import letters
from onrecord.page.codepages import Found, Misread, misread_spans
from onrecord.page.readings import Reading, steps_of
from onrecord.schema import Repair

_FTFY = ftfy.TextFixerConfig(
    unescape_html=False,
    remove_terminal_escapes=False,
    replace_lossy_sequences=False,
    fix_c1_controls=False,
    fix_latin_ligatures=False,
    fix_character_width=False,
    uncurl_quotes=False,
    fix_line_breaks=False,
    fix_surrogates=False,
    remove_control_chars=False,
    normalization=None,
)
_TEXT_STEPS = {"decode_inconsistent_utf8": fixes.decode_inconsistent_utf8, "fix_c1_controls": fixes.fix_c1_controls}
_BYTE_STEPS = {"restore_byte_a0": fixes.restore_byte_a0}
_UTF8 = ("utf-8", "utf-8-variants")
# What ftfy did to a line with mixed encodings, said for one stretch of it.
_SIMPLE_STEPS = tuple((f"encode {codec}", "decode utf-8") for codec in ("latin-1", "sloppy-windows-1252", "cp1251"))

_UTF8_SEQUENCE = re.compile(
    rb"(?:[\xc2-\xdf][\x80-\xbf]|\xe0[\xa0-\xbf][\x80-\xbf]|[\xe1-\xec\xee\xef][\x80-\xbf]{2}"
    rb"|\xed[\x80-\x9f][\x80-\xbf]|\xf0[\x90-\xbf][\x80-\xbf]{2}|[\xf1-\xf3][\x80-\xbf]{3})+"
)
_MOSTLY = 0.8
# Two bytes of a sequence, or the first with the second lost as a non-breaking space.
_MAY_BE_UTF8 = re.compile(r"[^\x00-\x7f]{2}|[Â-ß](?!\S)|[\x80-\x9f]")
# Of these no code page has both first and later bytes of UTF-8, and none has a word of three letters in a row of them.
_TELLING = re.compile("[^\x00-\x7f“”‘’–—…\u00a0]")
_NOT_ASCII_RUN = re.compile(r"[^\x00-\x7f](?:.*[^\x00-\x7f])?", re.DOTALL)
# The C1 controls that Windows-1252 gives a meaning: in a text they are always that, as HTML says of their references.
_C1 = re.compile("[\x80\x82-\x8c\x8e\x91-\x9c\x9e\x9f]+")
_PIECE = 5_000
"""Longer lines are worked on in pieces cut at a space, which keeps the work linear."""
_SHOWN_BITS = 40
"""What a reading has to have saved in a text to be expected in its other lines: two or three whole words."""
_LEGACY_CHARACTERS = 500_000
"""How much of a page's text is searched for misread code pages; it takes a second for 150,000 broken characters."""


class Repaired(NamedTuple):
    """A text after repair, and the repairs with their places in it."""

    text: str
    repairs: tuple[Repair, ...]


class _Fix(NamedTuple):
    """A repair with its place in the text before any repair."""

    start: int
    end: int
    fixed: str
    steps: tuple[str, ...]


def repair(text: str, within: int = _LEGACY_CHARACTERS) -> Repaired:
    """`text` with its mojibake undone; a text without any comes back as it is, with no repairs.

    Only the first `within` characters are searched for misread code pages.
    """
    parts: list[str] = []
    repairs: list[Repair] = []
    done, length = 0, 0
    for fix in _fixes(text, within):
        parts += (text[done : fix.start], fix.fixed)
        start = length + fix.start - done
        length = start + len(fix.fixed)
        repairs.append(Repair(start, length, text[fix.start : fix.end], fix.steps))
        done = fix.end
    return Repaired("".join((*parts, text[done:])), tuple(repairs)) if repairs else Repaired(text, ())


def replay(original: str, steps: tuple[str, ...]) -> str:
    """What `steps`, in order, make of `original`; raises `UnicodeError` where they do not fit it."""
    value: str | bytes = original
    for step in steps:
        verb, _, codec = step.partition(" ")
        if isinstance(value, str):
            value = value.encode(codec) if verb == "encode" else _TEXT_STEPS[step](value)
        else:
            value = value.decode(codec) if verb == "decode" else _BYTE_STEPS[step](value)
    if isinstance(value, bytes):
        raise UnicodeError(f"the steps {steps} end in bytes")
    return value


def _fixes(text: str, within: int) -> Iterator[_Fix]:
    """The fixes that `text` needs, in order and apart."""
    found = [(start, piece, misread_spans(piece) if start < within else []) for start, piece in _pieces(text)]
    known = _shown(span for _, _, spans in found for span in spans)
    for start, piece, misread in found:
        if known and not misread and start < within:
            misread = misread_spans(piece, known)
        yield from _moved(_piece_fixes(piece, misread, known), start)


def _shown(found: Iterable[Found]) -> frozenset[Reading]:
    """The readings under which enough of a text was found to expect more."""
    saved: Counter[Reading] = Counter()
    for span, reading in found:
        saved[reading] += round(span.saved)
    return frozenset(reading for reading, bits in saved.items() if bits >= _SHOWN_BITS)


def _piece_fixes(piece: str, misread: list[Found], known: frozenset[Reading]) -> Iterator[_Fix]:
    utf8 = _utf8_fixes(piece)
    legacy = _codepage_fixes(piece, misread)
    if utf8 and legacy:
        # Letters of a code page can look like UTF-8 by accident, and the reverse; the one that explains more is it.
        utf8 = [] if letters.text_bits(_mended(piece, legacy)) < letters.text_bits(_mended(piece, utf8)) else utf8
    if not utf8 and not legacy:
        yield from _c1_fixes(piece)
        return
    here = 0
    for fix in utf8 or legacy:
        yield from _moved(_rest(piece[here : fix.start], not utf8, known), here)
        yield fix
        here = fix.end
    yield from _moved(_rest(piece[here:], not utf8, known), here)


def _mended(piece: str, fixes_here: list[_Fix]) -> str:
    parts: list[str] = []
    here = 0
    for fix in fixes_here:
        parts += (piece[here : fix.start], fix.fixed)
        here = fix.end
    return "".join((*parts, piece[here:]))


def _rest(line: str, for_utf8: bool, known: frozenset[Reading]) -> Iterator[_Fix]:
    """The fixes in what the first pass over a line left alone: the other family's, then single C1 controls."""
    if line.isascii():
        return
    found = _utf8_fixes(line) if for_utf8 else _codepage_fixes(line, misread_spans(line, known))
    here = 0
    for fix in found:
        yield from _moved(_c1_fixes(line[here : fix.start]), here)
        yield fix
        here = fix.end
    yield from _moved(_c1_fixes(line[here:]), here)


def _codepage_fixes(line: str, misread: list[Found]) -> list[_Fix]:
    return [fix for span, _ in misread if (fix := _codepage_fix(line, span))]


def _codepage_fix(line: str, span: Misread) -> _Fix | None:
    start, end = span.start, span.end
    if span.right == "utf-8" and (beyond := _NOT_ASCII_RUN.search(line, start, end)):
        start, end = beyond.span()
    mended = steps_of(line[start:end], span.wrong, span.right)
    return _Fix(start, end, *mended) if mended else None


def _moved(fixes_here: Iterator[_Fix], by: int) -> Iterator[_Fix]:
    for fix in fixes_here:
        yield fix._replace(start=fix.start + by, end=fix.end + by)


def _pieces(text: str) -> Iterator[tuple[int, str]]:
    """The lines of `text` that can hold mojibake, with where each starts, long ones cut at spaces.

    Quotation marks, dashes and fixed spaces alone are none, and most lines of English that are not ASCII have no more.
    """
    start = 0
    while start < len(text):
        end = text.find("\n", start) + 1 or len(text)
        if end - start > _PIECE:
            end = text.rfind(" ", start + 1, start + _PIECE) + 1 or start + _PIECE
        if _TELLING.search(text, start, end):
            yield start, text[start:end]
        start = end


def _utf8_fixes(line: str) -> list[_Fix]:
    """The stretches of `line` that hold misread UTF-8, undone, each as small as its steps allow."""
    steps = _utf8_steps(line) if _MAY_BE_UTF8.search(line) else ()
    if "decode_inconsistent_utf8" in steps and (mostly := _mostly_utf8(line)):
        return mostly
    fixed = replay(line, steps) if steps else line
    if fixed == line:
        return []
    found = [_smallest(line, *run, steps) for run in _changed_runs(line, fixed)]
    whole = [_Fix(0, len(line), fixed, steps)]
    # A byte shared with an unchanged neighbour can keep a stretch from replaying alone; the whole line always does.
    return whole if None in found else [fix for fix in found if fix]


def _mostly_utf8(line: str) -> list[_Fix]:
    """Each misread UTF-8 sequence of a line whose characters beyond ASCII are mostly such; nothing for other lines.

    A page's character references come through right in the midst of misread text and keep it from decoding as a whole.
    """
    for steps in _SIMPLE_STEPS[:2]:
        codec = steps[0].removeprefix("encode ")
        # One byte a character, so that places in the bytes are places in the line.
        content = b"".join(_byte(character, codec) for character in line)
        found = list(_UTF8_SEQUENCE.finditer(content))
        inside = sum(len(one[0]) for one in found)
        beyond = sum(not character.isascii() for character in line)
        if inside >= _MOSTLY * beyond:
            places = [one.span() for one in found]
            return [_Fix(start, end, replay(line[start:end], steps), steps) for start, end in places]
    return []


@lru_cache(maxsize=1024)
def _byte(character: str, codec: str) -> bytes:
    return character.encode(codec, "ignore") or b"\xff"


def _changed_runs(line: str, fixed: str) -> list[tuple[int, int, str]]:
    """Where `line` differs from `fixed`: start, end, and what `fixed` has there; neighbouring words as one run."""
    before, after = line.split(" "), fixed.split(" ")
    if len(before) != len(after):
        return [(0, len(line), fixed)]
    runs: list[tuple[int, int, str]] = []
    start = 0
    for old, new in zip(before, after, strict=True):
        if old != new and runs and runs[-1][1] == start - 1:
            runs[-1] = (runs[-1][0], start + len(old), f"{runs[-1][2]} {new}")
        elif old != new:
            runs.append((start, start + len(old), new))
        start += len(old) + 1
    return runs


def _smallest(line: str, start: int, end: int, fixed: str, steps: tuple[str, ...]) -> _Fix | None:
    """The fix that turns `line[start:end]` into `fixed`, without the ends that stay; None if none replays alone."""
    head = 0
    while head < min(end - start, len(fixed)) and line[start + head] == fixed[head]:
        head += 1
    tail = 0
    while tail < min(end - start, len(fixed)) - head and line[end - 1 - tail] == fixed[-1 - tail]:
        tail += 1
    trimmed = (start + head, end - tail, fixed[head : len(fixed) - tail])
    for first, last, wanted in (trimmed, (start, end, fixed)):
        for tried in (steps, *_SIMPLE_STEPS):
            try:
                if replay(line[first:last], tried) == wanted:
                    return _Fix(first, last, wanted, tried)
            except UnicodeError:
                continue
    return None


def _utf8_steps(line: str) -> tuple[str, ...]:
    """ftfy's steps for `line`, as far as they undo misread UTF-8."""
    plan = ftfy.fix_encoding_and_explain(line, _FTFY).explanation or []
    steps: list[str] = []
    kept = 0
    for action, parameter in plan:
        if action == "decode" and parameter not in _UTF8:
            # ftfy goes on to read leftover C1 controls as Windows-1252; they may be a code page yet to be found.
            break
        steps.append(f"{action} {parameter}" if action in ("encode", "decode") else parameter)
        if action in ("decode", "apply"):
            kept = len(steps)
    return tuple(steps[:kept])


def _c1_fixes(line: str) -> Iterator[_Fix]:
    for found in _C1.finditer(line):
        steps = ("encode latin-1", "decode windows-1252")
        yield _Fix(found.start(), found.end(), replay(found[0], steps), steps)
