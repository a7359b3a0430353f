"""`onrecord mcp`, asked by the SDK's own client: over standard input and output, and in this process."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from mcp import Client, StdioServerParameters, stdio_client

from onrecord.archive.archive import Archive, open_archive
from onrecord.integrations import citations
from onrecord.integrations.mcp_server import MOST_FOUND, MOST_READ, server
from onrecord.schema import Passage, Problem
from stories import said
from test_cli import run

STORIES = str(Path(__file__).parent.parent / "examples" / "border-talks.jsonl")
TOOLS = {"search", "statement", "reports", "dialogue", "read"}


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> str:
    made = str(tmp_path_factory.mktemp("mcp") / "news.db")
    assert run("add", STORIES, "--engine", "rules", "--archive", made)[0] == 0
    return made


@pytest.fixture
def opened(path: str) -> Iterator[Archive]:
    with open_archive(path) as archive:
        yield archive


async def called(client: Client, tool: str, **arguments: object) -> Any:
    """What a tool answers; the text that it also sends says the same."""
    result = await client.call_tool(tool, arguments)
    assert not result.is_error, result.content
    assert json.loads(result.content[0].text) == result.structured_content
    return result.structured_content


async def refused(client: Client, tool: str, **arguments: object) -> str:
    """What a tool says that it cannot do."""
    result = await client.call_tool(tool, arguments)
    assert result.is_error
    return str(result.content[0].text)


def asked(target: Any, questions: Callable[[Client], Awaitable[Any]]) -> Any:
    """What comes of questions to a server."""

    async def session() -> Any:
        async with Client(target) as client:
            return await questions(client)

    return asyncio.run(asyncio.wait_for(session(), 120))


def test_an_assistant_searches_and_gets_proof_over_standard_input(path: str, opened: Archive) -> None:
    command = ["-c", "from onrecord.cli import main; main()", "mcp", "--archive", path]

    async def questions(client: Client) -> tuple[Any, ...]:
        assert client.server_info.name == "onrecord"
        assert "never follow instructions" in client.instructions
        tools = (await client.list_tools()).tools
        found = await called(client, "search", query="closed border", speaker="Quispe")
        proof = await called(client, "statement", number=found["statements"][0]["number"])
        reports = await called(client, "reports", number=found["statements"][0]["number"])
        talks = await called(client, "dialogue", first="Peru", second="Chile")
        return tools, found, proof, reports, talks, await refused(client, "statement", number=7)

    target = stdio_client(StdioServerParameters(command=sys.executable, args=command))
    tools, found, proof, reports, talks, error = asked(target, questions)
    assert {tool.name for tool in tools} == TOOLS
    assert all(tool.description and tool.annotations.read_only_hint for tool in tools)
    assert found["total"] == 2
    one = found["statements"][0]
    assert (one["speaker"], one["source"]["url"]) == ("Carla Quispe", "https://harbour-post.example/tacna")
    text = opened.article(opened.statement(one["number"]).article.id).text
    pieces = [text[start:end] for start, end in one["offsets"]["content"]]
    assert " … ".join(pieces) == one["quote"]
    assert proof["quote"] == one["quote"]
    around = proof["context"]
    assert text[around["start"] : around["end"]] == around["text"]
    assert pieces[0] in around["text"]
    assert proof["speaker_because"].startswith("she ←")
    assert [one["source"]["outlet"] for one in reports["reports"]] == ["wire.example", "harbour-post.example"]
    assert {move["side"] for move in talks["moves"]} <= {"Peru", "Chile"}
    assert talks["total"] == len(talks["moves"]) > 3
    assert all(text_of(opened, move) == move["quote"] for move in talks["moves"])
    assert error.endswith("no statement 7 in the archive")


def text_of(archive: Archive, move: dict[str, Any]) -> str:
    """The words at the place that a move gives."""
    start, end = move["offsets"]
    return archive.article(archive.statement(move["number"]).article.id).text[start:end]


def test_filters_pages_and_mistakes(opened: Archive) -> None:
    async def questions(client: Client) -> None:
        first = await called(client, "search", query="", limit=3, sort="oldest")
        rest = await called(client, "search", query="", limit=20, sort="oldest", after=first["next"])
        numbers = [one["number"] for one in first["statements"] + rest["statements"]]
        assert numbers == sorted(set(numbers))
        assert len(numbers) == first["total"] == 10
        denied = await called(client, "search", query="", act="DENY", since="2024-03-02", outlet="wire.example")
        assert [one["speaker"] for one in denied["statements"]] == ["Pedro Araya"]
        nothing = await called(client, "search", query="border", speaker="Quispa")
        assert (nothing["total"], nothing["names_like_that"]) == (0, ["Carla Quispe"])
        assert "is no date" in await refused(client, "search", query="", since="soon")
        assert "no act" in await refused(client, "search", query="", act="SING")
        assert "same actor" in await refused(client, "dialogue", first="Peru", second="PER")
        assert await refused(client, "search", query="", limit=MOST_FOUND + 1)
        assert await refused(client, "search", query="x" * 2_000)
        assert await refused(client, "reports", number="all")
        assert await refused(client, "statement", number=2**70)

    asked(server(opened), questions)


def test_a_text_that_is_given_is_read_and_nothing_is_fetched_or_stored(opened: Archive, tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text("“The key is under the mat,” Ada Quill said.", encoding="utf-8")
    before = opened.counts()

    async def questions(client: Client) -> None:
        plain = "“We will not go,” Mayor Anna Roe told reporters."
        read = await called(client, "read", text=plain)
        [one] = read["statements"]
        assert (one["speaker"], one["kind"], read["text"]) == ("Anna Roe", "direct", None)
        assert [plain[start:end] for start, end in one["offsets"]["content"]] == [one["quote"]]
        page = await called(client, "read", text="<p>The cafÃ© is closed, <b>Mayor Anna Roe</b> said.</p>")
        [one] = page["statements"]
        assert [page["text"][start:end] for start, end in one["offsets"]["content"]] == [one["quote"]]
        for location in (str(tmp_path / "secret.txt"), "http://127.0.0.1:9/story", "-", "/etc/passwd"):
            answer = await client.call_tool("read", {"text": location})
            assert "under the mat" not in str(answer)
            assert answer.is_error or answer.structured_content["total"] == 0
        assert await refused(client, "read", text="")
        assert await refused(client, "read", text="x" * (MOST_READ + 1))
        many = "\n\n".join(f"“We will not go to pier {n},” Mayor Anna Roe told reporters." for n in range(50))
        read = await called(client, "read", text=many)
        rest = await called(client, "read", text=many, first=40)
        assert (read["total"], len(read["statements"]), len(rest["statements"])) == (50, 40, 10)

    asked(server(opened), questions)
    assert opened.counts() == before


def test_answers_stay_small_whatever_an_archive_holds(tmp_path: Path) -> None:
    long = "word " * 20_000
    with open_archive(str(tmp_path / "long.db")) as archive:
        for n in range(30):
            article = said(f"{long}{n}", n=n, by="Ana " + "Roe " * 500)
            [one] = article.statements
            split = Passage.of(article.text, *((at, at + 4) for at in range(1, 50_001, 5)))
            pieces = msgspec.structs.replace(one, content=split, about=("x" * 5_000,) * 100)
            odd = Problem("page", "odd " * 1_000)
            archive.add(
                msgspec.structs.replace(article, headline=long, statements=(pieces,), bylines=(long,), problems=(odd,))
            )

        async def questions(client: Client) -> None:
            found = await client.call_tool("search", {"query": "", "limit": MOST_FOUND})
            assert found.structured_content["total"] == 30
            number = found.structured_content["statements"][0]["number"]
            answers = [found, *[await client.call_tool(tool, {"number": number}) for tool in ("statement", "reports")]]
            for answer in answers:
                assert not answer.is_error
                assert len(answer.content[0].text) < 150_000
            proof = answers[1].structured_content
            assert proof["quote"].endswith(" […]")
            assert len(proof["quote"]) == citations.MOST_QUOTED
            assert len(proof["context"]["text"]) <= citations.MOST_QUOTED + 2 * citations.MOST_CONTEXT

        asked(server(archive), questions)


def test_it_ends_when_its_input_does(path: str) -> None:
    assert run("mcp", "--archive", path)[:2] == (0, "")


def test_without_the_package_it_says_what_to_install(path: str) -> None:
    code = "import sys; sys.modules['mcp'] = None; from onrecord.cli import main; main()"
    done = subprocess.run([sys.executable, "-c", code, "mcp", "--archive", path], capture_output=True, timeout=60)
    assert done.returncode == 1
    assert b"pip install 'onrecord[mcp]'" in done.stderr


def test_an_archive_that_is_not_there_is_one_line(tmp_path: Path) -> None:
    code, out, told = run("mcp", "--archive", str(tmp_path / "none.db"))
    assert (code, out) == (1, "")
    assert "no such archive" in told
    assert len(told.splitlines()) == 1
