"""What the correcting form holds → corrections; what stands on pages in words."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest
from starlette.datastructures import FormData

import onrecord
from onrecord.errors import UsageError
from onrecord.schema import Act, Article, Statement
from onrecord.web import words
from onrecord.web.pages import amends

ARTICLE = onrecord.read(
    "“We will stay,” said Peruvian Mayor Anna Roe, “if the river falls.” She said that the dam is safe. We will stay.",
    engine="rules",
)
FIRST = ARTICLE.statements[0]


def sent(**changed: str) -> amends.Given:
    """What a browser sends of the first statement's form, with some fields changed; line ends as browsers send them."""
    before = amends.of_statement(ARTICLE, FIRST)
    fields = {name: value for name, value in msgspec.structs.asdict(before).items() if isinstance(value, str)} | changed
    pairs = [(name, value.replace("\n", "\r\n")) for name, value in fields.items()]
    acts = [("act", one.act) for one in before.acts] + [("condition", one.condition) for one in before.acts]
    return amends.given(FormData(pairs + acts))


def test_what_is_not_changed_is_no_correction() -> None:
    assert amends.changes(ARTICLE, FIRST, sent()) == []


def test_each_field_that_differs_is_one() -> None:
    given = sent(name="Ana Roe", kind="indirect", country="Peru")
    assert dict(amends.changes(ARTICLE, FIRST, given)) == {
        "speaker": {"name": "Ana Roe", "kind": "person", "role": given.role or None, "country": "PER", "actor": None},
        "kind": "indirect",
    }


def test_words_are_found_where_they_stand_nearest() -> None:
    """“We will stay” stands twice: the form means the one near the statement."""
    (change,) = amends.changes(ARTICLE, FIRST, sent(content="We will stay\n…\nif the river falls"))
    field, value = change
    assert field == "spans"
    assert [ARTICLE.text[start:end] for start, end in value["content"]] == ["We will stay", "if the river falls"]
    assert value["content"][0][0] == 1


def test_words_that_the_article_does_not_have_are_refused() -> None:
    with pytest.raises(UsageError, match="does not have exactly these words"):
        amends.changes(ARTICLE, FIRST, sent(content="We shall stay"))


@pytest.mark.parametrize(("name", "value"), [("kind", "shouted"), ("country", "Atlantis"), ("speaker_kind", "ghost")])
def test_what_makes_no_sense_is_refused_before_anything_is_stored(name: str, value: str) -> None:
    with pytest.raises(UsageError):
        amends.changes(ARTICLE, FIRST, sent(**{name: value}))


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"content": ""}, "what is said: a statement needs the words"),
        ({"cue": "whispered"}, "the verb: the article does not have exactly these words"),
        ({"source": "Bob"}, "who is named as saying it: the article"),
        ({"country": "Narnia"}, "give its English name or its code"),
        ({"name": "x" * 500}, "the name has 300 characters at most"),
        ({"role": "x" * 500}, "the office has 300"),
        ({"note": "x" * 20_000}, "a note has 2,000 characters at most"),
    ],
)
def test_a_refusal_speaks_the_words_of_the_form(changed: dict[str, str], words: str) -> None:
    with pytest.raises(UsageError, match=words):
        amends.changes(ARTICLE, FIRST, sent(**changed))


def test_a_condition_that_is_not_there_is_called_one() -> None:
    given = msgspec.structs.replace(sent(), acts=(amends.GivenAct("AGREE", "if pigs fly"),))
    with pytest.raises(UsageError, match="the condition: the article"):
        amends.changes(ARTICLE, FIRST, given)


def test_who_is_given_a_name_is_not_unnamed() -> None:
    nobody = msgspec.structs.replace(FIRST, speaker=None)
    given = msgspec.structs.replace(amends.of_statement(ARTICLE, nobody), name="Ana Roe")
    assert given.speaker_kind == "unnamed"
    ((field, value),) = amends.changes(ARTICLE, nobody, given)
    assert (field, value["name"], value["kind"]) == ("speaker", "Ana Roe", "person")


def test_dropping_goes_before_all_else() -> None:
    given = msgspec.structs.replace(sent(name="Ana Roe"), dropped=True)
    assert amends.changes(ARTICLE, FIRST, given) == [("dropped", True)]


def test_acts_with_mode_and_condition() -> None:
    given = msgspec.structs.replace(sent(), acts=(amends.GivenAct("AGREE/promise", "if the river falls"),))
    (change,) = amends.changes(ARTICLE, FIRST, given)
    (act,) = change[1]
    assert (act["act"], act["mode"]) == ("AGREE", "promise")
    assert ARTICLE.text[slice(*act["condition"])] == "if the river falls"
    with pytest.raises(UsageError, match="no mode"):
        amends.changes(ARTICLE, FIRST, msgspec.structs.replace(sent(), acts=(amends.GivenAct("AGREE/shout"),)))


def test_a_missed_statement() -> None:
    given = amends.Given(content="the dam is safe", source="She", cue="said", name="Anna Roe", kind="indirect")
    value = amends.missed_statement(ARTICLE, given, "ada")
    made = msgspec.convert(value, Statement)
    assert (made.content_text, made.source.text) == ("the dam is safe", "She")
    assert made.speaker is not None
    assert made.speaker.name == "Anna Roe"
    assert made.id not in {one.id for one in ARTICLE.statements}
    with pytest.raises(UsageError, match="needs the words"):
        amends.missed_statement(ARTICLE, amends.Given(), "ada")


@pytest.mark.parametrize(
    ("moment", "shown"),
    [("2024-03-01T10:05:00-05:00", "1 March 2024"), ("2024-03", "March 2024"), ("2024", "2024"), ("soon", "soon")],
)
def test_days_in_words(moment: str, shown: str) -> None:
    assert words.day(moment).strip() == shown


def test_acts_and_names_in_words() -> None:
    assert words.act(Act("LIMIT", "red_line")) == "LIMIT, red line"
    assert words.act(Act("AGREE", reality="negated")) == "NOT AGREE"
    assert words.called(None) == "speaker not known"
    assert words.speaker_page(None) == ""
    assert words.name_page("A/B ?#\ud800") == "/actor/A%2FB%20%3F%23%3F"
    assert words.name_page("Chile", "CHL", True) == "/country/CHL"
    assert words.search_page(speaker=("A&B",), act="", since="2024") == "/search?speaker=A%26B&since=2024"


def test_an_article_without_a_headline_is_called_by_its_story() -> None:
    article = Article(
        "1", "Photo: Roe\n\nThe dam stays.", blocks=(onrecord.Block("caption", 0, 10), onrecord.Block("body", 12, 26))
    )
    assert words.titled(article) == "The dam stays."
    assert words.titled(Article("1", "")) == "article"


def test_what_stands_in_a_page_is_inert() -> None:
    assert str(words.isolated("a\x00<b>\u202e")) == "<bdi>a\ufffd&lt;b&gt;\ufffd</bdi>"


def test_the_story_to_try_is_that_of_the_examples() -> None:
    here = Path(__file__).parent.parent
    assert (here / "src/onrecord/web/example.txt").read_bytes() == (here / "examples/port-talks.txt").read_bytes()
