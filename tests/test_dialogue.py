"""The dialogue of two sides: every line is a quotation, every count can be made again."""

from __future__ import annotations

import csv
import io
import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

import onrecord
from onrecord.archive.archive import Archive, open_archive
from onrecord.archive.dialogue import Move, dialogue
from onrecord.errors import UsageError
from onrecord.formats.ledger import print_dialogue
from onrecord.schema import Page

STORIES = (
    (
        "2024-03-01",
        "LIMA, March 1 (Reuters) - Peru would lift its ban on Chilean copper trucks if Santiago reopens the Tacna "
        "crossing, the Peruvian foreign minister, Carla Quispe, said on Friday. “We will not accept a closed border,” "
        "Quispe told reporters, and she urged Chile to withdraw its soldiers from the coast road.",
    ),
    (
        "2024-03-04",
        "SANTIAGO, March 4 (EFE) - Chile's foreign minister, Pedro Araya, denied on Monday that soldiers had entered "
        "Peru. “We reject the demand to withdraw our soldiers from the coast road,” Araya said. He accused Peru of "
        "breaking the treaty of 1929.",
    ),
    (
        "2024-03-11",
        "SANTIAGO, March 11 (EFE) - Chile is ready to reopen the Tacna crossing, Chilean foreign minister Pedro Araya "
        "said on Monday. He told Peru that the gates would open on Friday.",
    ),
)


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    with open_archive(str(tmp_path / "news.db")) as opened:
        for n, (day, text) in enumerate(STORIES):
            opened.add(onrecord.read(Page(text, url=f"https://wire.example/{n}", published=day), engine="rules"))
        yield opened


def test_the_moves_of_both_sides_stand_in_order_of_time(archive: Archive) -> None:
    found = archive.dialogue("Peru", "Chile")
    assert (found.first, found.second) == ("Peru", "Chile")
    assert [move.n for move in found.moves] == list(range(1, len(found.moves) + 1))
    assert [move.day for move in found.moves] == sorted(move.day for move in found.moves)
    made = {(move.side, move.act) for move in found.moves}
    assert {("first", "AGREE"), ("first", "REQUEST"), ("second", "REJECT"), ("second", "ACCUSE")} <= made
    offer = next(move for move in found.moves if (move.side, move.act) == ("first", "AGREE"))
    assert offer.mode == "conditional"
    assert offer.condition.startswith("if Santiago reopens the Tacna crossing")
    assert offer.speaker == "Carla Quispe"


def test_every_line_is_verbatim_in_its_article(archive: Archive) -> None:
    found = archive.dialogue("Peru", "Chile")
    assert len(found.moves) >= 6
    for move in found.moves:
        article = archive.article(move.article)
        assert article is not None
        assert article.text[move.start : move.end] == move.quote
        assert move.condition in article.text
        assert move.thing in article.text
        hit = archive.statement(move.statement)
        assert hit is not None
        assert move.act in {act.act for act in hit.statement.acts}


def test_counts_and_trend_can_be_made_again_from_the_moves(archive: Archive) -> None:
    found = archive.dialogue("Peru", "Chile")
    for side in ("first", "second"):
        assert found.counts[side] == Counter(move.act for move in found.moves if move.side == side)
    for month in found.trend:
        shown = [m.quad for m in found.moves if m.side == month.side and m.day.startswith(month.month)]
        assert month.counts == Counter(shown)
    assert sum(sum(month.counts.values()) for month in found.trend) == len(found.moves)


def test_a_demand_is_answered_and_a_condition_met(archive: Archive) -> None:
    found = archive.dialogue("Peru", "Chile")
    moves = {move.n: move for move in found.moves}
    refused = [(moves[a.offer].act, moves[a.answer].act) for a in found.answers if a.how == "refused"]
    assert ("REQUEST", "REJECT") in refused
    assert any({moves[p.first].act, moves[p.second].act} == {"REQUEST", "REJECT"} for p in found.differ)
    early = archive.dialogue("Peru", "Chile", until="2024-03-05")
    offer = next(move.n for move in early.moves if move.condition)
    assert offer in early.open_conditions
    met = [(moves[a.offer].condition, moves[a.answer].quote) for a in found.answers if a.how == "met"]
    assert ("if Santiago reopens the Tacna crossing", "Chile is ready to reopen the Tacna crossing") in met
    assert not found.open_conditions


def test_bounds_and_topics_narrow_it(archive: Archive) -> None:
    assert {move.day for move in archive.dialogue("Peru", "Chile", since="2024-03-10").moves} == {"2024-03-11"}
    whole = archive.dialogue("Peru", "Chile").moves
    topic = next(move.topic for move in whole if move.topic)
    narrowed = archive.dialogue("Peru", "Chile", topic=topic).moves
    assert [move.quote for move in narrowed] == [move.quote for move in whole if move.topic == topic]


def test_people_and_turned_sides_have_a_dialogue_too(archive: Archive) -> None:
    there, back = archive.dialogue("Peru", "Chile"), archive.dialogue("Chile", "Peru")
    assert [move.quote for move in back.moves] == [move.quote for move in there.moves]
    assert {move.speaker for move in archive.dialogue("Quispe", "Chile").moves if move.side == "first"} == {
        "Carla Quispe"
    }


def test_the_same_actor_twice_is_no_dialogue(archive: Archive) -> None:
    with pytest.raises(UsageError, match="same actor"):
        archive.dialogue("Peru", "PER")
    with pytest.raises(UsageError):
        archive.dialogue("Peru", " ")
    assert archive.dialogue("Peru", "Norway").moves == ()


def test_one_utterance_in_many_outlets_is_one_move(archive: Archive) -> None:
    before = archive.dialogue("Peru", "Chile")
    day, text = STORIES[0]
    archive.add(onrecord.read(Page(text, url="https://other.example/7", published=day), engine="rules"))
    after = archive.dialogue("Peru", "Chile")
    assert [(move.act, move.quote) for move in after.moves] == [(move.act, move.quote) for move in before.moves]
    assert max(move.reported for move in after.moves) == 2


def test_a_corrected_act_is_what_counts(archive: Archive) -> None:
    move = next(move for move in archive.dialogue("Peru", "Chile").moves if move.act == "ACCUSE")
    archive.correct(move.statement, "dropped", True, "ed")
    assert "ACCUSE" not in {move.act for move in archive.dialogue("Peru", "Chile").moves}


def test_each_form_holds_every_move(archive: Archive) -> None:
    found = archive.dialogue("Peru", "Chile")

    def printed(form: str) -> str:
        out = io.StringIO()
        print_dialogue(found, form, out)
        return out.getvalue()

    assert msgspec.json.decode(printed("json"))["moves"] == json.loads(json.dumps(msgspec.to_builtins(found.moves)))
    assert [row["quote"] for row in csv.DictReader(io.StringIO(printed("csv")))] == [m.quote for m in found.moves]
    text, page = printed("text"), printed("html")
    for move in found.moves:
        assert move.quote in text
        assert f'id="move-{move.n}"' in page
    assert "Offers and requests" in text


def test_markup_in_a_quotation_stays_text() -> None:
    move = Move(
        1, "first", "AGREE", "offer", "<script>x</script>", "direct", "thing", "<b>if", "if", "<i>Ana", "",
        "2024-01-01", None, "VC", "asserted", 0, 5, 1, 1, None, "<u>Post", "javascript:alert(1)", "en",
    )  # fmt: skip
    out = io.StringIO()
    print_dialogue(dialogue("<A>", "B", [move]), "html", out)
    page = out.getvalue()
    assert "<script>x" not in page
    assert not {"<b>if", "<i>Ana", "<u>Post", "<A>"} & set(page.split())
    assert 'href="javascript' not in page
