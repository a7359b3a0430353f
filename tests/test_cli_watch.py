"""Watching and alerts from the command line."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

import pytest
import typer

from onrecord import cli
from test_cli import run
from watch_site import HandClock, Reply, Site, serving

DOCS = Path(__file__).parent.parent / "docs" / "watch.md"


@pytest.fixture
def site() -> Iterator[Site]:
    with serving(HandClock()) as one:
        yield one


def test_watch_once_adds_and_tells(site: Site, tmp_path: Path) -> None:
    archive, feed = str(tmp_path / "news.db"), tmp_path / "bridge.xml"
    (tmp_path / "urls.txt").write_text(site.feed("/feed", [site.story("/a"), site.url + "/gone"]) + "\n")
    code, out, _ = run("alerts", "add", "bridge", "mill", "--atom", str(feed), "--archive", archive)
    assert (code, out) == (0, f"alert bridge: told by atom {feed}\n")
    watching = ("watch", str(tmp_path / "urls.txt"), "--once", "--private", "--delay", "0.5", "--engine", "rules", "-v")
    code, out, told = run(*watching, "--archive", archive)
    assert code == 1, "a page was not there"
    lines = [line.split("\t") for line in out.splitlines()]
    assert [line[0] for line in lines] == ["feed", "page"]
    assert "/gone: the server answered 404" in told
    assert "1 feed read, 2 new links; 1 page read, 1 statement; 1 failed" in told
    entries = ElementTree.parse(feed).findall("{http://www.w3.org/2005/Atom}entry")
    assert len(entries) == 1
    code, out, told = run(*watching, "--archive", archive)
    assert (code, site.asked("/a"), site.asked("/gone")) == (0, 1, 1)
    assert len(ElementTree.parse(feed).findall("{http://www.w3.org/2005/Atom}entry")) == 1


def test_alerts_are_listed_sent_and_removed(tmp_path: Path) -> None:
    archive = str(tmp_path / "news.db")
    story = tmp_path / "story.txt"
    story.write_text("“The pier is closed,” Mayor Ana Roe said on Monday.", encoding="utf-8")
    hook = "http://127.0.0.1:9/hook"
    run("alerts", "add", "pier", "pier*", "--speaker", "Roe", "--webhook", hook, "--archive", archive)
    assert run("add", str(story), "--engine", "rules", "--archive", archive)[0] == 0
    code, out, told = run("alerts", "send", "--archive", archive)
    assert code == 1
    assert hook in told
    code, out, _ = run("alerts", "list", "-f", "json", "--archive", archive)
    (listed,) = json.loads(out)
    assert (listed["query"], listed["filters"]) == ("pier*", {"speaker": ["Roe"]})
    assert (listed["channels"][0]["waiting"], listed["channels"][0]["fails"]) == (1, 1)
    _, out, _ = run("alerts", "list", "--archive", archive)
    assert out.splitlines()[0] == "pier  ·  pier*  ·  speaker Roe"
    assert f"webhook {hook}  1 waiting  failed 1×" in out
    assert run("alerts", "remove", "pier", "--archive", archive)[:2] == (0, "alert pier removed\n")
    assert run("alerts", "list", "--archive", archive)[:2] == (0, "")


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (("watch", "/no/such/file"), "cannot be read"),
        (("watch", "https://a.example/feed", "--since", "soon"), "no date"),
        (("alerts", "add", "x", "y"), "--webhook"),
        (("alerts", "add", "x", "y", "--webhook", "ftp://a"), "no http"),
        (("alerts", "add", "x", "y", "--email", "nobody"), "no e-mail"),
        (("alerts", "remove", "x"), "no alert"),
    ],
)
def test_mistakes_in_the_call_are_told(arguments: tuple[str, ...], word: str, tmp_path: Path) -> None:
    archive = str(tmp_path / "news.db")
    run("alerts", "add", "other", "y", "--atom", str(tmp_path / "x.xml"), "--archive", archive)
    code, _, told = run(*arguments, "--archive", archive)
    assert code in (1, 2)
    assert word in told


def test_a_second_watch_of_one_archive_is_refused(site: Site, tmp_path: Path) -> None:
    from onrecord.archive.archive import open_archive

    archive = str(tmp_path / "news.db")
    site.routes["/feed"] = Reply(b"<rss><channel/></rss>")
    with open_archive(archive) as opened, opened.alone("watch"):
        code, _, told = run("watch", site.url + "/feed", "--once", "--private", "--archive", archive)
    assert code == 1
    assert "another process" in told


def shown() -> list[str]:
    blocks = re.findall(r"```sh\n(.*?)```", DOCS.read_text(encoding="utf-8"), re.DOTALL)
    lines = "\n".join(blocks).replace("\\\n", " ").splitlines()
    return [line.split("  #")[0] for line in lines if line.startswith("onrecord ")]


@pytest.mark.parametrize("line", shown())
def test_every_command_in_the_docs_is_understood(line: str) -> None:
    """Parsed, not run: the sites in them are invented."""
    command, arguments = typer.main.get_command(cli.app), shlex.split(line)[1:]
    while arguments:
        context = command.make_context("onrecord", arguments, resilient_parsing=False)
        if not hasattr(command, "resolve_command"):
            break
        _, command, arguments = command.resolve_command(context, [*context._protected_args, *context.args])
