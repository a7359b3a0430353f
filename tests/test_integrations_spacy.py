"""The component for spaCy, in real pipelines."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
import spacy
from spacy import displacy
from spacy.language import Language
from spacy.tokens import Doc, DocBin

import onrecord
from onrecord.errors import UsageError

TEXT = "Rain is due, the port office said. “We will not go,” Mayor Anna Roe told reporters.\n\nNobody else spoke."


@pytest.fixture(scope="module")
def nlp() -> Language:
    made = spacy.blank("en")
    made.add_pipe("onrecord", config={"engine": "rules"})
    return made


def told(doc: Doc) -> list[tuple[list[str], list[str], list[str]]]:
    return [
        ([span.text for span in one.source], [span.text for span in one.cue], [span.text for span in one.content])
        for one in doc._.statements
    ]


EXPECTED = [
    (["the port office"], ["said"], ["Rain is due"]),
    (["Mayor Anna Roe"], ["told"], ["“We will not go,”"]),
]


def test_a_document_has_its_statements_as_spans_and_records(nlp: Language) -> None:
    doc = nlp(TEXT)
    assert told(doc) == EXPECTED
    assert [one.record for one in doc._.statements] == list(onrecord.attribute(TEXT, "en", "rules"))
    assert doc._.statements[1].record.speaker.name == "Anna Roe"
    assert all(span.doc is doc for one in doc._.statements for span in one.content)


def test_spans_are_labelled_and_displacy_draws_them(nlp: Language) -> None:
    doc = nlp(TEXT)
    spans = [(span.text, span.label_, span.id_) for span in doc.spans["onrecord"]]
    assert spans[:3] == [("the port office", "source", "s1"), ("said", "cue", "s1"), ("Rain is due", "content", "s1")]
    drawn = displacy.render(doc, style="span", options={"spans_key": "onrecord"}, jupyter=False)
    assert "content" in drawn


def test_spacy_finds_the_factory_by_itself() -> None:
    code = (
        "import spacy, sys; assert 'onrecord' not in sys.modules; nlp = spacy.blank('en'); nlp.add_pipe('onrecord');"
        "print([span.text for one in nlp('Rain is due, the port office said.')._.statements for span in one.source])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=120)
    assert done.stdout.strip() == "['the port office']"


def test_a_pipeline_comes_back_from_disk(nlp: Language, tmp_path: Path) -> None:
    nlp.to_disk(tmp_path / "pipeline")
    back = spacy.load(tmp_path / "pipeline")
    assert back.config["components"]["onrecord"]["engine"] == "rules"
    assert told(back(TEXT)) == EXPECTED


def test_documents_come_back_from_bytes_and_bins(nlp: Language) -> None:
    doc = nlp(TEXT)
    assert told(Doc(nlp.vocab).from_bytes(doc.to_bytes())) == EXPECTED
    packed = DocBin(docs=[doc], store_user_data=True).to_bytes()
    [back] = DocBin().from_bytes(packed).get_docs(nlp.vocab)
    assert told(back) == EXPECTED
    assert [one.record for one in back._.statements] == [one.record for one in doc._.statements]


def test_pipe_takes_many_and_keeps_their_order(nlp: Language) -> None:
    docs = list(nlp.pipe(["Hello.", TEXT, ""], batch_size=2))
    assert [told(doc) for doc in docs] == [[], EXPECTED, []]


def test_other_processes_send_statements_back(tmp_path: Path) -> None:
    """In a process of its own: the one that runs the tests has threads, which do not outlive a fork."""
    script = tmp_path / "two.py"
    script.write_text(
        f"""import spacy
if __name__ == "__main__":
    nlp = spacy.blank("en")
    nlp.add_pipe("onrecord", config={{"engine": "rules"}})
    docs = nlp.pipe([{TEXT!r}] * 3, n_process=2, batch_size=1)
    print([[one.record.content_text for one in doc._.statements] for doc in docs])
""",
        encoding="utf-8",
    )
    done = subprocess.run([sys.executable, str(script)], capture_output=True, text=True, check=True, timeout=120)
    assert done.stdout.strip() == str([["Rain is due", "“We will not go,”"]] * 3)


@pytest.mark.parametrize(
    ("lang", "text", "source"),
    [
        ("de", "Der Damm hält, sagte Ministerin Anna Roth am Montag in Köln.", "Ministerin Anna Roth"),
        ("ru", "«Мы готовы», — заявил министр Иван Петров.", "министр Иван Петров"),
        ("xx", "Der Damm werde halten, sagte die Ministerin Anna Roth am Montag in Köln vor der Presse.", "Anna Roth"),
    ],
)
def test_the_language_of_the_pipeline_is_used(lang: str, text: str, source: str) -> None:
    nlp = spacy.blank(lang)
    nlp.add_pipe("onrecord")
    [one] = nlp(text)._.statements
    assert source in one.source[0].text


def test_languages_without_rules(nlp: Language) -> None:
    french = spacy.blank("fr")
    with pytest.raises(UsageError, match="no rules for the language 'fr'"):
        french.add_pipe("onrecord")
    french.add_pipe("onrecord", config={"lang": "xx", "engine": "rules"})
    assert french("Le pont est sûr, a déclaré le maire, et personne ne doit avoir peur.")._.statements == ()
    assert told(french(TEXT)) == EXPECTED


def test_a_passage_within_a_token_takes_the_token_and_the_record_stays_exact(nlp: Language) -> None:
    doc = nlp.get_pipe("onrecord")(Doc(nlp.vocab, words=["Rain is due, the", "port", "office", "said."]))
    [one] = doc._.statements
    assert (one.content[0].text, one.record.content_text) == ("Rain is due, the", "Rain is due")


def test_a_document_that_was_not_read_has_no_statements() -> None:
    assert spacy.blank("en")("Rain is due, the port office said.")._.statements == ()
