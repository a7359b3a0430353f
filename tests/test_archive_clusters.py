"""Clusters and reprints as articles come and go, on both databases."""

from __future__ import annotations

import msgspec

from onrecord.archive.archive import Archive
from onrecord.archive.clusters import VERSION, signature, worded
from onrecord.archive.migrations import CURRENT
from onrecord.schema import Block
from stories import said

KEYS = {"en": (-4882486895118193003, -2287534769582354184), "": (-7542640961676559078, 5443390059343049291)}
OATH = "The harbour will stay open to every ferry that pays its dues, and to no warship at all"


def clusters_of(archive: Archive) -> list[set[str]]:
    """The contents that are one utterance, set by set; what stands alone is left out."""
    sets: dict[int, set[str]] = {}
    for hit in archive.search("", limit=1_000).hits:
        if hit.cluster is not None:
            sets.setdefault(hit.cluster, set()).add(hit.statement.content_text)
    return list(sets.values())


def test_one_utterance_in_several_outlets_is_one_cluster(archive: Archive) -> None:
    trimmed = "The harbor will stay open to every ferry that pays its dues"
    bracketed = "[The harbour] will stay open to every ferry … and to no warship at all"
    archive.add(said(OATH, n=1, day="2021-05-15"))
    archive.add(said(trimmed, n=2, day="2021-05-14", publisher="The Mail"))
    archive.add(said("Fish is dear this year and the nets are old", n=3))
    archive.add(said(bracketed, n=4, day="2021-05-16", publisher="Gazette"))
    assert clusters_of(archive) == [{OATH, trimmed, bracketed}]
    hit = archive.search("warship").hits[0]
    assert hit.reported == 3
    reports = archive.reports(hit.id)
    assert [one.hit.article.outlet for one in reports] == ["The Mail", "Harbour Post", "Gazette"]
    assert [piece.kind for piece in reports[0].pieces] == ["same"]
    assert "second" in {piece.kind for piece in reports[1].pieces}


def test_two_clusters_that_turn_out_to_be_one_are_merged(archive: Archive) -> None:
    first = "The harbour will stay open to every ferry that pays its dues"
    second = "no warship at all shall ever pass the old stone mole again"
    for n, words in enumerate((first, first, second, second), 1):
        archive.add(said(words, n=n))
    assert sorted(map(len, clusters_of(archive))) == [1, 1]
    both = f"{first}, and {second}"
    archive.add(said(both, n=5))
    assert clusters_of(archive) == [{first, second, both}]
    assert archive.search("mole").hits[0].reported == 5
    assert archive.counts()["clusters"] == 1


def test_a_statement_that_leaves_its_cluster_is_no_longer_counted(archive: Archive) -> None:
    for n in range(1, 4):
        archive.add(said(OATH, n=n))
    assert archive.search("warship").hits[0].reported == 3
    archive.add(said("Fish is dear this year and the nets are old", n=1))
    assert [hit.reported for hit in archive.search("warship").hits] == [2, 2]
    archive.correct(archive.search("warship").hits[0].id, "dropped", True, "ed")
    (last,) = archive.search("warship").hits
    assert (last.reported, last.cluster) == (1, None)
    archive.add(said(OATH, n=7))
    assert archive.search("warship").hits[0].reported == 2, "what is left is still found"


def test_another_number_is_another_utterance(archive: Archive) -> None:
    archive.add(said("The budget of the port grew by 12 percent in the last year, more than planned", n=1))
    archive.add(said("The budget of the port grew by 19 percent in the last year, more than planned", n=2))
    assert clusters_of(archive) == []


def test_wire_copy_is_told_from_independent_reports(archive: Archive) -> None:
    body = " ".join(f"Word{n} of the long report about the harbour and its {n} ferries." for n in range(40))
    for n, publisher in enumerate(("Agency", "The Mail", "Gazette"), 1):
        article = said(OATH, n=n, publisher=publisher)
        text = f"{article.text}\n\n{body if n < 3 else 'Short words of its own.'}"
        archive.add(msgspec.structs.replace(article, text=text, blocks=(Block("body", 0, len(text), "en"),)))
    reports = archive.reports(archive.search("warship").hits[0].id)
    assert [one.reprint_of for one in reports] == [None, reports[0].hit.article.id, None]
    archive.add(said("Fish is dear this year and the nets are old", n=1, publisher="Agency"))
    reports = archive.reports(archive.search("warship").hits[0].id)
    assert [one.reprint_of for one in reports] == [None, None], "the first of the group is another version now"


def test_keys_are_those_that_archives_hold() -> None:
    """Fails when texts get other keys: then raise the version, add a migration that makes keys anew, and mend this."""
    keys = {lang: signature(worded(OATH, lang)).keys[:2] for lang in ("en", "")}
    assert (VERSION, CURRENT) == (1, 6)
    assert keys == KEYS
