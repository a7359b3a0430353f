"""What statements do: the labelled cases, the forms they are printed in, and what hostile text costs."""

from __future__ import annotations

import gzip
import json
import tomllib
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from msgspec import structs
from typer.testing import CliRunner

import onrecord
from onrecord.cli import app
from onrecord.positions import acts_in, positions
from onrecord.positions.knowledge import codes, languages, lexicon
from onrecord.positions.trust import trust
from onrecord.schema import Act, Article, Page, Passage, Statement
from timing import seconds

CASES = Path(__file__).parent / "cases" / "synthetic" / "positions.toml"
# The shapes of the founding page in words of our own.
STORY = (
    "BELGRADE, May 3. Serbia expects that Belgrade and Pristina will manage to resume contacts, and if the new cabinet "
    "in Kosovo is ready for this, President Ana Ilic will certainly take a reciprocal step, Government Spokesman Marko "
    "Jovic said on Monday.\n\n"
    "“We are ready to show patience, [but] we are not ready for a diktat and we will not accept crossing ‘the red "
    "lines’,” Jovic stressed. “But it cannot be shown endlessly.”\n\n"
    "Kosovo Foreign Minister Vera Krasniqi called for investigating the raid. Pristina accused Belgrade of the attack, "
    "she said.\n"
)


def load() -> list[Any]:
    cases = tomllib.loads(CASES.read_text(encoding="utf-8"))["case"]
    return [pytest.param(case, id=case["label"]) for case in cases]


def named(act: Act) -> str:
    return f"{act.act}/{act.mode}" if act.mode else act.act


@pytest.mark.parametrize("case", load())
def test_case(case: dict[str, Any]) -> None:
    text = case["text"]
    acts = acts_in(text, case.get("lang", "en"))
    first = acts[0]
    told = {
        "acts": [named(act) for act in acts],
        "condition": text[first.condition.start : first.condition.end] if first.condition else "",
        "kind": first.condition_kind,
        "whom": first.on_whom,
        "source": first.source_actor,
        "target": first.target_actor,
        "strength": first.strength,
        "reality": first.reality,
        "reciprocal": first.reciprocal,
        "topic": first.topic,
    }
    wanted = {name: value for name, value in case.items() if name not in ("label", "text", "lang")}
    assert {name: told[name] for name in wanted} == wanted


def test_every_span_is_proof_inside_the_text() -> None:
    for case in tomllib.loads(CASES.read_text(encoding="utf-8"))["case"]:
        text = case["text"]
        for act in acts_in(text, case.get("lang", "en")):
            for span in filter(None, (act.span, act.what, act.condition)):
                assert 0 <= span.start < span.end <= len(text)
                assert text[span.start : span.end].strip() == text[span.start : span.end]
            assert act.span is not None
            assert 0 < act.confidence <= 1


def test_founding_shapes() -> None:
    statements = onrecord.read(STORY, engine="rules").statements
    acts = [(one.speaker.name if one.speaker else None, named(act)) for one in statements for act in one.acts]
    assert ("Marko Jovic", "EXPECT/hope") in acts
    assert ("Marko Jovic", "AGREE/conditional") in acts
    assert ("Marko Jovic", "LIMIT/red_line") in acts
    assert ("Marko Jovic", "LIMIT/patience") in acts
    assert any(act == "REQUEST/appeal" for _, act in acts)
    accusing = [act for one in statements for act in one.acts if act.act == "ACCUSE"]
    assert accusing
    assert {(act.source_actor, act.target_actor) for act in accusing} == {("XKX", "SRB")}


def test_condition_of_a_statement_is_a_span_of_the_article() -> None:
    article = onrecord.read(STORY, engine="rules")
    offers = [act for one in article.statements for act in one.acts if act.mode == "conditional"]
    assert [article[act.condition] for act in offers if act.condition] == [
        "if the new cabinet in Kosovo is ready for this"
    ]
    assert offers[0].source_actor == "SRB"
    assert offers[0].reciprocal


def test_what_was_not_said_is_marked() -> None:
    article = onrecord.read("The mayor did not say that the city will accept the offer.", engine="rules")
    assert [act.reality for one in article.statements for act in one.acts] == ["negated"]


def test_what_is_not_ruled_out_is_no_statement_unmade() -> None:
    article = onrecord.read("The minister did not rule out that Lima will accept the offer of Quito.", engine="rules")
    acts = [(act.act, act.reality) for one in article.statements for act in one.acts]
    assert acts == [("AGREE", "asserted")]


def test_the_cue_is_read_with_the_content() -> None:
    article = onrecord.read("Peru accused Chile of moving the marker, Foreign Minister Rosa Diaz said.", engine="rules")
    assert {act.act for one in article.statements for act in one.acts} == {"ACCUSE"}


def test_a_quotation_that_no_frame_tells_is_read_as_an_answer() -> None:
    text = (
        "Peru accused Chile of moving the marker. “No stone there has been touched since my father's day,” Chilean "
        "Foreign Minister Rosa Diaz said. “The stones stand where he left them,” Diaz said."
    )
    acts = [(act.act, act.because) for one in onrecord.read(text, engine="rules").statements for act in one.acts]
    assert acts == [
        ("ACCUSE", "accused"),
        ("DENY", "answers the statement before"),
        ("ASSERT", "no frame fits"),
    ]


def test_a_language_without_frames_has_no_acts() -> None:
    assert acts_in("Berlin forderte Wien auf, den Tunnel zu öffnen.", "de") == ()
    assert acts_in("   ") == ()


def test_acts_command(tmp_path: Path) -> None:
    corpus, out = tmp_path / "in.jsonl.gz", tmp_path / "out.jsonl"
    lines = [
        '{"id": 7, "text": "Lima urged Quito to sign."}',
        "no json",
        '{"id": 8, "lang": "ru", "text": "Лима ждёт."}',
    ]
    corpus.write_bytes(gzip.compress("\n".join(lines).encode()))
    done = CliRunner().invoke(app, ["acts", str(corpus), "-o", str(out)])
    assert done.exit_code == 1
    rows = [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]
    assert [row["id"] for row in rows] == [7, 8]
    first = rows[0]["acts"][0]
    assert (first["act"], first["mode"], first["condition"]) == ("REQUEST", "appeal", None)
    assert (first["source_actor"], first["target_actor"]) == ("PER", "ECU")
    assert rows[1]["acts"][0]["act"] == "EXPECT"


def test_acts_command_takes_actors_of_the_users_own(tmp_path: Path) -> None:
    (tmp_path / "own.csv").write_text("name,kind,country\nValdoria,country,VAL\nKestrel City,country,KES\n")
    (tmp_path / "in.jsonl").write_text('{"text": "Valdoria accused Kestrel City of lying."}\n')
    done = CliRunner().invoke(app, ["acts", str(tmp_path / "in.jsonl"), "--actors", str(tmp_path / "own.csv")])
    act = json.loads(done.stdout)["acts"][0]
    assert (done.exit_code, act["source_actor"], act["target_actor"]) == (0, "VAL", "KES")


def test_json_names_every_field_of_an_act() -> None:
    article = onrecord.read(STORY, engine="rules")
    acts = onrecord.to_dict(article)["statements"][0]["acts"]
    assert set(acts[0]) == set(Act.__struct_fields__)


def test_every_frame_tells_an_act_of_the_scheme() -> None:
    for code in languages():
        known = lexicon(code)
        for frames in known.index.frames():
            acts = [frames.act, *filter(None, [(frames.negated or "").partition("/")[0]])]
            assert set(acts) <= set(codes()), frames


@pytest.mark.parametrize(
    "text",
    [
        "if " * 20_000,
        "not " * 20_000,
        "Iran, " * 20_000,
        "call on call for call to " * 5_000,
        "“" * 50_000,
        "no one will ever accept " * 5_000 + "\ud800",
        "İ" * 10_000,
        "a" * 300_000,
        "было не готов* если " * 5_000,
    ],
    ids=lambda text: text[:12],
)
def test_hostile_text_costs_little(text: str) -> None:
    assert sum(seconds(partial(acts_in, text, lang), 1) for lang in ("en", "ru")) < 1.5


def acts_on_page(text: str) -> list[tuple[str, str | None, str]]:
    article = onrecord.read(text, engine="rules")
    return [
        (named(act), article[act.condition] if act.condition else None, act.because)
        for one in article.statements
        for act in one.acts
    ]


def test_a_condition_behind_a_content_cut_short_is_found() -> None:
    text = "Mayor Ana Roe accepted the loan, but only if the rate was halved."
    source, cue, content = (Passage.of(text, ends) for ends in ((0, 13), (14, 22), (23, 31)))
    article = Article(id="", text=text, statements=(Statement("s", "indirect", source, cue, content, lang="en"),))
    (act,) = positions(article).statements[0].acts
    assert act.condition
    assert (named(act), article[act.condition]) == ("AGREE/conditional", "only if the rate was halved")


def test_a_noun_that_reports_tells_the_act() -> None:
    text = "OSLO, May 3. Mayor Ana Roe repeated her opposition to a new bridge on Monday."
    assert [(act, because) for act, _, because in acts_on_page(text)] == [("REJECT/refuse", "opposition to")]


def test_a_frame_reaches_into_no_quotation() -> None:
    text = "OSLO, May 3. Mayor Ana Roe asked: “To whom does the harbour belong these days?”"
    assert "asked to" not in [because for _, _, because in acts_on_page(text)]


def test_what_is_unlikely_to_be_an_act_is_told_as_none() -> None:
    text = (
        "OSLO, May 3. The crane drivers who load the ships at night and sleep in the sheds by day while the others "
        "seek to sell the crates, which nobody wanted to attack, were late again and took the tram home, Mayor Ana Roe "
        "said."
    )
    assert {act for act, _, _ in acts_on_page(text)} == {"ASSERT"}


def test_the_chance_of_an_act_on_a_page_is_that_of_the_model() -> None:
    text = "OSLO, May 3. Mayor Ana Roe urged the council to sell the harbour. She said the plan, it seems, must wait."
    acts = [act for one in onrecord.read(text, engine="rules").statements for act in one.acts]
    assert acts[0].act == "REQUEST"
    assert acts[0].confidence > 0.8
    model = trust("en")
    assert model
    assert all(act.confidence >= model.least for act in acts if act.act != "ASSERT")
    assert trust("ru") is None


def test_questions_and_answers_in_print_are_no_quarrel() -> None:
    text = "Peru accused Chile of moving the marker. “Why not?”"
    question = structs.replace(
        onrecord.read(text, engine="rules").statements[0],
        kind="direct",
        cue=Passage(),
        content=Passage.of(text, (text.index("“"), len(text))),
        acts=(),
    )
    article = Article(id="", text=text, lang="en", statements=(question,))
    assert [act.act for act in positions(article).statements[0].acts] == ["ASSERT"]


def test_the_model_tells_a_denial_in_a_speech_and_none_on_a_page() -> None:
    said = "He asserts that the road was open, but the bridge had been mined for a week."
    assert [(act.act, act.because) for act in acts_in(said)] == [("DENY", "all words together")]
    page = onrecord.read(f"SUVA, May 3. “{said}” the Fijian minister Ana Tui said on Monday.", engine="rules")
    assert [act.act for statement in page.statements for act in statement.acts] == ["ASSERT"]


def test_whom_a_stranger_speaks_of_is_not_who_speaks() -> None:
    text = "The programme's host said that Peru should have been more flexible."
    [one] = onrecord.read(Page(content=text.encode(), media="text"), engine="rules").statements
    assert one.speaker is None or one.speaker.name is None
    [act] = one.acts
    assert (act.act, act.source_actor, act.target_actor) == ("ACCUSE", None, "PER")
