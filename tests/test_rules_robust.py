"""No text makes the rules fail, whatever pieces of reports it is made of, and what they find lies inside it."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from onrecord import attribution

_PIECES = (
    *("„", "“", "”", '"', "«", "»", "'", ":", ",", ".", "?", "!", "…", ";", "—", " – ", "-", "(", ")", "[", "]"),
    *("\n", "\n\n", "\u2028", " ", "\u00a0"),
    *("Anna Roe", "W.", "die Stadt", "der Leiter", "мэр Котова", "она", "sie", "he", "THE MAYOR", "МЭР", "SPIEGEL"),
    *("Das bestätigte X", "sagte", "teilte mit", "so", "laut", "demnach", "sei", "müsse", "habe", "wird", "dass", "Z"),
    *("said", "according to", "that", "would", "did not say", "called", "who", "told reporters"),
    *("сказал", "заявила", "по словам", "что", "якобы", "сообщается", "об этом", "по его мнению"),
    *("Es gibt keinen Beleg dafür", "weil", "und", "Ihr Fazit", "Regen fällt heute", "нет", "lasse"),
)
_TEXTS = st.lists(st.sampled_from(_PIECES), max_size=24)


@pytest.mark.parametrize("lang", ["en", "de", "ru"])
@settings(max_examples=150, deadline=None)
@given(pieces=_TEXTS, spaced=st.booleans())
def test_pieces_of_reports_in_any_order_are_read(lang: str, pieces: list[str], spaced: bool) -> None:
    text = (" " if spaced else "").join(pieces)
    for statement in attribution.attribute(text, lang=lang, engine="rules"):
        passages = [one for one in (statement.source, statement.cue, statement.content) if one]
        assert statement.content.spans
        assert all(0 <= s.start < s.end <= len(text) for one in passages for s in one.spans)


@pytest.mark.parametrize("text", [':". W lasse s die Z', ":“. W lasse s die Z", '"Ja." Demnach sei es gut.'])
def test_a_quotation_that_nobody_is_given_is_carried_on_by_nobody(text: str) -> None:
    assert all(not one.source for one in attribution.attribute(text, lang="de", engine="rules"))
