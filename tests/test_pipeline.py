"""The whole way from a page to its statements."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import onrecord
from onrecord import Failure, Page, corpus, pipeline
from timing import seconds

EXAMPLE = Path(__file__).parent.parent / "examples" / "port-talks.txt"

FRAGMENTS = st.sampled_from(
    [
        "“", "”", '"', "'", "’", "‘", "«", "»", "''", "``", ",", ".", ":", "?", " — ", "\n", "\n\n", " ", "(", ")",
        "said", "he said", "Mayor Anna Roe", "according to", "told reporters", "that the plan", "who called for",
        "and added", "She", "“No,” he said.", "VARGA:", "KYIV, March 3 (Reuters) -", "Leave a Reply", "\x00", "\u202e",
        "Ìîñêâà", "Ã©", "İ", "ﬁ", "𝔘", "e\u0301",
    ]
)  # fmt: skip
NEWS = st.lists(FRAGMENTS | st.text(max_size=8), max_size=40).map("".join)


def check(article: onrecord.Article) -> None:
    """Every span lies inside the text, is not empty and is verbatim; statements stand in blocks that speak."""
    text = article.text
    for block in article.blocks:
        assert 0 <= block.start < block.end <= len(text)
    for repair in article.repairs:
        assert 0 <= repair.start < repair.end <= len(text)
    for statement in article.statements:
        assert statement.content
        for passage in (statement.source, statement.cue, statement.content):
            assert passage.parts == tuple(text[span.start : span.end] for span in passage.spans)
            for span in passage.spans:
                assert 0 <= span.start < span.end <= len(text)
                assert text[span.start : span.end] == text[span.start : span.end].strip()
        assert 0 <= statement.confidence <= 1
    assert len({statement.id for statement in article.statements}) == len(article.statements)


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(NEWS)
def test_any_text_gives_sound_statements_or_a_foreseen_error(text: str) -> None:
    try:
        article = onrecord.read(Page(text))
    except onrecord.OnrecordError:
        return
    check(article)
    assert not [problem for problem in article.problems if "failed" in problem.message], article.problems
    assert onrecord.read(Page(text)) == article


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.binary(max_size=400) | NEWS.map(lambda text: f"<html><body><p>{text}</p></body></html>".encode()))
def test_any_bytes_give_an_article_or_a_foreseen_error(content: bytes) -> None:
    try:
        article = onrecord.read(content)
    except onrecord.OnrecordError:
        return
    check(article)
    assert not [problem for problem in article.problems if "failed" in problem.message], article.problems


@pytest.mark.parametrize("engine", ["model", "rules"])
def test_example_page(engine: onrecord.Engine) -> None:
    article = onrecord.read(EXAMPLE, engine)
    check(article)
    assert (article.place, article.agency) == ("PORT REYNE", "VNA")
    assert article.published == onrecord.Published("2023-05-14", "weekday")
    [repair] = article.repairs
    assert article[repair].startswith("Валдория. Порт-Рейн.")
    body_end = max(block.end for block in article.blocks if block.kind == "body")
    assert all(statement.content.end <= body_end for statement in article.statements), "teasers yield no statement"
    # Whether the circumstances belong to the cue ("said in an interview") is a matter of taste that engines differ in.
    verbs = [s.cue.text.split(" in ")[0] for s in article.statements]
    names = [(s.speaker.name if s.speaker else None, s.source.text) for s in article.statements]
    spoken = [(*named, verb) for named, verb in zip(names, verbs, strict=True)]
    assert spoken == [
        ("Ilya Marenkov", "Government Spokesman Ilya Marenkov", "said"),
        ("Ilya Marenkov", "Marenkov", "said"),
        ("Ilya Marenkov", "he", "noted"),
        ("Ilya Marenkov", "the spokesman", "according to"),
        ("Ilya Marenkov", "The government spokesman", "also recalled"),
        ("Lucia Ferro", "who", "demanded"),
        ("Ilya Marenkov", "he", "stressed"),
        (None, "The programme’s host", "remarked"),
        (None, "The programme’s host", "asked"),
        ("Ilya Marenkov", "Marenkov", "replied"),
    ]
    assert not any("Tides and Times" in statement.content_text for statement in article.statements)


@pytest.mark.parametrize("source", [str(EXAMPLE), EXAMPLE, EXAMPLE.read_bytes(), EXAMPLE.read_text(encoding="utf-8")])
def test_read_takes_path_bytes_and_text(source: str | bytes | Path) -> None:
    assert len(onrecord.read(source).statements) == 10


def test_read_names_what_is_missing() -> None:
    with pytest.raises(onrecord.FetchError, match="no-such-page"):
        onrecord.read("no-such-page.html")


def test_a_failing_stage_costs_its_findings_and_not_the_article(monkeypatch: pytest.MonkeyPatch) -> None:
    def breaks(article: onrecord.Article, **_: object) -> onrecord.Article:
        raise ZeroDivisionError("as a bug would")

    monkeypatch.setattr(pipeline, "resolve", breaks)
    article = onrecord.read(EXAMPLE)
    assert len(article.statements) == 10
    assert article.statements[0].speaker is None
    assert "ZeroDivisionError: as a bug would" in article.problems[-1].message


def test_a_failing_page_is_named_and_the_others_are_read() -> None:
    pages = [Page(b"", input="nothing.txt"), Page("Rain is due, Anna Roe said.", input="rain.txt")]
    first, second = pipeline.read_pages(pages)
    assert isinstance(first, Failure)
    assert first.error.startswith("nothing.txt: ")
    assert isinstance(second, onrecord.Article)
    assert second.statements[0].source.text == "Anna Roe"


def test_language_without_rules_is_said() -> None:
    article = onrecord.read(Page("La digue tient, dit-elle.", lang="fr"))
    assert article.statements == ()
    assert "no rules for the language 'fr'" in article.problems[-1].message
    with pytest.raises(onrecord.UsageError, match="no language 'xx'"):
        onrecord.attribute("Saluton.", lang="xx")


def test_cost_is_linear_in_length() -> None:
    """Eight times the text may take at most some sixteen times as long, whatever stands in it."""
    pieces = (
        "“",
        '"',
        "' ",
        "he said ",
        "“No,” he said, ",
        "“No.”\n\n",
        "“No\n\n",
        "Anna Roe, the mayor, said: “No.”\n\n",
    )
    others = (
        ("de", "„Nein“, sagte sie, „nein. "),
        ("de", "er sagte "),
        ("de", "Der Damm, sagte Anna, der Damm, "),
        ("de", "nach Angaben der Polizei "),
        ("de", "Er sei da. "),
        ("ru", "— Нет, — сказал он. "),
        ("ru", "«Нет, — сказал он, — нет "),
        ("ru", "по словам мэра города "),
        ("ru", "мэр, глава порта, "),
    )
    for lang, piece in (*(("en", piece) for piece in pieces), *others):
        spent = [seconds(partial(onrecord.attribute, piece * times, lang, "rules"), 1) for times in (200, 1_600)]
        assert spent[1] < 16 * spent[0] + 0.5, f"{piece!r}: {spent}"


def test_cost_of_the_model_is_linear_in_length() -> None:
    onrecord.attribute("The model is loaded, Anna Roe said.")
    told = "“We are ready,” Anna Roe, the mayor, said, adding that the river would fall.\n\n"
    spent = [seconds(partial(onrecord.attribute, told * times), 1) for times in (20, 160)]
    assert spent[1] < 16 * spent[0] + 0.5, spent


def test_a_quoted_heading_that_nobody_says_is_no_statement() -> None:
    text = (
        "“The wall is old”\n\nThe harbour lies to the north of the town and is closed in winter, as it was last year."
    )
    assert onrecord.read(onrecord.Page(text)).statements == ()


def test_a_text_that_breaks_the_attribution_costs_its_own_line(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def breaks(text: str, lang: str, engine: str, within: object) -> tuple[onrecord.Statement, ...]:
        if "bad" in text:
            raise IndexError("list index out of range")
        return pipeline.attribute(text, lang)

    monkeypatch.setattr(corpus, "attribute", breaks)
    (tmp_path / "c.jsonl").write_text('{"text": "A bad one."}\n{"text": "It rained, Anna Roe said."}\n')
    first, second, third = corpus.attributed_lines(str(tmp_path / "c.jsonl"))
    assert isinstance(first, Failure)
    assert "c.jsonl:1: attributions could not be found (IndexError" in first.error
    assert second == b'{"text":"A bad one.","attributions":[]}'
    assert isinstance(third, bytes)
    assert b'"attributions":[{' in third


def test_what_a_quotation_reports_of_others_is_inside_it_and_no_direct_speech() -> None:
    article = onrecord.read(
        "The Harbour Post wrote: “The dam will hold.\n\nAccording to an engineer, the water falls by a metre a day.”"
        "\n\nNobody else was asked about the dam on Monday, and the gates stayed open."
    )
    outer, inner = article.statements
    assert (outer.source.text, outer.kind, outer.nested_in) == ("The Harbour Post", "direct", None)
    assert (inner.source.text, inner.kind, inner.nested_in) == ("an engineer", "indirect", outer.id)
