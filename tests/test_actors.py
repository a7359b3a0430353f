"""The gazetteer, actors of one's own, and how speakers come to point to actors."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from onrecord.actors.gazetteer import shipped
from onrecord.actors.offices import office_key
from onrecord.actors.own import with_own
from onrecord.actors.records import Term
from onrecord.actors.spelling import key
from onrecord.errors import UsageError
from onrecord.pipeline import read_page
from onrecord.schema import Page, Speaker
from onrecord.speakers.canonical import sector_of

ROOT = Path(__file__).parent.parent


@pytest.mark.parametrize(
    "spellings",
    [
        ("Dmitry Peskov", "Дмитрий Песков", "Dmitri Peskow", "DMITRIY PESKOV"),
        ("Sergei Lavrov", "Сергей Лавров", "Sergej Lawrow"),
        ("Zelenskyy", "Zelensky", "Selenskyj", "Зеленский"),
        ("Recep Tayyip Erdoğan", "Recep Tayyip Erdogan"),
        ("Joe R. Biden Jr.", "Joe Biden"),
    ],
)
def test_spellings_of_a_name_share_a_key(spellings: tuple[str, ...]) -> None:
    assert len({key(name) for name in spellings}) == 1


def test_different_names_differ() -> None:
    assert key("Anna Roe") != key("Anna Row")


@pytest.mark.parametrize("one", ["foreign minister", "Minister of Foreign Affairs", "Foreign Secretary"])
def test_names_of_an_office_share_a_key(one: str) -> None:
    assert office_key(one) == "foreign minister"


@pytest.mark.parametrize(
    ("country", "office", "day", "name"),
    [
        ("USA", "president", "2021-01-19", "Donald Trump"),
        ("USA", "President", "2021-01-20", "Joe Biden"),
        ("GBR", "PM", "2022-10-24", "Liz Truss"),
        ("GBR", "Prime Minister", "2022-10-25", "Rishi Sunak"),
        ("DEU", "Chancellor", "2020-05-01", "Angela Merkel"),
        ("RUS", "Kremlin spokesman", "2021-01-24", "Dmitry Peskov"),
    ],
)
def test_who_held_an_office(country: str, office: str, day: str, name: str) -> None:
    assert [actor.name for actor, _ in shipped().holders(country, office, day)] == [name]


def test_a_term_without_an_end_is_known_no_further_than_its_source() -> None:
    term = Term("Mayor", "GOV", "2019", seen="2022-08")
    assert [term.covers(day) for day in ("2019-05-01", "2020-01-01", "2022-08-30", "2022-09-01")] == [
        False, True, True, False]  # fmt: skip


def speakers(text: str, day: str, own: Path | None = None) -> list[Speaker | None]:
    page = Page(text, input="case", published=day, lang="en")
    article = read_page(page, actors=with_own(own) if own else None)
    assert not article.problems
    return [statement.speaker for statement in article.statements]


def names(text: str, day: str) -> list[str | None]:
    return [speaker.name if speaker else None for speaker in speakers(text, day)]


def test_an_office_without_a_name_is_whoever_held_it_that_day() -> None:
    text = "The US president said that the bridge would be rebuilt."
    assert names(text, "2021-01-19") == ["Donald Trump"]
    assert names(text, "2021-01-20") == ["Joe Biden"]
    assert names(text, "") == [None]


@pytest.mark.parametrize("source", ["A US president", "The former US president", "The prime minister", "A minister"])
def test_an_office_that_does_not_tell_its_holder_stays_without_a_name(source: str) -> None:
    assert names(f"{source} said that the bridge would be rebuilt.", "2021-03-01") == [None]


def test_office_and_name_meet_in_one_article() -> None:
    text = (
        "Boris Johnson met nurses in Leeds.\n\nThe prime minister said that the wards were safe. Johnson said so twice."
    )
    found = speakers(text, "2021-03-01")
    assert {speaker.wikidata for speaker in found if speaker} == {"Q180589"}


def test_a_surname_behind_its_office_gets_the_full_name() -> None:
    assert names("French President Macron said that the ferries would run.", "2021-03-01") == ["Emmanuel Macron"]


@pytest.mark.parametrize(
    "text",
    [
        "Professor Mike Johnson said that the street was dark.",
        "Mike Johnson, who owns a bakery, said that the street was dark.",
        "Australian baker Mike Johnson said that the street was dark.",
    ],
)
def test_a_namesake_in_another_walk_of_life_is_somebody_else(text: str) -> None:
    [speaker] = speakers(text, "2024-03-01")
    assert speaker is not None
    assert speaker.wikidata is None
    assert speaker.actor is not None
    assert "|" in speaker.actor


def test_a_speaker_gets_country_and_sector() -> None:
    [speaker] = speakers("Jen Psaki, the White House press secretary, said that talks went on.", "2021-02-01")
    assert speaker is not None
    assert (speaker.country, speaker.sector, speaker.wikidata) == ("USA", "GOV", "Q12066523")


@pytest.mark.parametrize(
    ("role", "sector"),
    [
        ("Russian Foreign Minister", "GOV"),
        ("Republican senator", "LEG"),
        ("president of the chess club", ""),
        ("baker", ""),
    ],
)
def test_sectors(role: str, sector: str) -> None:
    assert sector_of(role) == sector


def test_actors_of_ones_own(tmp_path: Path) -> None:
    jsonl = tmp_path / "own.jsonl"
    jsonl.write_text('{"name": "Edda Holm", "id": "x1", "country": "VAL", "aliases": ["Эдда Хольм"]}\n', "utf-8")
    assert [actor.id for actor in with_own(jsonl).named("Edda Holm")] == ["x1"]
    text = "Prime Minister Edda Holm said that the ferries would run."
    [by_jsonl] = speakers(text, "2023-05-14", jsonl)
    [by_csv] = speakers(text, "2023-05-14", ROOT / "examples/actors.csv")
    assert by_jsonl is not None
    assert by_jsonl.actor == "x1"
    assert by_csv is not None
    assert (by_csv.actor, by_csv.country) == ("own:eda-holm-val", "VAL")


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("a.csv", "name,color\nEdda Holm,red\n", "has the columns"),
        ("a.csv", "name,country\n,VAL\n", ":2: no actor"),
        ("a.jsonl", '{"name": "Edda Holm"}\nnothing\n', ":2: no actor"),
        ("a.jsonl", '{"name": 3}\n', ":1: no actor"),
    ],
)
def test_a_bad_list_of_actors_names_its_line(tmp_path: Path, name: str, content: str, told: str) -> None:
    path = tmp_path / name
    path.write_text(content, "utf-8")
    with pytest.raises(UsageError, match=told):
        with_own(path)


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    code = "from onrecord.cli import main; main()"
    return subprocess.run(
        [sys.executable, "-c", code, *arguments], capture_output=True, text=True, cwd=ROOT, timeout=60
    )


def test_command() -> None:
    found = json.loads(run("actors", "Peskow", "--format", "json").stdout)
    assert [one["name"] for one in found] == ["Dmitry Peskov"]
    nobody = run("actors", "Nobody", "Whatsoever")
    assert (nobody.returncode, nobody.stdout) == (1, "")
    assert "no actor known" in nobody.stderr
    assert run("actors", "Peskov", "--on", "yesterday").returncode == 2
    assert run("read", "examples/port-talks.txt", "--actors", "missing.csv").returncode == 1
