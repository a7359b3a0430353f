"""The REST API and the feeds: what they answer, and how they refuse."""

from __future__ import annotations

import json
from collections.abc import Iterator
from xml.etree import ElementTree

import pytest
from starlette.testclient import TestClient

from onrecord.archive.archive import open_to_read
from web_archive import served

QUISPE = 198359306469381
FIRST = 198359306469378
API = "/api/v1"


def _client(address: str) -> Iterator[TestClient]:
    app, token = served(address, engine="rules")
    with TestClient(app, base_url="http://localhost") as client:
        client.headers["X-Token"] = token
        yield client


@pytest.fixture
def client(address: str) -> Iterator[TestClient]:
    """A server of an archive of the test's own, to write to."""
    yield from _client(address)


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def reader(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """A server of an archive that several tests share, to read from."""
    if request.param == "sqlite":
        yield from _client(str(tmp_path_factory.mktemp("api") / "news.db"))
    else:
        yield from _client(request.getfixturevalue("postgres").database())


def authorised(client: TestClient) -> dict[str, str]:
    return {"Authorization": f"Bearer {client.headers['X-Token']}"}


def test_search_takes_the_filters_of_the_command_line(reader: TestClient) -> None:
    found = reader.get(f"{API}/search", params={"q": "border", "speaker": "Quispe", "facets": "true"}).json()
    assert found["total"] == 2
    assert {hit["statement"]["speaker"]["name"] for hit in found["hits"]} == {"Carla Quispe"}
    assert found["facets"]["speakers"] == [["Carla Quispe", 2]]
    both = {"country": ["Chile", "Peru"], "act": "REJECT", "since": "2024-03-02", "min_confidence": 0.1}
    assert [hit["number"] for hit in reader.get(f"{API}/search", params=both).json()["hits"]] == [198360111775745]


def test_pages_join_without_gap_or_double(reader: TestClient) -> None:
    numbers: list[int] = []
    after: str | None = ""
    while after is not None:
        found = reader.get(f"{API}/search", params={"limit": 3, "after": after}).json()
        numbers += [hit["number"] for hit in found["hits"]]
        after = found["next"]
    everything = reader.get(f"{API}/search", params={"limit": 100}).json()
    assert numbers == [hit["number"] for hit in everything["hits"]]
    assert len(numbers) == everything["total"] == 11


def test_lists_of_articles_and_corrections_are_paged(reader: TestClient) -> None:
    first = reader.get(f"{API}/articles", params={"limit": 3}).json()
    rest = reader.get(f"{API}/articles", params={"limit": 3, "after": first["next"]}).json()
    assert [one["number"] for one in first["articles"] + rest["articles"]] == [4, 3, 2, 1]
    assert rest["next"] is None
    assert first["articles"][0]["headline"] == "Chile ready to reopen crossing"


def test_an_article_comes_with_its_numbers_and_as_a_file(reader: TestClient) -> None:
    kept = reader.get(f"{API}/articles/2").json()
    statement = next(one for one in kept["article"]["statements"] if kept["numbers"][one["id"]] == QUISPE)
    start, end = statement["source"][0]
    assert kept["article"]["text"][start:end] == "she"
    file = reader.get(f"{API}/articles/2/export", params={"format": "csv"})
    assert file.headers["content-disposition"] == 'attachment; filename="onrecord-2.csv"'
    assert "Carla Quispe" in file.text
    page = reader.get(f"{API}/articles/2/export", params={"format": "html"})
    assert page.headers["content-disposition"].startswith("attachment")


def test_a_statement_its_reports_and_the_dialogue(reader: TestClient) -> None:
    assert reader.get(f"{API}/statements/{QUISPE}").json()["reported"] == 2
    reports = reader.get(f"{API}/statements/{QUISPE}/reports").json()["reports"]
    assert [one["number"] for one in reports] == [FIRST, QUISPE]
    moves = reader.get(f"{API}/dialogue", params={"a": "Peru", "b": "Chile", "since": "2024-03-04"}).json()["moves"]
    assert [move["act"] for move in moves] == ["DENY", "REJECT", "ACCUSE", "AGREE", "AGREE"]


def test_actors_speakers_and_countries(reader: TestClient) -> None:
    assert reader.get(f"{API}/actors", params={"q": "Peru"}).json()["actors"][0]["id"] == "PER"
    assert reader.get(f"{API}/actors", params={"q": "Carla Quispee"}).json()["alike"] == ["Carla Quispe"]
    assert reader.get(f"{API}/speakers", params={"name": "Carla Quispe"}).json()["of"] == 4
    assert reader.get(f"{API}/countries/Santiago").json()["country"] == "CHL"


def test_reading_keeps_nothing_and_adding_keeps_it_once(client: TestClient) -> None:
    story = {"text": "The bridge is safe, Mayor Anna Roe said."}
    read = client.post(f"{API}/read", json=story).json()
    assert read["statements"][0]["speaker"]["name"] == "Anna Roe"
    raw = client.post(f"{API}/read", content=b"<p>The bridge is safe, Mayor Anna Roe said.</p>",
                      headers={"Content-Type": "text/html; charset=utf-8"})  # fmt: skip
    assert raw.json()["text"] == story["text"]
    assert client.get(f"{API}/search", params={"q": "bridge"}).json()["total"] == 0
    added = client.post(f"{API}/articles", json=story, headers=authorised(client))
    assert (added.status_code, added.json()["outcome"]) == (201, "new")
    again = client.post(f"{API}/articles", json=story, headers=authorised(client))
    assert (again.status_code, again.json()["outcome"]) == (200, "same")
    assert client.get(f"{API}/search", params={"q": "bridge"}).json()["total"] == 1


def test_a_text_is_never_taken_for_a_file(reader: TestClient) -> None:
    for name in ("/etc/passwd", "examples/port-talks.txt", "file:///etc/passwd"):
        read = reader.post(f"{API}/read", json={"text": name})
        assert read.status_code in (200, 422)
        assert read.status_code == 422 or read.json()["text"] == name
    assert reader.post(f"{API}/read", json={"url": "file:///etc/passwd"}).status_code in (400, 403)


def test_a_correction_counts_at_once_and_can_be_taken_back(client: TestClient) -> None:
    right = {"field": "speaker", "value": {"name": "Rosa Quispe", "country": "PER"}, "note": "see the caption"}
    made = client.post(f"{API}/statements/{QUISPE}/corrections", json=right, headers=authorised(client))
    assert made.status_code == 201
    assert (made.json()["author"], made.json()["machine"]["speaker"]["name"]) == ("ada", "Carla Quispe")
    assert client.get(f"{API}/statements/{QUISPE}").json()["statement"]["speaker"]["name"] == "Rosa Quispe"
    number = made.json()["id"]
    back = client.delete(f"{API}/corrections/{number}", headers=authorised(client))
    assert back.json()["undone_by"] == "ada"
    assert client.get(f"{API}/statements/{QUISPE}").json()["statement"]["speaker"]["name"] == "Carla Quispe"
    history = client.get(f"{API}/statements/{QUISPE}/corrections").json()["corrections"]
    assert [(one["id"], one["note"], one["undone_by"]) for one in history] == [(number, "see the caption", "ada")]
    assert client.get(f"{API}/corrections").json()["corrections"] == history
    assert client.delete(f"{API}/corrections/{number}", headers=authorised(client)).status_code == 404


@pytest.mark.parametrize(
    ("value", "words"),
    [({"name": "x" * 500}, "300 characters at most"), ({"name": "Ana Roe", "kind": "unnamed"}, "is a name")],
)
def test_a_speaker_without_end_or_sense_is_refused(client: TestClient, value: dict[str, str], words: str) -> None:
    right = {"field": "speaker", "value": value}
    answer = client.post(f"{API}/statements/{QUISPE}/corrections", json=right, headers=authorised(client))
    assert answer.status_code == 400
    assert words in answer.json()["detail"]
    missed = {"statement": {"content": [[0, 4]], "speaker": value}}
    answer = client.post(f"{API}/articles/1/statements", json=missed, headers=authorised(client))
    assert answer.status_code == 400
    assert words in answer.json()["detail"]


def test_a_statement_that_was_missed_is_added(client: TestClient) -> None:
    text = client.get(f"{API}/articles/1").json()["article"]["text"]
    start = text.index("Peru")
    missed = {
        "content": [[start, start + 4]],
        "kind": "direct",
        "speaker": {"name": "Ana Roe"},
        "acts": [{"act": "DENY"}],
    }
    made = client.post(f"{API}/articles/1/statements", json={"statement": missed}, headers=authorised(client))
    assert made.status_code == 201, made.text
    found = client.get(f"{API}/statements/{made.json()['statement']}").json()
    assert (found["content"], found["statement"]["speaker"]["name"], found["corrected"]) == ("Peru", "Ana Roe", True)
    assert client.get(f"{API}/search", params={"speaker": "Ana Roe", "act": "DENY"}).json()["total"] == 1
    for wrong in (
        {"content": []},
        {"content": [[0, 10_000_000]]},
        {"content": [[5, 2]]},
        {"content": [[0, 4]], "x": 1},
    ):
        answer = client.post(f"{API}/articles/1/statements", json={"statement": wrong}, headers=authorised(client))
        assert answer.status_code in (400, 422)


def test_the_first_statement_without_a_date_has_the_number_0(client: TestClient) -> None:
    story = {"text": "The bridge is safe, Mayor Anna Roe said. The dam will stay, she said."}
    article = client.post(f"{API}/articles", json=story, headers=authorised(client)).json()["article"]
    assert client.get(f"{API}/articles/{article}").json()["numbers"] == {"s1": 0, "s2": 1}
    assert client.get(f"{API}/statements/0").json()["content"] == "The bridge is safe"
    for path in ("/statement/0", "/quote/0", f"{API}/statements/0/reports", f"{API}/statements/0/corrections"):
        assert client.get(path).status_code == 200, path
    oldest = client.get(f"{API}/search", params={"sort": "oldest", "limit": 1}).json()
    assert [one["number"] for one in oldest["hits"]] == [0]
    following = client.get(f"{API}/search", params={"sort": "oldest", "limit": 1, "after": oldest["next"]}).json()
    assert [one["number"] for one in following["hits"]] == [1]
    right = {"field": "kind", "value": "direct"}
    made = client.post(f"{API}/statements/0/corrections", json=right, headers=authorised(client)).json()
    assert made["statement"] == 0
    assert 'href="/statement/0"' in client.get("/corrections").text


@pytest.mark.parametrize(
    ("path", "status", "words"),
    [
        ("/search?spaeker=Quispe", 422, "spaeker"),
        ("/search?country=Atlantis", 400, "is no country"),
        ("/search?since=yesterday", 400, "no date"),
        ("/search?kind=loud", 400, "no kind"),
        ("/search?after=nonsense", 400, "no place to go on from"),
        ("/search?limit=1000", 422, "limit"),
        ("/articles/99", 404, "no article 99"),
        ("/articles/99999999999999999999999", 422, "number"),
        ("/articles/0x1", 422, "number"),
        ("/statements/5", 404, "no statement 5"),
        ("/statements/5/reports", 404, "no statement 5"),
        ("/articles/1/export?format=exe", 422, "format"),
        ("/dialogue?a=Peru&b=Peru", 400, "same actor"),
        ("/dialogue?a=Peru", 422, "query.b"),
        ("/dialogue?a=Peru&b=Chile&topic=foo", 400, "no topic 'foo'"),
        ("/dialogue?a=Peru&b=Chile&sinec=2024", 422, "no parameter 'sinec'; there are: a, b, since, topic, until"),
        ("/articles/1?x=1", 422, "takes none"),
        ("/search?lang=xx", 400, "no language 'xx'"),
        ("/countries/Atlantis", 404, "no country"),
        ("/speakers?name=Nobody", 404, "nobody called"),
        ("/nothing", 404, "Not Found"),
    ],
)
def test_every_refusal_is_a_problem_that_says_why(reader: TestClient, path: str, status: int, words: str) -> None:
    answer = reader.get(f"{API}{path}")
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")
    told = answer.json()
    assert told["status"] == status
    assert told["title"]
    assert words in told["detail"]


def test_writing_needs_a_token_and_sound_json(client: TestClient) -> None:
    path = f"{API}/statements/{QUISPE}/corrections"
    right = {"field": "kind", "value": "indirect"}
    refused = client.post(path, json=right)
    assert (refused.status_code, refused.headers["www-authenticate"]) == (401, 'Bearer realm="onrecord"')
    assert client.post(path, json=right, headers={"Authorization": "Bearer onrecord_guess"}).status_code == 401
    assert client.delete(f"{API}/corrections/1").status_code == 401
    headers = authorised(client)
    assert client.post(path, content=b"kind=direct", headers=headers).status_code == 415
    unsound = (
        b"{",
        b"[]",
        b"[" * 100_000,
        b'{"field": "kind"}',
        b'{"field": "kind", "value": "indirect", "more": 1}',
        b'{"field": "kind", "value": "indirect", "note": "\\u0000"}',
        b'{"field": "kind", "value": "\\ud800"}',
        json.dumps(right | {"note": "x" * 3_000}).encode(),
    )
    for body in unsound:
        answer = client.post(path, content=body, headers=headers | {"Content-Type": "application/json"})
        assert answer.status_code == 422, body
        assert answer.headers["content-type"] == "application/problem+json"
    assert client.get(f"{API}/corrections").json()["corrections"] == []


@pytest.mark.parametrize(
    "path",
    [
        "/search?speaker=%00", "/api/v1/search?q=a%00b", "/actor/%00", "/country/%00", "/api/v1/actors?q=%00",
        "/search?speaker=%ff%fe&q=%ed%a0%80", "/actor/%ed%a0%80%ff", "/api/v1/speakers?name=%ed%a0%80",
        "/article/99999999999999999999", "/statement/-1", "/quote/99999999999999999999", "/statement/1e3",
        "/article/99999999999999999999/export", "/search?limit=x", "/search?min_confidence=nan", "/search?sort=x",
        "/api/v1/search?min_confidence=nan", "/search?after=W10", "/search?since=%00", "/dialogue?a=%27&b=%22",
        "/api/v1/search?after=WyJuZXdlc3QiLDFlOTk5LDAuMF0",
        "/search?after=WyJuZXdlc3QiLDk5OTk5OTk5OTk5OTk5OTk5OTk5OSwwLjBd",
        "/reading/%2e%2e%2fetc", "/static/..%2f..%2fapp.py", "/static/../app.py", "/search.atom?after=x",
    ],
)  # fmt: skip
def test_nonsense_in_an_address_is_no_failure_of_the_server(reader: TestClient, path: str) -> None:
    assert reader.get(path).status_code in (200, 400, 404, 422)


def test_a_null_in_a_story_is_no_failure_either(client: TestClient) -> None:
    story = {"text": "The bridge \x00 is safe, Mayor Anna Roe said."}
    assert client.post(f"{API}/articles", json=story, headers=authorised(client)).status_code in (201, 422)
    raw = {"Content-Type": "text/plain", **authorised(client)}
    bare = client.post(f"{API}/articles", content=b"The dam \0 is safe, Mayor Anna Roe said.", headers=raw)
    assert bare.status_code == 201


def test_nobody_learns_where_files_lay(reader: TestClient) -> None:
    seen = "".join(
        reader.get(f"{API}{path}").text
        for path in ("/search", "/articles/1", f"/statements/{QUISPE}/reports", "/articles/1/export?format=jsonl")
    )
    assert "border-talks.jsonl:1" in seen
    assert "/examples/" not in seen


def test_a_search_is_a_feed(reader: TestClient) -> None:
    atom = reader.get("/search.atom", params={"q": "border", "speaker": "Quispe"})
    assert atom.headers["content-type"] == "application/atom+xml"
    feed = ElementTree.fromstring(atom.content)
    name = "{http://www.w3.org/2005/Atom}"
    assert feed.findtext(f"{name}id") == "http://localhost/search?q=border&speaker=Quispe"
    assert [one.findtext(f"{name}id") for one in feed.iter(f"{name}entry")] == [
        f"http://localhost/statement/{number}" for number in (QUISPE, FIRST)
    ]
    assert feed.findtext(f"{name}entry/{name}updated") == "2024-03-01T14:30:00-05:00"
    assert reader.get("/search.json", params={"q": "border"}).json()["total"] == 3


@pytest.mark.parametrize("form", ["atom", "json"])
def test_a_feed_of_a_misspelt_filter_is_refused(reader: TestClient, form: str) -> None:
    """Passed over, it would bring the whole archive to whoever follows it."""
    answer = reader.get(f"/search.{form}", params={"spaeker": "Quispe"})
    assert (answer.status_code, answer.headers["content-type"]) == (422, "application/problem+json")
    assert "spaeker" in answer.json()["detail"]


def test_the_page_says_which_filter_it_passed_over(reader: TestClient) -> None:
    assert "no such filter: <bdi>spaeker</bdi>." in reader.get("/search?spaeker=Quispe").text
    assert "no such filter" not in reader.get("/search?speaker=Quispe&lang=").text


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("min_confidence", "99", "a number from 0 to 1"),
        ("min_confidence", "abc", "a number from 0 to 1"),
        ("min_confidence", "nan", "a number from 0 to 1"),
        ("limit", "x", "from 1 to 100 statements"),
        ("speaker", "x" * 300, "speaker: 200 characters at most"),
        ("since", "yesterday morning", "since: 10 characters at most"),
        ("lang", "xx", "no language"),
    ],
)
def test_a_value_that_makes_no_sense_does_not_lose_the_form(
    reader: TestClient, name: str, value: str, words: str
) -> None:
    answer = reader.get("/search", params={"q": "border", "outlet": "wire.example", name: value})
    assert answer.status_code == 400
    assert words in answer.text
    for typed in ("border", "wire.example", *([value] if name != "limit" else [])):
        assert f'value="{typed}"' in answer.text
    assert 'class="hit"' not in answer.text


def test_a_dialogue_of_nonsense_does_not_lose_the_form(reader: TestClient) -> None:
    for wrong, words in (({"topic": "foo"}, "no topic"), ({"a": "x" * 300}, "200 characters at most")):
        answer = reader.get("/dialogue", params={"a": "Peru", "b": "Chile"} | wrong)
        assert answer.status_code == 400
        assert words in answer.text
        assert 'value="Chile"' in answer.text


@pytest.mark.parametrize("path", ["/", "/health", "/search?q=border", f"{API}/articles/1", "/no/such/page"])
def test_head_is_get_without_the_body(reader: TestClient, path: str) -> None:
    whole, head = reader.get(path), reader.head(path)
    assert (head.status_code, head.content) == (whole.status_code, b"")
    for name in ("content-type", "content-security-policy"):
        assert head.headers[name] == whole.headers[name]


def test_head_is_counted_under_its_route(client: TestClient) -> None:
    client.head(f"{API}/articles/1")
    counted = 'method="HEAD",route="/api/v1/articles/{number}",status="200"} 1'
    assert counted in client.get("/metrics").text


@pytest.mark.parametrize("text", ["", "  \n", "\u200f\u200e\u200f"])
def test_what_nobody_sees_is_nothing_to_read(reader: TestClient, text: str) -> None:
    answer = reader.post("/read", data={"text": text})
    assert answer.status_code == 422
    assert "nothing to read: give a text, HTML, or a file" in answer.text
    assert '<textarea id="text"' in answer.text
    assert reader.post(f"{API}/read", json={"text": text}).status_code == 422


def test_a_file_that_is_too_large_leaves_the_form_to_try_again(reader: TestClient) -> None:
    answer = reader.post("/read", files={"file": ("story.html", b"x" * 6_000_000)})
    assert answer.status_code == 413
    assert "5,000 kB at most" in answer.text
    assert '<textarea id="text"' in answer.text
    assert '<textarea id="text"' not in reader.get("/article/99").text


def test_health_and_metrics(client: TestClient) -> None:
    assert client.get("/health").json() == {"status": "ok"}
    client.get(f"{API}/articles/1")
    client.get("/no/such/page")
    metrics = client.get("/metrics").text
    assert 'onrecord_requests_total{method="GET",route="/api/v1/articles/{number}",status="200"} 1' in metrics
    assert 'onrecord_request_seconds_bucket{route="/api/v1/articles/{number}",le="+Inf"} 1' in metrics
    assert "/no/such/page" not in metrics


def test_the_description_says_what_fields_mean(reader: TestClient) -> None:
    plain = reader.get(f"{API}/openapi.json").json()
    assert plain["openapi"].startswith("3.1")
    assert plain["components"]["schemas"]["HitAnswer"]["properties"]["number"]["description"]
    assert plain["paths"]["/api/v1/search"]["get"]["parameters"][0]["description"]
    for path, calls in plain["paths"].items():
        for call in calls.values():
            assert call["summary"], path
            assert call["description"], path


def test_the_archive_of_the_api_is_that_of_the_command_line(client: TestClient, address: str) -> None:
    made = {"field": "dropped", "value": True}
    client.post(f"{API}/statements/{QUISPE}/corrections", json=made, headers=authorised(client))
    with open_to_read(address) as archive:
        assert archive.search("border", limit=100).total == 2
