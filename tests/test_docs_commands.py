"""Every command that the documentation shows is run: page by page, in order, in a folder that has what it talks of."""

from __future__ import annotations

import os
import re
import shlex
import signal
import socket
import subprocess
import sys
import time
import tomllib
from collections.abc import Callable, Iterator
from importlib.metadata import metadata
from itertools import pairwise
from pathlib import Path
from urllib.request import Request, urlopen

import pytest

import docs_pages
from docs_pages import PAGES, ROOT, Call
from docs_world import furnish
from watch_site import HandClock, Site, serving

TABLE = tomllib.loads((Path(__file__).parent / "docs_commands.toml").read_text(encoding="utf-8"))
SHOWING = [page for page in PAGES if any(docs_pages.calls(page))]
SECONDS = 120
CONFIDENCE = re.compile(r"(?<=  )\d\.\d\d(?=$|  inside \d+$)", re.MULTILINE)
"""The network's last digit depends on the processor."""
RUNS_ON = re.compile(r"^onrecord (serve|watch|annotate)\b(?!.*--once)")


def instead(command: str, values: dict[str, str]) -> str:
    """A command as it is run here."""
    for row in TABLE["instead"]:
        command = command.replace(row["shown"], row["run"])
    for name, value in values.items():
        command = re.sub(rf"\${name}\b", value, command)
    return command


def free_port() -> str:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return str(one.getsockname()[1])


class Shell:
    """A folder in which the commands of one page are run, and the servers that they started."""

    def __init__(self, folder: Path, site: Site) -> None:
        self.folder, self.site = folder, site
        path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}"
        self.environment = {**os.environ, **furnish(folder, site), "PATH": path, "COLUMNS": "120"}
        self.values = {"SITE": site.url, "ROOT": str(ROOT)}
        self.running: list[subprocess.Popen[bytes]] = []

    def run(self, call: Call) -> None:
        """Run what a page shows; it must end well, and print what the page says it prints."""
        if RUNS_ON.match(call.command):
            self._start(call.command)
            return
        command = instead(call.command, self.values)
        if command.startswith("export "):
            name, _, value = shlex.split(command, comments=True)[1].partition("=")
            self.environment[name] = value.replace("$PWD", str(self.folder)).replace("$PATH", self.environment["PATH"])
            return
        done = subprocess.run(
            ["bash", "-c", f"set -o pipefail; {command}"],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            cwd=self.folder,
            timeout=SECONDS,
            env=self.environment,
        )
        printed = done.stdout.decode("utf-8")
        fails = call.command in TABLE["fails"]
        assert done.returncode == (1 if fails else 0), f"{command}\n{printed}"
        self._check(call, printed)

    def _check(self, call: Call, printed: str) -> None:
        if call.shown is not None:
            assert settled(printed) == settled(call.shown), f"`{call.command}` prints something else now"
        for row in TABLE["says"]:
            if call.command.startswith(row["command"]):
                assert row["text"] in printed, f"{call.command}\n{printed}"
        words = shlex.split(call.command, comments=True)
        for before, target in pairwise(words):
            if before in ("-o", ">", "--output") and not target.startswith("s3:"):
                made = self.folder / target
                assert any(made.iterdir()) if made.is_dir() else made.stat().st_size, f"{call.command} made nothing"

    def _start(self, command: str) -> None:
        """Start a server, which stays to the end of the page, or a watch, which is stopped by Ctrl-C once it asks."""
        port = free_port()
        self.values.setdefault("FIRST_PORT", port)
        asked = len(self.site.log)
        process = subprocess.Popen(
            ["bash", "-c", f"exec {instead(command, {**self.values, 'PORT': port})}"],
            cwd=self.folder,
            env=self.environment,
        )
        self.running.append(process)
        if " watch " not in command:
            called = re.search(r"--name (\S+)", command)
            until(lambda: answers(port, called[1] if called else "127.0.0.1"), process)
        else:
            until(lambda: any(path.endswith(".xml") for path in self.site.paths()[asked:]), process)
            self.stop(process)

    def stop(self, process: subprocess.Popen[bytes]) -> None:
        process.send_signal(signal.SIGINT)
        assert process.wait(30) in (0, 130, -signal.SIGINT)
        self.running.remove(process)


def until(done: Callable[[], bool], process: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + 60
    while not done():
        assert process.poll() is None, "it has ended by itself"
        assert time.monotonic() < end, "it does not come up"
        time.sleep(0.05)


def answers(port: str, host: str) -> bool:
    try:
        with urlopen(Request(f"http://127.0.0.1:{port}/health", headers={"Host": host}), timeout=5) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


def settled(text: str) -> str:
    """The text without its confidences."""
    return CONFIDENCE.sub("…", text).rstrip()


@pytest.fixture
def shell(tmp_path: Path) -> Iterator[Shell]:
    with serving(HandClock()) as site:
        made = Shell(tmp_path, site)
        try:
            yield made
            for process in list(made.running):
                made.stop(process)
        finally:
            for process in made.running:
                process.kill()


@pytest.mark.parametrize("page", SHOWING, ids=docs_pages.named)
def test_what_a_page_shows_runs(page: Path, shell: Shell) -> None:
    for call in docs_pages.calls(page):
        if not left_out(call.command):
            shell.run(call)


def left_out(command: str) -> bool:
    return any(command.startswith(row["command"]) for row in TABLE["not_run"])


def test_little_is_left_out_and_each_with_its_reason() -> None:
    """Counted, so that nobody leaves out another one unseen: seven installs, and what needs a cluster."""
    skipped = [call.command for page in PAGES for call in docs_pages.calls(page) if left_out(call.command)]
    installs = [command for command in skipped if command.startswith("pip install")]
    others = [command for command in skipped if command not in installs]
    assert others == ["onrecord batch s3://bucket/crawl/ -o s3://bucket/out --ray auto"]
    assert installs
    extras = set(metadata("onrecord").get_all("Provides-Extra") or ())
    for command in installs:
        assert set(re.findall(r"\[(\w+)\]", command)) <= extras, command


def test_every_row_of_the_table_is_needed() -> None:
    shown = [call.command for page in PAGES for call in docs_pages.calls(page)]
    for kind, key in (("instead", "shown"), ("says", "command"), ("not_run", "command")):
        for row in TABLE[kind]:
            assert any(row[key] in command for command in shown), f"no page shows {row[key]!r} any more"
            assert kind == "says" or row["why"]
