"""What this stage knows of a language: `acts.<code>.toml`, made ready for look-up; `codes.toml`, which all share."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from functools import cache
from importlib.resources import files
from typing import TypeVar

from msgspec import Struct, convert

from onrecord.positions.patterns import Compiler, Form, Frame, Index, Speller
from onrecord.schema import ConditionKind, Quad

Name = TypeVar("Name", bound=str)
_DEEDS = ("harm", "stay", "befall", "occur", "deed")


class Frames(Struct, frozen=True, forbid_unknown_fields=True):
    """Patterns that tell the same."""

    act: str
    patterns: str
    mode: str | None = None
    form: Form = "verb"
    weight: float = 1.0
    raw: bool = False
    negated: str | None = None
    hangs_on: str = ""
    on_subject: bool = False


class Markers(Struct, frozen=True, forbid_unknown_fields=True):
    """What opens a condition of one kind."""

    kind: ConditionKind
    markers: str


class Table(Struct, frozen=True, forbid_unknown_fields=True):
    """The shape of `acts.<code>.toml`; the comments there say what each list is for."""

    frames: tuple[Frames, ...]
    conditions: tuple[Markers, ...]
    words: dict[str, str]
    classes: dict[str, str] = {}
    irregular: dict[str, str] = {}
    doubling: dict[str, str] = {}
    topics: dict[str, str] = {}
    countries: dict[str, str] = {}
    bodies: dict[str, str] = {}
    longest_ending: int = 3
    inflects: bool = False


class ActCode(Struct, frozen=True, forbid_unknown_fields=True):
    """A row of `codes.toml`."""

    means: str
    quad: Quad
    cameo: str
    plover: str
    negated: str
    future: str = ""
    undone: str = ""
    modes: dict[str, str] = {}


class Lexicon(Struct, frozen=True):
    """A language's frames and closed classes of words."""

    code: str
    index: Index
    words: dict[str, frozenset[str]]
    markers: dict[str, tuple[tuple[tuple[str, ...], ConditionKind], ...]]
    """Conditions' openings by their first word: the words, and the kind; the longest first."""
    topics: dict[str, tuple[tuple[str, str], ...]]
    """Stems with their topic, by the first three letters."""
    countries: dict[str, tuple[tuple[str, str], ...]]
    """Stems with the country they name; empty where names stand as the countries' own table has them."""
    longest_ending: int
    bodies: dict[str, tuple[tuple[tuple[str, ...], str], ...]]
    """Names of bodies by their first word: the words, and the code; the longest first."""
    deeds: dict[str, re.Pattern[str]]
    """The classes of verbs that tell of a clause what it does: harm, what stays, what befalls."""
    inflects: bool
    """Whether a verb's ending tells the future."""
    bare: frozenset[str]
    """Verbs' first forms, which may be nouns as well: "brand", "command"."""


@cache
def codes() -> dict[str, ActCode]:
    """The acts of the scheme in its order."""
    rows = tomllib.loads((files(__package__) / "codes.toml").read_text(encoding="utf-8"))["acts"]
    return convert(rows, dict[str, ActCode])


@cache
def modes() -> dict[str, frozenset[str]]:
    """The modes of each act: those that have a code, and those that a frame of any language tells."""
    told = {act: set(row.modes) for act, row in codes().items()}
    frames = [one for lang in languages() for one in _table(lang).frames]
    for one in frames:
        told[one.act].add(one.mode or "")
    for name in (*(row.negated for row in codes().values()), *(one.negated or "" for one in frames)):
        act, _, mode = name.partition("/")
        told.get(act, set()).add(mode)
    return {act: frozenset(found - {""}) for act, found in told.items()}


@cache
def topics() -> tuple[str, ...]:
    """What acts can be about, in the order of the alphabet."""
    return tuple(sorted({topic for lang in languages() for topic in _table(lang).topics}))


@cache
def languages() -> frozenset[str]:
    """The codes of the languages there are frames for."""
    names = (entry.name for entry in files(__package__).iterdir())
    return frozenset(name[5:-5] for name in names if name.startswith("acts.") and name.endswith(".toml"))


def _table(lang: str) -> Table:
    return convert(tomllib.loads((files(__package__) / f"acts.{lang}.toml").read_text(encoding="utf-8")), Table)


@cache
def lexicon(lang: str) -> Lexicon:
    """The lexicon of a language there are frames for."""
    table = _table(lang)
    doubling = frozenset(table.doubling.get("verbs", "").split())
    compiler = Compiler(table.classes, Speller(table.irregular, doubling))
    return Lexicon(
        code=lang,
        index=Index(_frames(table, compiler)),
        words={name: compiler.words(listed) for name, listed in table.words.items()},
        markers=_openings((group.kind, group.markers) for group in table.conditions),
        topics=_stems(table.topics),
        countries=_stems(table.countries),
        longest_ending=table.longest_ending,
        bodies=_openings((code, names) for code, names in table.bodies.items()),
        deeds={name: compiler.compiled(f"%{name}")[0] for name in _DEEDS if name in table.classes},
        inflects=table.inflects,
        bare=_bare(table),
    )


def _bare(table: Table) -> frozenset[str]:
    """The first forms of the verbs that patterns begin with, but for those that are past forms too ("put")."""
    firsts = [line.split()[0] for group in table.frames for line in group.patterns.splitlines() if line.strip()]
    listed = " ".join([*firsts, *table.classes.values()]).replace("/", " ").split()
    verbs = {word[1:].partition("_")[0] for word in listed if word.startswith("~")}
    return frozenset(verb for verb in verbs if verb not in table.irregular.get(verb, "").split())


def _frames(table: Table, compiler: Compiler) -> list[tuple[Frame, tuple[str, ...]]]:
    found = []
    for group in table.frames:
        for pattern in filter(None, (line.strip() for line in group.patterns.splitlines())):
            regex, starts, size = compiler.compiled(pattern)
            frame = Frame(
                act=group.act,
                mode=group.mode,
                form=group.form,
                weight=group.weight,
                raw=group.raw,
                negated=group.negated,
                regex=regex,
                size=size,
                source=pattern,
                hangs_on=group.hangs_on,
                on_subject=group.on_subject,
            )
            found.append((frame, starts))
    return found


def _openings(named: Iterable[tuple[Name, str]]) -> dict[str, tuple[tuple[tuple[str, ...], Name], ...]]:
    """What phrases stand for, by their first words, the longest phrases first."""
    found: dict[str, list[tuple[tuple[str, ...], Name]]] = {}
    for name, phrases in named:
        for phrase in phrases.split():
            words = tuple(phrase.split("_"))
            found.setdefault(words[0], []).append((words, name))
    return {first: tuple(sorted(many, key=lambda one: -len(one[0]))) for first, many in found.items()}


def _stems(named: dict[str, str]) -> dict[str, tuple[tuple[str, str], ...]]:
    """What stems stand for, by their first three letters, the longest first."""
    found: dict[str, list[tuple[str, str]]] = {}
    for name, stems in named.items():
        for stem in stems.split():
            found.setdefault(stem[:3], []).append((stem, name))
    return {start: tuple(sorted(many, key=lambda one: -len(one[0]))) for start, many in found.items()}
