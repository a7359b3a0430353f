"""Corrections, on both databases: they count, can be taken back, and survive a new reading."""

from __future__ import annotations

import msgspec
import pytest

from onrecord.archive import tags
from onrecord.archive.archive import Archive
from onrecord.errors import UsageError
from onrecord.schema import Act, Block, Passage
from stories import found, said


def test_a_corrected_speaker_wins_in_search_and_can_be_taken_back(archive: Archive) -> None:
    archive.add(said("We will stay"))
    number = archive.search("stay").hits[0].id
    made = archive.correct(
        number, "speaker", {"name": "Igor Petrov", "role": "envoy", "country": "RUS"}, "ed", "caption"
    )
    hit = archive.statement(number)
    assert hit is not None
    assert hit.corrected
    assert hit.statement.speaker is not None
    assert (hit.statement.speaker.name, hit.statement.speaker.how) == ("Igor Petrov", "corrected")
    assert found(archive, "stay", tags.named("byw", "petrov")) == ["We will stay"]
    assert found(archive, "stay", tags.named("byw", "roe")) == []
    assert made.machine.speaker is not None
    assert made.machine.speaker.name == "Ana Roe"
    archive.undo(made.id)
    assert found(archive, "stay", tags.named("byw", "petrov")) == []
    assert archive.article(1) == said("We will stay")
    with pytest.raises(UsageError):
        archive.undo(made.id)


def test_the_last_of_several_corrections_counts(archive: Archive) -> None:
    archive.add(said("We will stay"))
    number = archive.search("stay").hits[0].id
    archive.correct(number, "speaker", {"name": "Igor Petrov"}, "ed")
    second = archive.correct(number, "speaker", {"name": "Vera Lind"}, "ed")
    archive.correct(number, "acts", [{"act": "REJECT", "mode": "refuse"}], "ed")
    assert found(archive, "", tags.named("byw", "lind"), tags.tag("act", "REJECT")) == ["We will stay"]
    archive.undo(second.id)
    assert found(archive, "", tags.named("byw", "petrov"), tags.tag("act", "REJECT")) == ["We will stay"]
    assert [one.field for one in archive.corrections(undone=True)] == ["speaker", "speaker", "acts"]


def test_corrected_spans_are_what_is_found(archive: Archive) -> None:
    archive.add(said("We will stay and fight"))
    number = archive.search("stay").hits[0].id
    archive.correct(number, "spans", {"content": [[1, 13]]}, "ed")
    assert found(archive, "stay") == ["We will stay"]
    assert found(archive, "fight") == []


def test_what_is_no_statement_counts_nowhere(archive: Archive) -> None:
    archive.add(said("We will stay"))
    number = archive.search("stay").hits[0].id
    made = archive.correct(number, "dropped", True, "ed")
    assert found(archive, "stay") == []
    stored = archive.article(1)
    assert stored is not None
    assert stored.statements == ()
    archive.undo(made.id)
    assert found(archive, "stay") == ["We will stay"]


def test_a_missed_statement_is_added_and_survives_rereading(archive: Archive) -> None:
    article = said("We will stay")
    archive.add(article)
    at = article.text.index("Nobody else spoke")
    missed = {
        "id": "m1",
        "kind": "indirect",
        "source": {"spans": [], "parts": []},
        "cue": {"spans": [], "parts": []},
        "content": {"spans": [[at, at + 17]], "parts": ["Nobody else spoke"]},
        "lang": "en",
    }
    archive.add_missed(1, missed, "ed")
    assert found(archive, "nobody") == ["Nobody else spoke"]
    archive.add(article, again=True)
    assert found(archive, "nobody") == ["Nobody else spoke"]


def test_corrections_survive_a_new_reading_of_the_page(archive: Archive) -> None:
    archive.add(said("We will stay and fight"))
    number = archive.search("stay").hits[0].id
    archive.correct(number, "speaker", {"name": "Igor Petrov"}, "ed")
    archive.correct(number, "spans", {"content": [[1, 13]]}, "ed")
    changed = said("We will stay and fight")
    longer = "Rain fell. " + changed.text
    moved = tuple(
        msgspec.structs.replace(
            one,
            **{
                part: Passage.of(longer, *((s.start + 11, s.end + 11) for s in getattr(one, part).spans))
                for part in ("source", "cue", "content")
            },
        )
        for one in changed.statements
    )
    changed = msgspec.structs.replace(
        changed, text=longer, statements=moved, blocks=(Block("body", 0, len(longer), "en"),)
    )
    assert archive.add(changed).outcome == "version"
    assert found(archive, "stay", tags.named("byw", "petrov")) == ["We will stay"]


def test_a_correction_whose_statement_is_gone_is_kept(archive: Archive) -> None:
    archive.add(said("We will stay"))
    archive.correct(archive.search("stay").hits[0].id, "speaker", {"name": "Igor Petrov"}, "ed")
    archive.add(said("Quite another thing was announced in the end"))
    (kept,) = archive.corrections()
    assert kept.statement is None
    assert found(archive, "", tags.named("byw", "petrov")) == []


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("speaker", {"nom": "x"}),
        ("speaker", 7),
        ("spans", {"content": [[5, 5]]}),
        ("spans", {"content": [[5, 99_999]]}),
        ("spans", {"content": []}),
        ("acts", [{"act": "AGREE", "condition": [-1, 4]}]),
        ("kind", "spoken"),
        ("acts", [{"act": "NOPE"}]),
        ("acts", [{"act": "AGREE", "mode": "loudly"}]),
        ("speaker", {"name": "Bob", "country": "Atlantis"}),
    ],
)
def test_a_correction_that_makes_no_sense_is_refused(archive: Archive, field: str, value: object) -> None:
    archive.add(said("We will stay"))
    number = archive.search("stay").hits[0].id
    with pytest.raises(UsageError):
        archive.correct(number, field, value)  # type: ignore[arg-type]
    assert archive.corrections() == []


def test_a_corrected_speaker_takes_the_acts_along(archive: Archive) -> None:
    archive.add(said("We will stay", acts=(Act("LIMIT", source_actor="NOR"), Act("ACCUSE", source_actor="SWE"))))
    number = archive.search("stay").hits[0].id
    archive.correct(number, "speaker", {"name": "Igor Petrov", "country": "RUS"}, "ed")
    hit = archive.statement(number)
    assert hit is not None
    assert [act.source_actor for act in hit.statement.acts] == ["RUS", "SWE"]


def test_a_statement_of_an_earlier_version_is_not_corrected(archive: Archive) -> None:
    archive.add(said("We will stay"))
    number = archive.search("stay").hits[0].id
    assert archive.add(said("We will stay"), again=True).outcome == "again"
    with pytest.raises(UsageError, match="earlier version"):
        archive.correct(number, "dropped", True)
