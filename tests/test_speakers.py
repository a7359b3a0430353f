"""The speakers stage on labelled cases and on arbitrary articles."""

from __future__ import annotations

import re
import tomllib
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import structs

from onrecord.actors.gazetteer import Gazetteer
from onrecord.actors.records import Actor as KnownActor
from onrecord.actors.records import Term
from onrecord.schema import Article, Block, Passage, Published, Span, Speaker, Statement
from onrecord.speakers import resolve
from onrecord.speakers.countries import place
from onrecord.speakers.knowledge import lexicon
from onrecord.speakers.tokens import tokenise
from timing import seconds

CASES = Path(__file__).parent / "cases"
EXPECTED = ("name", "kind", "role", "country", "how")


def cases() -> list[Any]:
    """Every case of every speakers file; those known to fail must fail, so that a repair is noticed."""
    found = []
    for file in sorted(CASES.glob("*/speakers-*.toml")):
        for case in tomllib.loads(file.read_text("utf-8"))["case"]:
            fails = (
                [pytest.mark.xfail(strict=True, reason=case["comment"])] if file.parent.name == "known-failures" else []
            )
            found.append(pytest.param(case, id=f"{file.parent.name}: {case['label']}", marks=fails))
    return found


def passage(text: str, words: str, near: int) -> Passage:
    """The occurrence of whole words in a text that lies nearest to a place."""
    if not words:
        return Passage()
    places = [m.start() for m in re.finditer(rf"(?<!\w){re.escape(words)}(?!\w)", text)]
    assert places, f"the case's text has no {words!r}"
    start = min(places, key=lambda place: abs(place - near))
    return Passage.of(text, (start, start + len(words)))


def article_of(case: dict[str, Any]) -> Article:
    """The article that a case describes."""
    text = case["text"].strip()
    statements = []
    for number, told in enumerate(case["statement"]):
        start = text.index(told["content"])
        content = Passage.of(text, (start, start + len(told["content"])))
        near = content.start if told.get("before", False) else content.end
        source, cue = (passage(text, told.get(part, ""), near) for part in ("source", "cue"))
        kind = "direct" if told["content"][0] in "“\"'" else "indirect"
        lang = case.get("lang", "")
        statements.append(Statement(str(number), kind, source, cue, content, lang=lang))
    blocks = tuple(
        Block(kind, text.index(first), text.index(last) + len(last)) for kind, first, last in case.get("blocks", [])
    )
    bylines = tuple(case.get("bylines", ()))
    return Article(
        "case", text, lang=case.get("lang", "en"), blocks=blocks, bylines=bylines, statements=tuple(statements)
    )


@pytest.mark.parametrize("case", cases())
def test_case(case: dict[str, Any]) -> None:
    for told, statement in zip(case["statement"], resolve(article_of(case)).statements, strict=True):
        if told.get("nobody", False):
            assert statement.speaker is None
            continue
        assert statement.speaker is not None, told
        speaker = structs.asdict(statement.speaker)
        expected = {key: told[f"speaker_{key}"] or None for key in EXPECTED if f"speaker_{key}" in told}
        if "speaker_name" not in told:
            expected["name"] = None
        assert {key: speaker[key] for key in expected} == expected, (statement.source.text, statement.speaker.because)
        if "about" in told:
            assert statement.about == tuple(told["about"])
        assert statement.speaker.because
        assert 0 < statement.speaker.confidence <= 1


def test_no_statements_no_change() -> None:
    article = Article("x", "The mayor spoke.")
    assert resolve(article) is article


def test_because_names_the_words_it_rests_on() -> None:
    text = "Mayor Inga Holm spoke. “No,” she said."
    start = text.index("she")
    content = Passage.of(text, (text.index("“"), text.index("”") + 1))
    statement = Statement("1", "direct", Passage.of(text, (start, start + 3)), Passage(), content)
    speaker = resolve(Article("x", text, lang="en", statements=(statement,))).statements[0].speaker
    assert speaker is not None
    assert "she" in speaker.because
    assert "Inga Holm" in speaker.because


@pytest.mark.parametrize(
    ("phrase", "code", "sense"),
    [
        ("Kremlin", "RUS", "seat"),
        ("Moscow", "RUS", "capital"),
        ("White House", "USA", "seat"),
        ("U.S.", "USA", "name"),
        ("Dutch", "NLD", "demonym"),
        ("Texas", "USA", "part"),
        ("South Korea", "KOR", "name"),
    ],
)
def test_countries(phrase: str, code: str, sense: str) -> None:
    found = place(phrase)
    assert found is not None
    assert (found.code, found.sense) == (code, sense)


def test_a_word_that_is_no_country() -> None:
    assert place("Lund") is None


def test_plurals() -> None:
    nouns = lexicon("en").nouns
    assert nouns["spokeswomen"].plural
    assert nouns["spokeswomen"].gender == "f"
    assert nouns["ministries"].base == "ministry"
    assert nouns["attorneys"].plural


WORDS = st.sampled_from(
    [
        "the",
        "a",
        "Kremlin",
        "spokesman",
        "Erik",
        "Lund",
        "he",
        "she",
        "they",
        "it",
        "who",
        "said",
        "“",
        "”",
        '"',
        "'",
        ",",
        ".",
        "Mr.",
        "Mrs.",
        "President",
        "of",
        "and",
        "his",
        "Clinton's",
        "campaign",
        "Ministry",
        "report",
        "US",
        "U.S.",
        "R-Texas",
        "(",
        ")",
        "—",
        "their",
        "officials",
        "White",
        "House",
        "I",
        "we",
        "''",
        "\n",
        "\n\n",
    ]
)
TEXTS = st.one_of(st.text(max_size=200), st.lists(WORDS, max_size=80).map(" ".join))
ENDS = st.tuples(st.integers(0, 400), st.integers(0, 400)).map(sorted)


@st.composite
def articles(draw: st.DrawFn) -> Article:
    """An article of arbitrary text, with statements and blocks anywhere in or beyond it."""
    text = draw(TEXTS)

    def some_passage() -> Passage:
        spans = draw(st.lists(ENDS, max_size=2))
        return Passage(tuple(Span(start, end) for start, end in sorted(spans)), tuple("x" for _ in spans))

    kinds = st.sampled_from(["direct", "mixed", "indirect"])
    statements = tuple(
        Statement(str(n), draw(kinds), some_passage(), some_passage(), some_passage())
        for n in range(draw(st.integers(0, 5)))
    )
    block_kinds = st.sampled_from(["body", "caption", "teaser", "form"])
    blocks = tuple(Block(draw(block_kinds), *ends) for ends in draw(st.lists(ENDS, max_size=3)))
    return Article("x", text, lang="en", blocks=blocks, statements=statements)


@settings(max_examples=400, deadline=None)
@given(articles())
def test_resolve_never_raises_is_deterministic_and_changes_only_speaker_and_about(article: Article) -> None:
    resolved = resolve(article)
    assert resolved == resolve(article)
    bare = tuple(structs.replace(statement, speaker=None, about=()) for statement in resolved.statements)
    assert structs.replace(resolved, statements=bare) == article


def long_article(sentences: int) -> Article:
    """An article of many people, roles and pronouns, with a statement in every fourth sentence."""
    lines, statements, at = [], [], 0
    for n in range(sentences):
        name = f"Ana{chr(97 + n % 26)} Lopez{chr(97 + n % 23)}{chr(97 + n % 19)}"
        line = f"Spokesman {name}, a lawyer for the port, met officials. The spokesman was late. “Never,” he said."
        start = at + line.index("he said")
        if n % 4 == 0:
            statements.append(
                Statement(str(n), "direct", Passage((Span(start, start + 2),), ("he",)), Passage(), Passage())
            )
        lines.append(line)
        at += len(line) + 1
    return Article("x", "\n".join(lines), lang="en", statements=tuple(statements))


def test_time_grows_with_the_text_not_its_square() -> None:
    one, four = (seconds(partial(resolve, long_article(size))) for size in (400, 1600))
    assert four < 9 * one  # 4 if linear, 16 if quadratic


def test_country_of_a_mission_is_not_the_speakers() -> None:
    text = "Kurt Wolf, special envoy to Ukraine, said talks had stalled."
    source = Passage.of(text, (0, text.index(", said")))
    statement = Statement("1", "indirect", source, Passage(), Passage.of(text, (text.index("talks"), len(text) - 1)))
    [resolved] = resolve(Article("x", text, lang="en", statements=(statement,))).statements
    assert resolved.speaker is not None
    assert (resolved.speaker.name, resolved.speaker.country) == ("Kurt Wolf", None)


def test_those_who_speak_together_are_all_named() -> None:
    text = "Mayor Inga Holm and French Foreign Minister Luc Morel said talks would go on."
    source = Passage.of(text, (0, text.index(" said")))
    statement = Statement("1", "indirect", source, Passage(), Passage.of(text, (text.index("talks"), len(text) - 1)))
    [resolved] = resolve(Article("x", text, lang="en", statements=(statement,))).statements
    assert resolved.speaker is not None
    assert (resolved.speaker.name, resolved.speaker.others) == ("Inga Holm", ("Luc Morel",))


def test_a_wrapped_line_does_not_end_its_sentence() -> None:
    long = "met the harbour board in the old customs house at the end of the eastern quay of"
    words = tokenise(f"Inga Holm {long}\nthe port.\nBo Lind\nLeft", [(0, 200)], lexicon("en"))
    sentence = dict(zip(words.words, words.sentences, strict=True))
    assert sentence["Inga"] == sentence["port"] != sentence["Lind"] != sentence["Left"]


def resolved(text: str, source: str, day: str = "", gazetteer: Gazetteer | None = None) -> Speaker:
    """The speaker of the last occurrence of a source in a text of some day."""
    start = text.rindex(source)
    content = Passage.of(text, (start + len(source) + 1, len(text)))
    statement = Statement("1", "indirect", Passage.of(text, (start, start + len(source))), Passage(), content)
    published = Published(day, "meta") if day else None
    article = Article("x", text, lang="en", published=published, statements=(statement,))
    speaker = resolve(article, gazetteer).statements[0].speaker
    assert speaker is not None
    return speaker


HOLM = KnownActor(
    "own:holm", "Edda Holm", country="NOR", terms=(Term("Prime Minister", "GOV", "2020-06-15", "2024-06-15"),)
)


def test_the_gazetteer_lets_an_office_find_whom_the_article_names() -> None:
    own = Gazetteer([HOLM])
    text = "Edda Holm met Bo Lind. The PM said that it was late."
    speaker = resolved(text, "The PM", "2021-05-01", own)
    assert (speaker.name, speaker.actor, speaker.sector) == ("Edda Holm", "own:holm", "GOV")
    assert "gazetteer" in speaker.because


@pytest.mark.parametrize("day", ["", "2019-05-01", "2025-05-01"])
def test_an_office_is_nobodys_before_and_after_the_term_and_without_a_date(day: str) -> None:
    assert (
        resolved("Edda Holm met Bo Lind. The PM said that it was late.", "The PM", day, Gazetteer([HOLM])).name is None
    )


def test_a_former_office_is_found_after_the_term_only() -> None:
    text = "Edda Holm met Bo Lind. Bo Lind left. The former prime minister said that it was late."
    assert resolved(text, "The former prime minister", "2025-05-01", Gazetteer([HOLM])).name == "Edda Holm"


def test_a_line_of_marks_ends_a_story() -> None:
    text = "Otto Lind spoke of the port. Otto Lind spoke.\n\n___\n\nKarl Vogt spoke of tides. He said that they rise."
    assert resolved(text, "He").name == "Karl Vogt"


def test_a_chance_is_none_below_which_a_pronoun_gets_no_name() -> None:
    text = "Otto Lind praised Karl Vogt, Bo Lund and Jan Busk. Karl Vogt praised Otto Lind. He said that it was late."
    speaker = resolved(text, "He")
    assert speaker.name is not None or speaker.how == "unresolved"
    assert 0 < speaker.confidence < 1
