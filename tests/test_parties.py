"""Whom the names mean that statements are addressed to or about."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from onrecord.actors.gazetteer import Gazetteer
from onrecord.actors.records import Actor, Term
from onrecord.schema import Article, Passage, Published, Speaker, Statement
from onrecord.speakers import Party, actor_of

USA = Party("United States", "country", "USA", "GOV", "USA")
OWN = Gazetteer(
    [
        Actor("own:roe", "Anna Roe", "person", "NOR", "GOV", terms=(Term("Prime Minister", "GOV", "1950", "1954"),)),
        Actor("own:lodge", "Harbour Lodge", "organisation", "NOR", "CVL"),
    ]
)


def article(*speakers: Speaker, lang: str = "en", day: str = "2023-05-17") -> Article:
    """An article in which somebody speaks."""
    text = "X said so."
    parts = [Passage.of(text, ends) for ends in ((0, 1), (2, 6), (7, 9))]
    statements = tuple(Statement("1", "indirect", *parts, speaker=one, lang=lang) for one in speakers)
    return Article("x", text, lang=lang, published=Published(day, "meta"), statements=statements)


@pytest.mark.parametrize(
    ("name", "party"),
    [
        ("Washington", USA),
        ("the United States", USA),
        ("the Americans", USA),
        ("вашингтон", Party("Соединенные Штаты", "country", "USA", "GOV", "USA")),
        ("Kyiv", Party("Ukraine", "country", "UKR", "GOV", "UKR")),
        ("the White House", Party("White House", "organisation", "USA", "GOV", "USA")),
        ("the Kremlin", Party("Kremlin", "organisation", "RUS", "GOV", "RUS")),
        ("the US State Department", Party("US State Department", "organisation", "USA", "GOV", "i039")),
        ("Germany's government", Party("Germany's government", "organisation", "DEU", "", "germanys government||DEU")),
        ("NATO", Party("NATO", "organisation", "NATO", "IGO", "NATO")),
        ("the European Union", Party("European Union", "organisation", "EU", "IGO", "EU")),
        ("the EU", Party("EU", "organisation", "EU", "IGO", "EU")),
    ],
)
def test_of_states(name: str, party: Party) -> None:
    assert actor_of(name) == party


@pytest.mark.parametrize(
    "name", ["reporters", "the Americans of old", "lawmakers", "them", "Russians", "", " ", "журналисты"]
)
def test_nobody_in_particular(name: str) -> None:
    assert actor_of(name) is None


def test_a_surname_means_who_speaks_in_the_article() -> None:
    roe = Speaker("Anna Roe", "person", country="NOR", sector="GOV", actor="own:roe")
    lind = Speaker("Bo Lind", "person", actor="bo lind||")
    assert actor_of("Roe", article(roe, lind)) == Party("Anna Roe", "person", "NOR", "GOV", "own:roe")
    cousins = article(roe, Speaker("Carl Roe", "person", actor="carl roe||"))
    assert getattr(actor_of("Roe", cousins), "actor", "") not in {"own:roe", "carl roe||"}


def test_an_office_means_who_held_it_on_the_day() -> None:
    name = "the Norwegian prime minister"
    assert actor_of(name, article(day="1952-05-17"), OWN) == Party("Anna Roe", "person", "NOR", "GOV", "own:roe")
    before = actor_of(name, article(day="1814-05-17"), OWN)
    assert before is not None
    assert (before.kind, before.country, before.actor) == ("office", "NOR", "")


def test_of_the_users_own() -> None:
    assert actor_of("Harbour Lodge", gazetteer=OWN) == Party("Harbour Lodge", "organisation", "NOR", "CVL", "own:lodge")
    other = actor_of("Harbour Lodge")
    assert other is not None
    assert other.actor == "harbour lodge||"


def test_in_the_language_of_the_article() -> None:
    party = actor_of("die USA", article(lang="de"))
    assert party is not None
    assert (party.kind, party.actor) == ("country", "USA")


@example("\U00017000", "ru")  # a letter that Unicode names by a rule, and Python not at all
@given(st.text(max_size=300), st.sampled_from(["en", "de", "ru", "", "xx"]))
def test_any_text_is_a_name_or_nobody(name: str, lang: str) -> None:
    party = actor_of(name, article(lang=lang))
    assert party is None or (party.name and party.kind)
