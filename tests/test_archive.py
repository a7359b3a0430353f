"""The archive, the same tests on SQLite and on PostgreSQL: what goes in comes out, and is found."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import onrecord
from onrecord.archive import tags
from onrecord.archive.archive import Archive, open_archive, open_to_read
from onrecord.archive.asking import Asked
from onrecord.archive.search import Filters
from onrecord.errors import ArchiveError, UsageError
from onrecord.intake import pages
from onrecord.schema import Act, Failure, Span
from stories import found, said


def test_an_article_comes_back_as_it_went_in(archive: Archive) -> None:
    article = onrecord.read("examples/port-talks.txt")
    article = msgspec.structs.replace(
        article,
        statements=tuple(
            msgspec.structs.replace(one, acts=(Act("AGREE", "conditional", Span(3, 9)), Act("LIMIT")))
            for one in article.statements
        ),
    )
    added = archive.add(article)
    assert (added.outcome, added.statements) == ("new", len(article.statements))
    assert archive.article(added.article) == article


def test_the_same_page_twice_changes_nothing(archive: Archive) -> None:
    first = archive.add(said("We will stay"))
    again = archive.add(said("We will stay"))
    assert (again.outcome, again.article) == ("same", first.article)
    assert archive.counts()["statements"] == 1


def test_a_page_is_known_by_the_address_it_declares(archive: Archive) -> None:
    archive.add(said("We will stay", url="https://www.post.example/story/1?utm_source=mail#top"))
    assert archive.add(said("We will stay", url="http://post.example/story/1/")).outcome == "same"
    assert archive.add(said("We will stay", url="https://post.example/story/1?page=2")).outcome == "new"


def test_a_changed_page_is_a_new_version_and_the_old_one_is_kept(archive: Archive) -> None:
    old, new = said("We will stay"), said("We will not stay")
    first = archive.add(old)
    second = archive.add(new)
    assert second.outcome == "version"
    assert (archive.article(first.article), archive.article(second.article)) == (old, new)
    assert found(archive, "stay") == ["We will not stay"]
    assert archive.counts() == {"articles": 1, "statements": 1, "actors": 1, "clusters": 0}
    assert archive.add(old).outcome == "version", "a page that is changed back is a third version"


def test_the_page_itself_is_known_again(archive: Archive) -> None:
    archive.add(said("We will stay"), page_digest="abc")
    assert archive.page("abc") is not None
    archive.add(said("We will not stay"), page_digest="def")
    assert archive.page("abc") is None, "an earlier version does not count"


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("negotiation", {1, 2}),
        ("negotiating", {1, 2}),
        ("NEGOTIATIONS tomorrow", {2}),
        ('"ready for negotiations"', {1}),
        ('"negotiations for ready"', set()),
        ("negoti*", {1, 2}),
        ("negotiations -tomorrow", {1}),
        ("negotiations NOT tomorrow", {1}),
        ("tomorrow OR Brücke", {2, 3}),
        ("brucke", {3}),
        ("BRÜCKEN", {3}),
        ("переговорам", {4}),
        ("(tomorrow OR ready) negotiations", {1, 2}),
        ("核兵器", {5}),
        ("兵核", set()),
        ("don’t", {6}),
        ("dont", {6}),
        ("-negotiations -Brücke -переговоры -核 -blink", set()),
        ("", {1, 2, 3, 4, 5, 6}),
    ],
)
def test_words_are_found_in_any_language_and_form(archive: Archive, typed: str, expected: set[int]) -> None:
    contents = [
        ("We are ready for negotiations", "en"),
        ("Tomorrow the negotiations will begin", "en"),
        ("Die alten Brücken werden halten", "de"),
        ("Мы готовы к переговорам", "ru"),
        ("核兵器は要らない", "ja"),
        ("They don't blink", "en"),
    ]
    for n, (words, lang) in enumerate(contents, 1):
        archive.add(said(words, n=n, lang=lang))
    assert {number for number, (words, _) in enumerate(contents, 1) if words in found(archive, typed)} == expected


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(typed=st.text(alphabet=st.sampled_from("ab \"'*()-|&:;%_{}^~\\\0\n«“„OR NOT AND ü\ud7ff𝄞"), max_size=40))
def test_nothing_typed_is_an_error(archive: Archive, typed: str) -> None:
    archive.add(said("a b ab ü"))
    archive.search(typed)


def test_what_is_typed_is_bounded(archive: Archive) -> None:
    archive.add(said("We will stay"))
    assert archive.search("(" * 5_000 + "stay" + ")" * 5_000).total == 1
    archive.search("stay OR " * 5_000)
    archive.search('"' + "stay " * 5_000 + '"')


def test_filters_are_cut_with_words(archive: Archive) -> None:
    archive.add(said("We will stay", n=1, about=("Berlin",), acts=(Act("LIMIT"),)))
    archive.add(said("We will stay put", n=2, by="Igor Petrov", country="RUS", role="spokesman", publisher="The Mail"))
    archive.add(said("We will stay out", n=3, day="2021-06-02", kind="mixed"))
    archive.add(said("They stay", n=4, day=""))
    assert found(archive, "stay", tags.named("byw", "petrov")) == ["We will stay put"]
    assert found(archive, "stay", tags.tag("byc", "RUS")) == ["We will stay put"]
    assert found(archive, "stay", tags.named("role", "Foreign Minister"), since="2021-06") == ["We will stay out"]
    assert found(archive, "stay", tags.named("onw", "berlin")) == ["We will stay"]
    assert found(archive, "", tags.tag("act", "LIMIT")) == ["We will stay"]
    assert found(archive, "", tags.named("out", "The Mail")) == ["We will stay put"]
    assert found(archive, "", tags.tag("kind", "mixed")) == ["We will stay out"]
    assert found(archive, "", until="2021-05-14") == ["We will stay put", "We will stay"]
    assert found(archive, "", since="2021-05-15") == ["We will stay out"]
    assert found(archive, "", said_since="2021-06", said_until="2021-06") == ["We will stay out"]
    assert found(archive, "", since="2021", until="2021", confidence=0.8) == []


def test_a_bound_that_is_no_date_is_named(archive: Archive) -> None:
    with pytest.raises(UsageError, match="last week"):
        archive.search("", Filters(since="last week"))


def test_pages_follow_each_other_without_gap_or_double(archive: Archive) -> None:
    for n in range(23):
        archive.add(said(f"Stay {'stay ' * (n % 4)}number{n}", n=n, day=f"2021-05-{n % 9 + 1:02}"))
    for sort in ("newest", "oldest", "relevance"):
        seen, after = [], ""
        for _ in range(6):
            page = archive.search("stay", sort=sort, limit=5, after=after)
            assert page.total == 23
            seen += [hit.id for hit in page.hits]
            after = page.next
            if not after:
                break
        assert len(seen) == len(set(seen)) == 23
        if sort != "relevance":
            assert seen == sorted(seen, reverse=sort == "newest")


@pytest.mark.parametrize("after", ["x", "WyJuZXdlc3QiXQ", "é", "W10" * 400])
def test_a_place_that_came_from_no_page_is_refused(archive: Archive, after: str) -> None:
    with pytest.raises(UsageError):
        archive.search("", after=after)


def test_the_words_found_are_marked_in_the_article(archive: Archive) -> None:
    article = said("Long ago " * 40 + "the negotiators met, and negotiating they met again")
    archive.add(article)
    hit = archive.search("negotiate met").hits[0]
    marked = [hit.snippet.text[mark.start : mark.end] for mark in hit.snippet.marks]
    assert marked == ["negotiators", "met", "negotiating", "met"]
    assert [article.text[span.start : span.end] for span in hit.snippet.found] == marked
    assert hit.snippet.text.startswith("… ")
    assert len(hit.snippet.text) < 260


def test_facets_count_what_is_found(archive: Archive) -> None:
    for n, by in enumerate(("Ana Roe", "Ana Roe", "Igor Petrov")):
        archive.add(said("We will stay", n=n, by=by, day=f"2021-0{n + 1}-01"))
    facets = archive.search("stay", facets=True).facets
    assert facets is not None
    assert facets.speakers == (("Ana Roe", 2), ("Igor Petrov", 1))
    assert facets.outlets == (("Harbour Post", 3),)
    assert facets.months == (("2021-01", 1), ("2021-02", 1), ("2021-03", 1))


def test_an_archive_is_opened_again(address: str) -> None:
    with open_archive(address) as archive:
        archive.add(said("We will stay"))
    with open_to_read(address) as archive:
        assert found(archive, "stay") == ["We will stay"]


def test_a_missing_archive_is_named(tmp_path: Path) -> None:
    with pytest.raises(ArchiveError, match="no such archive"):
        open_to_read(str(tmp_path / "none.db"))


def test_another_file_is_no_archive(tmp_path: Path) -> None:
    (tmp_path / "page.html").write_text("<p>Hello</p>" * 500, encoding="utf-8")
    with pytest.raises(ArchiveError, match="no archive"):
        open_archive(str(tmp_path / "page.html"))


@pytest.mark.parametrize("given", ["mysql://host/db", "http://host/x", "sqlite://", "://"])
def test_an_address_that_makes_no_sense_is_refused(given: str) -> None:
    with pytest.raises(UsageError):
        open_archive(given)


def test_filters_as_people_write_them(archive: Archive) -> None:
    archive.add(said("We will stay", n=1, by="Dmitry Peskov", country="RUS", role="spokesman", about=("Washington",)))
    archive.add(said("We stay too", n=2, by="Ana Roe", country="USA", about=("Moscow",)))

    def asked(**fields: object) -> list[str]:
        results = archive.search("", Asked(**fields))  # type: ignore[arg-type]
        return [hit.statement.content_text for hit in results.hits]

    assert asked(speaker=("Moscow",)) == asked(country=("Russia",)) == asked(country=("RUS",)) == ["We will stay"]
    assert asked(speaker=("peskov",)) == asked(role=("Spokesman",)) == ["We will stay"]
    assert asked(speaker=("the Kremlin",), about=("United States",)) == ["We will stay"]
    assert asked(about=("Russia",)) == ["We stay too"]
    assert asked(addressee=("reporters",), speaker=("Peskov", "Roe")) == ["We stay too", "We will stay"]
    assert asked(speaker=("nobody of that name",)) == []
    with pytest.raises(UsageError, match="no country"):
        asked(country=("Atlantis",))


def test_exported_articles_come_back(archive: Archive, tmp_path: Path) -> None:
    for n in range(1, 8):
        archive.add(said(f"We will stay {n}", n=n))
    archive.correct(archive.search("stay").hits[0].id, "speaker", {"name": "Igor Petrov"}, "ed")
    assert len(list(archive.articles(batch=3))) == 7
    corrected = list(archive.articles(corrected=True))
    assert [one.statements[0].speaker.name for one in corrected] == ["Igor Petrov"]  # type: ignore[union-attr]


def test_names_that_are_spelt_alike_are_offered(archive: Archive) -> None:
    for n, by in enumerate(("Dmitry Peskov", "Ana Roe", "Petra Peschke", "Дмитрий Песков")):
        archive.add(said("We will stay", n=n, by=by))
    assert archive.names_like("Peskow")[0] == "Dmitry Peskov"
    assert archive.names_like("dmitri peskov")[0] == "Dmitry Peskov"
    assert archive.names_like("Quintessa Mallory") == []
    assert archive.names_like("' OR 1=1 --") == archive.names_like('"*') == archive.names_like("") == []


@pytest.mark.parametrize("asked", ["Песков", "Peskow", "дмитрий песков", "Dmitriy Peskov"])
def test_a_name_is_found_in_any_script_and_spelling(archive: Archive, asked: str) -> None:
    archive.add(said("We will stay", by="Dmitry Peskov", country="RUS"))
    archive.add(said("They stay", n=2))
    results = archive.search("", Asked(speaker=(asked,)))
    assert [hit.statement.content_text for hit in results.hits] == ["We will stay"]


@pytest.mark.parametrize("wrong", [{"act": ("NOPE",)}, {"kind": ("quoted",)}])
def test_a_filter_nobody_knows_is_named(archive: Archive, wrong: dict[str, tuple[str, ...]]) -> None:
    with pytest.raises(UsageError, match="there are"):
        archive.search("", Asked(**wrong))  # type: ignore[arg-type]


def test_what_matches_best_comes_first(archive: Archive) -> None:
    archive.add(said("Talks about talks, and talks again", n=1, day="2021-05-01"))
    archive.add(said("Talking was long and the evening went by with tea and a great many other things", n=2))
    archive.add(said("We will stay in the harbour", n=3))
    assert found(archive, "talks") == [
        "Talks about talks, and talks again",
        "Talking was long and the evening went by with tea and a great many other things",
    ]
    archive.add(said("Talks of the harbour", n=4))
    assert found(archive, "talks OR harbour")[0] == "Talks of the harbour", "both words tell more than one"


def test_what_is_counted_and_ranked_is_bounded_and_said(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, most in (("MOST_COUNTED", 8), ("MOST_RANKED", 5), ("MOST_SORTED", 6)):
        monkeypatch.setattr(f"onrecord.archive.search.{name}", most)
    for n in range(12):
        archive.add(said("We will stay", n=n, day=f"2021-05-{n + 1:02}"))
    results = archive.search("stay", limit=3, facets=True)
    assert (results.total, results.more) == (8, True)
    assert results.facets is not None
    assert results.facets.of == 6
    newest = archive.search("stay", sort="newest", limit=10)
    assert len(newest.hits) == 10
    assert newest.hits[0].article.published == "2021-05-12"
    assert not archive.search("stay", Filters(until="2021-05-04")).more


def test_the_folder_of_examples_is_read_without_a_failure() -> None:
    assert not [one.error for one in pages(["examples"]) if isinstance(one, Failure)]
