"""Evaluation: figures against a count by hand, intervals against theory, and every way in which files do not fit."""

from __future__ import annotations

import json
import re
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from typer.testing import CliRunner

import onrecord
from onrecord.cli import app
from onrecord.corpus import attributed_lines
from onrecord.errors import InputError, LimitError, OnrecordError, UsageError
from onrecord.evaluation import Score, evaluate
from onrecord.evaluation.counting import MEASURES, Text, counts_of
from onrecord.evaluation.documents import Relation
from onrecord.evaluation.resampling import bootstrapped, figures, interval
from onrecord.formats.examples import CorpusWriter
from onrecord.schema import Article, Block, Failure, Span

FIRST = "“We will stay,” said Mayor Roe. Quill, a driver, said that the old road was closed to all on Monday."
SECOND = "Nothing is known, the town says. It rained."


def at(text: str, words: str) -> list[int]:
    start = text.index(words)
    return [start, start + len(words)]


def told(text: str, content: str, source: str = "", cue: str = "", **more: Any) -> dict[str, Any]:
    """A statement by its words; parts of a content are split by …"""
    spans = {"content": [at(text, part) for part in content.split(" … ")]}
    return spans | {"source": [at(text, source)] * bool(source), "cue": [at(text, cue)] * bool(cue)} | more


def document(id: str, text: str, *said: dict[str, Any], lang: str = "en") -> dict[str, Any]:
    return {"id": id, "lang": lang, "text": text, "attributions": list(said)}


GOLD = [
    document(
        "1",
        FIRST,
        told(FIRST, "We will stay", "Mayor Roe", "said", kind="direct"),
        told(FIRST, "the old road was closed to all on Monday", "Quill, a driver", "said that"),
    ),
    document("2", SECOND, told(SECOND, "Nothing is known", "the town", "says"), lang="de"),
]
PREDICTED = [
    document(
        "1",
        FIRST,
        # Content to the word, punctuation more; of the source one word of two.
        told(FIRST, "“We will stay,”", "Roe", "said", kind="direct"),
        # Eight words of nine, in both the gold one (9) and this one (8): 8/9 = 0.89 agrees; the source is another one.
        told(FIRST, "the old road was closed to all on", "Mayor Roe", "said that"),
    ),
    document("2", SECOND, told(SECOND, "It rained", "the town", "says"), lang="de"),
]


def scores(gold: Any = GOLD, predicted: Any = PREDICTED, **how: Any) -> dict[str, Score]:
    return dict(evaluate(gold, predicted, **({"draws": 0} | how)).systems[0].scores)


def test_figures_equal_a_count_by_hand() -> None:
    found = {name: (one.found, one.gold, one.right, one.given) for name, one in scores().items()}
    assert found == {
        "content": (2, 3, 2, 3),  # both of the first document; “It rained” shares nothing
        "content exact": (1, 3, 1, 3),  # “We will stay” alone begins and ends with the same words
        "tokens content": (11, 15, 11, 13),  # 3 + 8 of 3 + 9 + 3 words; 3 + 8 + 2 given
        "source exact": (2, 3, 2, 3),  # “Mayor Roe” (given for the other statement) and “the town”
        "tokens source": (4, 7, 4, 4),  # Mayor Roe, the town; not Quill, a driver
        "cue exact": (3, 3, 3, 3),
        "tokens cue": (4, 4, 4, 4),  # said, said that, says
        "relation": (1, 3, 1, 3),  # Roe of Mayor Roe is one half of two words: it agrees
        "relation exact": (0, 3, 0, 3),
    }
    one = scores()["content exact"]
    assert (one.precision, one.recall, one.f1) == pytest.approx((1 / 3, 1 / 3, 1 / 3))


def test_kinds_languages_and_speakers() -> None:
    """A kind that a file does not tell is told by the marks; recall counts gold kinds, precision the system's own."""
    system = evaluate(GOLD, PREDICTED, draws=0).systems[0]
    counted = {kind: (one["content"].found, one["content"].gold, one["content"].right, one["content"].given)
               for kind, one in system.kinds.items()}  # fmt: skip
    assert counted == {"direct": (1, 1, 1, 1), "mixed": (0, 0, 0, 0), "indirect": (1, 2, 1, 2)}
    assert system.kinds["direct"]["relation"].recall == 1
    assert (system.speaker.recall, system.speaker.gold) == (1, 1)
    assert {lang: one["content"].recall for lang, one in system.languages.items()} == {"de": 0, "en": 1}
    assert evaluate(GOLD[:1], PREDICTED[:1], draws=0).systems[0].languages == {}, "one language is the whole"


def test_what_is_the_same_is_all_right() -> None:
    for one in scores(GOLD, GOLD, draws=50).values():
        assert (one.precision, one.recall, one.f1) == (1, 1, 1)
        assert one.f1_interval == (1, 1)


def test_nothing_found_and_nothing_to_find() -> None:
    nothing = [document("1", FIRST), document("2", SECOND)]
    found = scores(GOLD, nothing, draws=20)["relation"]
    assert (found.precision, found.recall, found.f1, found.f1_interval) == (0, 0, 0, (0, 0))
    assert scores(nothing, GOLD)["relation"].given == 3
    assert scores(nothing, nothing)["content"].f1 == 0


def test_pairs_are_one_to_one_and_the_best_first() -> None:
    """Two statements given for one: the one that agrees more counts, and the other is wrong."""
    text = "Roe said one two three four five six seven eight nine ten."
    gold = [document("1", text, told(text, "one two three four five six seven eight nine ten", "Roe"))]
    given = [document("1", text, told(text, "one two three four five six seven eight nine", "Roe"),
                      told(text, "one two three four five six seven eight nine ten", "said"))]  # fmt: skip
    assert (scores(gold, given)["content"].right, scores(gold, given)["content"].given) == (1, 2)
    assert scores(gold, given)["relation"].right == 0, "the better content has the wrong source"


def test_discontinuous_contents_agree_by_their_words() -> None:
    text = "“The dam,” she said, “will hold.”"
    gold = [document("1", text, told(text, "The dam … will hold", "she"))]
    whole = [document("1", text, told(text, "The dam,” she said, “will hold", "she"))]
    assert scores(gold, gold)["content"].f1 == 1
    assert scores(gold, whole)["content"].f1 == 0, "4 of 6 words"
    assert scores(gold, whole)["content exact"].f1 == 1, "outer boundaries"


def test_intervals_hold_what_theory_says() -> None:
    """Of 400 documents with one statement each, half found: the share varies by a standard deviation of 0.025."""
    counts = np.array([[[1, n % 2, 1, n % 2]] for n in range(400)], dtype=float)
    low, high = interval(figures(bootstrapped(counts, 4_000, np.random.default_rng(1))))[0][1]
    assert (low, high) == (pytest.approx(0.5 - 1.96 * 0.025, abs=0.006), pytest.approx(0.5 + 1.96 * 0.025, abs=0.006))


def test_documents_are_drawn_not_statements() -> None:
    """Ten statements of a document that are all right or all wrong tell no more than one."""
    one = np.array([[[1, n % 2, 1, n % 2]] for n in range(60)], dtype=float)
    rng = np.random.default_rng
    wide = interval(figures(bootstrapped(one, 500, rng(1))))[0][2]
    assert np.allclose(interval(figures(bootstrapped(one * 10, 500, rng(1))))[0][2], wide)


def _systems(right: int, wrong: int) -> tuple[list[Any], list[Any], list[Any]]:
    """A gold standard, a system that is right in some documents, and one that finds nothing there."""
    text = "The dam holds, Roe said."
    gold = [document(str(n), text, told(text, "The dam holds", "Roe", "said")) for n in range(right + wrong)]
    some = [one if n < right else document(one["id"], text) for n, one in enumerate(gold)]
    return gold, some, [document(one["id"], text) for one in gold]


def test_a_difference_that_is_none_is_chance() -> None:
    (content, *_) = evaluate(GOLD, PREDICTED, PREDICTED, draws=200).differences
    assert (content.measure, content.difference, content.interval, content.chance) == ("content", 0, (0, 0), 1)


def test_the_chance_of_a_difference_is_that_of_all_ways_to_swap() -> None:
    """Where one of two systems is right in n documents and the other in none, only two of 2ⁿ ways are as extreme."""
    for n, chance in ((3, 2 / 8), (5, 2 / 32)):
        gold, some, none = _systems(n, 2)
        found = {one.measure: one for one in evaluate(gold, some, none, draws=20_000).differences}["content exact"]
        assert found.chance == pytest.approx(chance, abs=0.01)
        assert found.difference == pytest.approx(2 * n / (2 * n + 2))
    gold, some, none = _systems(12, 0)
    assert evaluate(gold, none, some, draws=500).differences[0].chance == pytest.approx(1 / 501, abs=0.003)
    assert evaluate(gold, none, some, draws=500).differences[0].difference == -1


def test_the_same_seed_gives_the_same_figures() -> None:
    gold, some, none = _systems(7, 4)
    first, again, other = (evaluate(gold, some, none, draws=300, seed=seed) for seed in (5, 5, 6))
    assert first == again
    assert first.differences != other.differences
    assert first.systems[0].scores["content"].f1 == other.systems[0].scores["content"].f1


def test_large_inputs_take_seconds() -> None:
    """Ten thousand statements in 500 documents, a thousand draws, two systems."""
    words = " ".join(f"w{n}" for n in range(400))
    text = ". ".join(f"Roe{n} said a{n} b{n} c{n} d{n} e{n} f{n}" for n in range(20)) + ". " + words
    said = [told(text, f"a{n} b{n} c{n} d{n} e{n} f{n}", f"Roe{n}") for n in range(20)]
    gold = [document(str(n), text, *said) for n in range(500)]
    began = time.process_time()
    found = evaluate(gold, gold, gold)
    assert time.process_time() - began < 15
    assert found.statements == 10_000


def write(path: Path, documents: list[dict[str, Any]]) -> str:
    path.write_text("".join(f"{json.dumps(one, ensure_ascii=False)}\n" for one in documents), encoding="utf-8")
    return str(path)


def test_missing_and_unknown_documents_are_named_and_counted(tmp_path: Path) -> None:
    more = document("99", "Something else, he said.")
    found = evaluate(write(tmp_path / "g.jsonl", GOLD), write(tmp_path / "p.jsonl", [PREDICTED[1], more]), draws=0)
    system = found.systems[0]
    assert (system.missing, system.unknown, system.joined_by_text) == (("1",), ("99",), 0)
    assert system.scores["content"].gold == 3, "what is missing counts as not found"


def test_another_id_is_told_by_the_text() -> None:
    """Tools name documents after files; a carriage return has become a space there."""
    gold = [document("a/1", "No,\r she said.", told("No,", "No")), GOLD[1]]
    renamed = [document("a_1", "No,  she said.", told("No,", "No")), GOLD[1]]
    system = evaluate(gold, renamed, draws=0).systems[0]
    assert (system.joined_by_text, system.missing, system.unknown) == (1, (), ())
    assert system.scores["content"].f1 == 1


def test_texts_that_stand_there_twice_tell_no_document() -> None:
    same = [document("1", "No."), document("2", "No."), document("3", "Yes.")]
    system = evaluate(same, [document("x", "No."), document("3", "Yes.")], draws=0).systems[0]
    assert (system.missing, system.unknown) == (("1", "2"), ("x",))


def test_predictions_need_no_text() -> None:
    bare = [{"id": one["id"], "attributions": one["attributions"]} for one in GOLD]
    assert scores(GOLD, bare)["relation"].f1 == 1


def test_articles_are_compared_as_they_are() -> None:
    article = onrecord.read("The bridge is safe, Mayor Anna Roe said.", engine="rules")
    assert onrecord.evaluate([article], [article], draws=0).systems[0].scores["relation exact"].f1 == 1


BAD: list[tuple[str, list[Any], list[Any], str]] = [
    ("twice", [GOLD[0], GOLD[0]], PREDICTED, r"1 id \(1\) given to more than one document"),
    ("twice in predicted", GOLD, [PREDICTED[0]] * 2, r"predicted: 1 id"),
    ("outside", [document("1", "No.", {"content": [[0, 9]]}), document("2", "No.", {"content": [[2, 2]]})], GOLD,
     r"2 spans lie outside the text, in 2 documents \(1 \[0, 9\] of 3, 2 \[2, 2\] of 3\)"),
    ("negative", [document("1", "No.", {"content": [[-2, 2]]})], GOLD, "1 span lies outside the text"),
    ("outside in predicted", GOLD, [document("2", SECOND, {"source": [[0, 4_000]], "content": [[0, 1]]})],
     r"predicted: 1 span lies outside the text, in 1 document \(2 \[0, 4000\]"),
    ("another text", GOLD, [document("1", FIRST + " More.")], "1 document \\(1\\) with another text"),
    ("nothing in common", GOLD, [document("7", "No.")], "none of its 1 documents, such as '7', is one of the gold"),
    ("no gold", [], GOLD, "no documents"),
    ("no text", [{"id": "1", "attributions": []}], GOLD, "1 document \\(1\\) without a text"),
    ("no attributions", GOLD, [{"id": "1", "text": FIRST}], r"predicted: 1 document \(1\) without attributions"),
    ("no id", [{"text": "No."}], GOLD, "gold, document 1: .*id"),
    ("no spans", [{"id": 1, "text": "No.", "attributions": [{"content": "No"}]}], GOLD, "array"),
    ("nothing predicted", GOLD, [], "none of its 0 documents is one"),
]  # fmt: skip


@pytest.mark.parametrize(("gold", "predicted", "words"), [one[1:] for one in BAD], ids=[one[0] for one in BAD])
def test_what_does_not_fit_is_refused_in_words(gold: list[Any], predicted: list[Any], words: str) -> None:
    with pytest.raises(InputError, match=words):
        evaluate(gold, predicted)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"{", "g.jsonl:1: no document"),
        (b'{"id": 1, "text": 5}', "g.jsonl:1: no document"),
        (b"[" * 100_000, "g.jsonl:1: no document"),
        (b"\xff\xfe", "g.jsonl:1: no document"),
        (b'{"id": 1, "text": "No.", "attributions": [{"content": [[0, 1e99]]}]}', "g.jsonl:1"),
        (b"", "no documents"),
    ],
)
def test_a_line_that_is_none_is_named(tmp_path: Path, content: bytes, words: str) -> None:
    (tmp_path / "g.jsonl").write_bytes(content)
    with pytest.raises(InputError, match=words):
        evaluate(str(tmp_path / "g.jsonl"), GOLD)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(OnrecordError, match=r"none\.jsonl: no such file"):
        evaluate(str(tmp_path / "none.jsonl"), GOLD)


def test_draws_have_bounds() -> None:
    for draws in (-1, 10**7):
        with pytest.raises(UsageError):
            evaluate(GOLD, PREDICTED, draws=draws)


def test_statements_beyond_measure_are_refused_before_they_cost() -> None:
    text = "word " * 2_000
    whole = {"content": [[0, len(text) - 1]]}
    with pytest.raises(LimitError, match="cover the text more than 20 times"):
        evaluate([document("1", text, *[whole] * 200)], GOLD)
    short = Relation(content=(Span(0, 4),))
    with pytest.raises(LimitError, match=r"this one: .*overlap"):
        counts_of(Text.of("word"), [short] * 3_000, [short] * 3_000, "this one")


def test_rows_are_those_of_the_measures() -> None:
    assert counts_of(Text.of("No."), [], []).shape == (len(MEASURES), 4)


def run(*arguments: str) -> Any:
    return CliRunner().invoke(app, ["evaluate", *arguments])


def test_the_command_prints_what_the_call_gives(tmp_path: Path) -> None:
    gold, mine = write(tmp_path / "g.jsonl", GOLD), write(tmp_path / "p.jsonl", PREDICTED[:1])
    done = run(gold, mine, gold, "--draws", "100")
    assert done.exit_code == 0, done.output
    assert re.search(r"^content +\d\.\d{3} +\d\.\d{3} +\d\.\d{3} +\d\.\d{3} – \d\.\d{3}$", done.output, re.MULTILINE)
    assert "1 document missing, nothing found in them: 2" in done.output
    assert "paired approximate randomisation" in done.output
    plain = json.loads(run(gold, mine, "--format", "json", "--draws", "0").output)
    assert plain["systems"][0]["scores"]["content"]["f1"] == round(scores(GOLD, PREDICTED[:1])["content"].f1, 6)
    assert plain["systems"][0]["scores"]["content"]["f1_interval"] is None
    assert plain["statements"] == 3


def test_what_stands_beside_the_article_is_no_part_of_a_gold_standard(tmp_path: Path) -> None:
    """A corpus written from a page tells where the article stands, and `attribute` looks nowhere else."""
    nav, story = "Dam is safe, minister says", "The port is open, Mayor Anna Roe said on Monday."
    text = f"{nav}\n\n{story}"
    page = Article("a", text, lang="en", blocks=(Block("teaser", 0, len(nav)), Block("body", len(nav) + 2, len(text))))
    file = tmp_path / "gold.jsonl"
    with file.open("w", encoding="utf-8") as out:
        CorpusWriter(out).send(page)
    assert json.loads(file.read_text(encoding="utf-8"))["within"] == [[len(nav) + 2, len(text)]]
    [line] = attributed_lines(str(file), engine="rules")
    assert isinstance(line, bytes)
    assert [text[slice(*one["source"][0])] for one in json.loads(line)["attributions"]] == ["Mayor Anna Roe"]
    for wrong in ([[0, 10_000]], [["a", 2]], 7, [[5, 2]]):
        file.write_text(json.dumps({"text": text, "within": wrong}), encoding="utf-8")
        failure, document = attributed_lines(str(file), engine="rules")
        assert isinstance(failure, Failure)
        assert "within" in failure.error
        assert json.loads(document)["attributions"] == []  # type: ignore[arg-type]
