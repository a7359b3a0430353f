"""The language of a text and of each of its paragraphs, and what becomes of one that there are no rules for."""

from __future__ import annotations

import subprocess
import sys

import pytest

import onrecord
from onrecord.attribution import find_statements, main_language
from onrecord.languages.detection import detect, language_of
from onrecord.schema import Article, Block

EN = "The mayor said that the bridge would be closed for the whole of the winter, and that nobody was to use it."
RU = "Министр заявил, что порт откроют в мае и что работы в порту идут по плану, но без спешки."
DE = "Die Ministerin sagte, dass der Damm nicht in Gefahr sei und dass die Pumpen seit dem Morgen laufen."
UK = "Міністр заявив, що порт відкриють у травні і що роботи в порту йдуть за планом, але без поспіху."
BG = "Министърът каза, че пристанището ще се отвори през май и че работата е по план, но без да се бърза."
NL = "De minister zei dat de haven in mei open gaat en dat het werk op de kade niet voor de zomer klaar is."
FR = "Le ministre a dit que le port serait ouvert en mai et que les travaux sur le quai avancent comme prévu."


@pytest.mark.parametrize(("text", "code"), [(EN, "en"), (RU, "ru"), (DE, "de")])
def test_known_languages_are_told(text: str, code: str) -> None:
    assert detect(text) == code
    assert language_of(text, "") == code


@pytest.mark.parametrize("text", [UK, BG, NL, FR, "", "1 2 3", "— — —"])
def test_neighbours_are_not_taken_for_them(text: str) -> None:
    assert detect(text) == ""


def test_a_short_paragraph_is_in_the_language_of_its_page() -> None:
    assert language_of("Нет, сказал он.", "en") == "en"


def test_a_short_text_is_english_and_a_long_strange_one_is_not() -> None:
    assert main_language("Rain is due.") == "en"
    assert main_language(FR * 3) == ""
    assert main_language(FR, "de-AT") == "de"


def test_each_paragraph_is_read_by_its_own_rules() -> None:
    found = onrecord.attribute(f"{EN}\n\n{RU}\n\n{DE}")
    assert [(one.id, one.lang, one.source.text) for one in found] == [
        ("s1", "en", "The mayor"),
        ("s2", "ru", "Министр"),
        ("s3", "de", "Die Ministerin"),
    ]


def test_a_language_without_rules_is_noted_once() -> None:
    text = f"{FR}\n\n{EN}\n\n{FR}"
    spans = [(0, len(FR)), (len(FR) + 2, len(FR) + 2 + len(EN)), (len(text) - len(FR), len(text))]
    article = Article("x", text, lang="fr", blocks=tuple(Block("body", start, end) for start, end in spans))
    found = find_statements(article)
    assert [one.lang for one in found.statements] == ["en"]
    assert [problem.message for problem in found.problems] == [
        "no rules for the language 'fr': statements were not looked for"
    ]


def test_a_text_in_no_known_language_is_refused() -> None:
    with pytest.raises(onrecord.UsageError, match="not recognised"):
        onrecord.attribute(FR * 3)


def test_the_russian_dictionary_is_loaded_for_russian_only() -> None:
    code = "import sys, onrecord; onrecord.attribute({!r}); print('pymorphy3' in sys.modules)"
    for text, loaded in ((DE, "False"), (EN, "False"), (RU, "True")):
        run = [sys.executable, "-c", code.format(text)]
        assert subprocess.run(run, capture_output=True, text=True, check=True, timeout=60).stdout.strip() == loaded


def test_a_page_that_lies_about_its_language_is_told_so() -> None:
    page = onrecord.Page(FR * 3, lang="en")
    assert any("do not look like it" in problem.message for problem in onrecord.read(page).problems)
    assert not onrecord.read(onrecord.Page(EN * 3, lang="en")).problems


def test_a_letter_without_a_name_does_not_stop_russian() -> None:
    """The dictionary asks Unicode for the name of every letter, and Tangut has none in Python's tables."""
    [statement, *_] = onrecord.attribute("Мэр \U00017000 Роу сказал, что мост закрыт.", "ru")
    assert statement.content.text == "что мост закрыт"


def test_a_short_text_in_a_language_that_nobody_named_says_why_it_has_no_statements() -> None:
    polish = onrecord.read(onrecord.Page("„Nie podniesiemy podatków” – oświadczył premier Jan Kowalski w Warszawie."))
    assert [problem.message for problem in polish.problems] == [
        "the language was not recognised: read as English, in vain"
    ]
    for text in ("The river rose again in the night, and the road to the port is closed.", "Port news"):
        article = onrecord.read(onrecord.Page(text))
        assert (article.statements, article.problems) == ((), ())
