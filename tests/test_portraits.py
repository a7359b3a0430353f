"""What the archive holds of a speaker, a country, an article; what visitors had read."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

import onrecord
from onrecord.archive import readings
from onrecord.archive.archive import Archive
from onrecord.archive.asking import Asked
from onrecord.archive.portraits import Counted
from onrecord.archive.reading import added
from onrecord.intake import pages
from onrecord.schema import Published

EXAMPLES = str(Path(__file__).parent.parent / "examples" / "border-talks.jsonl")


@pytest.fixture
def talks(archive: Archive) -> Archive:
    for _ in added(archive, pages([EXAMPLES]), "rules"):
        pass
    return archive


def counted(many: tuple[Counted, ...]) -> dict[str, int]:
    return {one.name: one.count for one in many}


def test_a_person_under_two_names_of_one_office_is_one(talks: Archive) -> None:
    who = talks.portrait("Pedro Araya")
    assert who is not None
    assert (who.kind, who.country, who.of, who.more) == ("person", "CHL", 5, False)
    assert counted(who.roles) == {"Chile's foreign minister": 3, "Chilean foreign minister": 2}
    assert counted(who.months) == {"2024-03": 5}
    assert counted(who.outlets) == {"wire.example": 5}
    assert counted(who.acts)["AGREE"] == 2
    assert counted(who.addressees) == {"Peru": 1}
    assert who.addressees[0].is_country
    assert counted(who.abouts)["Peru"] == 2
    shown = talks.statements(who.statements)
    assert [hit.id for hit in shown] == sorted(who.statements, reverse=True)
    assert {hit.statement.speaker.name for hit in shown if hit.statement.speaker} == {"Pedro Araya"}


def test_counts_are_those_that_search_gives(talks: Archive) -> None:
    who = talks.country_portrait("CHL")
    assert who.of == talks.search(filters=Asked(country=("Chile",))).total
    for outlet, count in counted(who.outlets).items():
        assert talks.search(filters=Asked(country=("Chile",), outlet=(outlet,))).total == count
    for act, count in counted(who.acts).items():
        assert talks.search(filters=Asked(country=("Chile",), act=(act,))).total == count


def test_a_country_lists_who_speaks_for_it(talks: Archive) -> None:
    who = talks.country_portrait("PER")
    assert (who.name, who.kind) == ("Peru", "country")
    assert counted(who.roles)["Carla Quispe"] >= 3


def test_nobody_is_nobody(talks: Archive) -> None:
    assert talks.portrait("Edda Holm") is None
    assert talks.portrait("") is None
    assert talks.portrait("Pedro Araya", "PER") is None
    assert talks.country_portrait("DEU").of == 0


def test_a_name_in_another_script_finds_its_bearer(archive: Archive) -> None:
    archive.add(onrecord.read("“We will stay,” Dmitry Peskov said.", engine="rules"))
    who = archive.portrait("Дмитрий Песков")
    assert who is not None
    assert who.of == 1


def test_namesakes_are_told_and_can_be_told_apart(archive: Archive) -> None:
    for n, (country, words) in enumerate((("German", "We will stay"), ("Peruvian", "We will go"))):
        article = onrecord.read(f"“{words},” said {country} Finance Minister Anna Roe on Monday.", engine="rules")
        archive.add(msgspec.structs.replace(article, url=f"https://a.example/{n}"))
    both = archive.portrait("Anna Roe")
    one = archive.portrait("Anna Roe", "PER")
    assert both is not None
    assert one is not None
    assert both.namesakes == one.namesakes == ("DEU", "PER")
    assert (both.of, one.of) == (2, 1)


def test_who_speaks_beside(archive: Archive) -> None:
    text = "“We will stay,” said Mayor Anna Roe. “They will go,” said Minister Edda Holm."
    archive.add(onrecord.read(text, engine="rules"))
    who = archive.portrait("Anna Roe")
    assert who is not None
    assert counted(who.beside) == {"Edda Holm": 1}


def test_months_without_a_statement_stand_between(archive: Archive) -> None:
    for day in ("2023-11-30", "2024-02-01"):
        article = onrecord.read("“We will stay,” said Mayor Anna Roe.", engine="rules")
        archive.add(msgspec.structs.replace(article, url=f"https://a.example/{day}", published=Published(day, "meta")))
    who = archive.portrait("Anna Roe")
    assert who is not None
    assert [(one.name, one.count) for one in who.months] == [
        ("2023-11", 1), ("2023-12", 0), ("2024-01", 0), ("2024-02", 1),
    ]  # fmt: skip


def test_an_article_with_its_numbers_and_versions(archive: Archive) -> None:
    first = onrecord.read("“We will stay,” said Mayor Anna Roe.", engine="rules")
    first = msgspec.structs.replace(first, url="https://a.example/1")
    old = archive.add(first)
    second = msgspec.structs.replace(
        onrecord.read("“We will go,” said Mayor Anna Roe.", engine="rules"), url="https://a.example/1"
    )
    new = archive.add(second)
    kept, before = archive.kept(new.article), archive.kept(old.article)
    assert kept is not None
    assert before is not None
    assert kept.article == second
    assert [one.current for one in kept.versions] == [False, True]
    assert (kept.version.version, before.version.version) == (2, 1)
    (standing,) = kept.statements.values()
    hit = archive.statement(standing.number)
    assert hit is not None
    assert hit.statement.content_text == "“We will go,”"
    archive.correct(standing.number, "kind", "indirect", "ada")
    again = archive.kept(new.article)
    assert again is not None
    assert again.statements["s1"].corrected
    assert archive.kept(999) is None


def test_a_reading_is_found_again_by_its_key_alone(archive: Archive) -> None:
    article = onrecord.read("“We will stay,” said Mayor Anna Roe. CafÃ©.", engine="rules")
    key = archive.keep_reading(article)
    assert archive.reading(key) == article
    assert archive.reading(key[:-1]) is None
    assert archive.reading("") is None
    assert archive.keep_reading(article) != key
    assert archive.search().total == 0, "it is no part of the archive"


def test_the_oldest_readings_go(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(readings, "MOST", 3)
    keys = [archive.keep_reading(onrecord.read(f"A story, number {n}.", engine="rules")) for n in range(5)]
    assert [archive.reading(key) is not None for key in keys] == [False, False, True, True, True]
    monkeypatch.setattr(readings, "_MOST_BYTES", 1)
    last = archive.keep_reading(onrecord.read("A last story.", engine="rules"))
    assert archive.reading(last) is not None, "the newest always stays"
    assert archive.reading(keys[-1]) is None
