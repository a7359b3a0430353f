"""Article → statements: who is said to have said what, in spans of the article's text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

import msgspec

from onrecord import languages
from onrecord.attribution.dashes import spoken
from onrecord.attribution.engines import found_by
from onrecord.attribution.grammars import has_rules, rules_of
from onrecord.attribution.kinds import is_title
from onrecord.attribution.nesting import with_nested
from onrecord.attribution.relation import Ends
from onrecord.attribution.stating import statement_of
from onrecord.attribution.words import paragraphs
from onrecord.errors import UsageError
from onrecord.languages.detection import detect, language_of
from onrecord.page.datelines import find_dateline
from onrecord.schema import SPOKEN_IN, Article, Engine, Problem, Statement

_NONE_KNOWN: Mapping[Ends, str] = MappingProxyType({})


def find_statements(article: Article, engine: Engine = "model") -> Article:
    """The article with the statements of its headline, standfirst, body and captions, in reading order.

    Each paragraph is read by the rules of its own language, or of the article's where it does not tell. One in a
    language without rules yields no statements, and a problem names that language once. A statement inside another
    follows it; one that is not all quoted and names no source ("is expected to …") is left out. Speakers are not
    resolved yet.
    """
    blocks = [block for block in article.blocks if block.kind in SPOKEN_IN]
    bounds = [inside for block in blocks for inside in paragraphs(article.text, block.start, block.end)]
    main = main_language(article.text, article.lang)
    # Most blocks are one paragraph, whose language has been looked for already: that takes 0.4 ms of a page.
    known = {(one.start, one.end): main if one.lang == article.lang else one.lang for one in blocks if one.lang}
    runs = _by_language(article.text, bounds, main, known)
    problems = [
        Problem("attribution", _without_rules(code)) for code in sorted({c for c, _ in runs if not has_rules(c)})
    ]
    if has_rules(base_code(article.lang)) and _looks_foreign(article.text, bounds):
        doubt = f"the page says that its language is {article.lang!r}, but its words do not look like it"
        problems.append(Problem("attribution", doubt))
    statements = with_nested(article.text, [one for one in _in_runs(article.text, runs, engine) if _tells(one)])
    if not statements and not article.lang and not problems and _tells_no_language(article.text):
        problems.append(Problem("attribution", "the language was not recognised: read as English, in vain"))
    return msgspec.structs.replace(article, statements=statements, problems=(*article.problems, *problems))


def _tells(statement: Statement) -> bool:
    """Whether a statement tells a reader of news anything: it names a source, or is a quotation and no heading."""
    if statement.kind == "direct":
        ends = any(mark in statement.content.parts[-1][-3:] for mark in ".!?…,")
        return bool(statement.source or statement.cue) or ends
    return bool(statement.source) and (statement.kind == "mixed" or len(statement.content.text.split()) > 1)


def attribute(
    text: str, bounds: Sequence[Ends] | None = None, lang: str = "", engine: Engine = "model"
) -> tuple[Statement, ...]:
    """The statements of a text taken as it stands, in reading order, without speakers and without those inside others.

    `bounds` are its paragraphs as (start, end) offsets; None lets the line breaks decide. `lang` is the language of all
    of them; without it, each paragraph tells its own. Raises `UsageError` for a `lang` without rules, and
    for a text that shows no language with rules.

    >>> [s.source.text for s in attribute("Rain is due, the port office said.")]
    ['the port office']
    """
    bounds = told(text, lang) if bounds is None else bounds
    if lang:
        rules_of(base_code(lang))
        return _in_runs(text, [(base_code(lang), bounds)], engine)
    runs = _by_language(text, bounds, main_language(text))
    if runs and not any(has_rules(code) for code, _ in runs):
        raise UsageError(f"{_without_rules(runs[0][0])}; if it is one of {', '.join(languages.codes())}, say so")
    return _in_runs(text, runs, engine)


def told(text: str, lang: str = "") -> list[Ends]:
    """The paragraphs of a text taken as it stands, each without the dateline that it may open with.

    None of the 121 datelines in PolNeAR's articles is part of a content.
    """
    found = []
    for start, end in paragraphs(text):
        dateline = find_dateline(text[start : min(end, start + _LONGEST_DATELINE)], lang or "en")
        first = start + dateline.end if dateline else start
        first += end - first - len(text[first:end].lstrip())
        found.append((first if first < end else start, end))
    return found


_LONGEST_DATELINE = 160


def main_language(text: str, stated: str = "") -> str:
    """The code of the language that a text is in for the most part: as stated, or told by its words.

    English for a text too short to tell; nothing for a longer one in a language that there is no file for.
    """
    if stated:
        return base_code(stated)
    return detect(text) or ("en" if len(text.split(maxsplit=_TELLING_WORDS)) <= _TELLING_WORDS else "")


_TELLING_WORDS = 30
"""Words from which on a text tells its language, if it is one that there is a file for."""


def _looks_foreign(text: str, bounds: Sequence[Ends]) -> bool:
    """Whether paragraphs long enough to tell are in no language that there is a file for."""
    told = " ".join(text[start:end] for start, end in bounds)
    return len(told.split(maxsplit=_TELLING_WORDS)) > _TELLING_WORDS and not detect(told)


def base_code(lang: str) -> str:
    """The code of a language without its country: *en* for *en-GB*."""
    return lang.partition("-")[0].lower()


def _by_language(
    text: str, bounds: Sequence[Ends], main: str, known: Mapping[Ends, str] = _NONE_KNOWN
) -> list[tuple[str, Sequence[Ends]]]:
    """Runs of paragraphs in one language each, `main` where a paragraph does not tell; of some it is `known`."""
    runs: list[tuple[str, list[Ends]]] = []
    for start, end in bounds:
        code = known.get((start, end)) or language_of(text[start:end], main)
        if not runs or runs[-1][0] != code:
            runs.append((code, []))
        runs[-1][1].append((start, end))
    return [(code, run) for code, run in runs]


def _in_runs(text: str, runs: Sequence[tuple[str, Sequence[Ends]]], engine: Engine) -> tuple[Statement, ...]:
    found: list[Statement] = []
    for code, bounds in runs:
        if not has_rules(code):
            continue
        words = rules_of(code).lexicon
        speech = spoken(text, bounds, words)
        quoted = [(one.start, one.end) for one in speech if not is_title(text, one.start, one.end, words)]
        for number, relation in enumerate(found_by(engine, text, bounds, code, speech), start=len(found) + 1):
            found.append(statement_of(text, f"s{number}", relation, quoted, code))
    return tuple(found)


def _tells_no_language(text: str) -> bool:
    """Whether a text is long enough for a statement, and in no language that there is a file for as far as it tells."""
    return len(text.split(maxsplit=_FEWEST_WORDS)) > _FEWEST_WORDS and not detect(text)


_FEWEST_WORDS = 5
"""Words in which a statement and who makes it may just stand."""


def _without_rules(code: str) -> str:
    named = f"no rules for the language {code!r}" if code else "the language was not recognised"
    return f"{named}: statements were not looked for"
