"""The documentation site: it builds without a warning, has every name, and asks no other host for anything."""

from __future__ import annotations

import functools
import http.server
import inspect
import re
import subprocess
import sys
import threading
import tomllib
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urldefrag

import pytest
from docsite import commands, python, repository
from docsite.__main__ import lay_out, pages

import onrecord
from onrecord import errors
from test_web_pages import AXE, chromium  # noqa: F401

ROOT = Path(__file__).parent.parent
LOADS = {"img": "src", "script": "src", "iframe": "src", "source": "src", "link": "href"}
NAVIGATION = re.compile(r"^ *- (?:[^:\n]+: )?(\S+\.md)$", re.MULTILINE)
DESK, PHONE = {"width": 1280, "height": 900}, {"width": 375, "height": 800}
LOOKED_AT = ("index", "tutorial", "commands", "python", "comparison", "how-to/read", "model-card")
THEIRS = "[['label.md-header__button'], ['label.md-nav__title'], ['label.md-search__icon']]"
"""Of the theme: labels that bear an `aria-label`, which they may not; no setting changes it."""


class Found(HTMLParser):
    """What a page loads, where it links to, and what can be linked to in it."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.loads: list[str] = []
        self.links: list[str] = []
        self.anchors: set[str] = set()
        self.feed(text)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        given = dict(attributes)
        self.anchors |= {value for name in ("id", "name") if (value := given.get(name))}
        if tag == "link" and given.get("rel") in ("canonical", "next", "prev"):
            return
        if value := given.get(LOADS.get(tag, "")):
            self.loads.append(value)
        if tag == "a" and (value := given.get("href")):
            self.links.append(value)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site, built as `make docs` does, elsewhere."""
    folder = tmp_path_factory.mktemp("site")
    lay_out(folder / "build" / "docs")
    (folder / "mkdocs.yml").write_text((ROOT / "mkdocs.yml").read_text(encoding="utf-8"), encoding="utf-8")
    done = subprocess.run(
        [Path(sys.executable).parent / "zensical", "build", "--config-file", "mkdocs.yml", "--strict"],
        cwd=folder, capture_output=True, text=True, timeout=120,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    return folder / "build" / "site"


@pytest.fixture(scope="module")
def parsed(site: Path) -> dict[Path, Found]:
    found = {path.resolve(): Found(path.read_text(encoding="utf-8")) for path in sorted(site.rglob("*.html"))}
    assert len(found) > 30
    return found


def test_every_page_is_in_the_navigation() -> None:
    shown = NAVIGATION.findall((ROOT / "mkdocs.yml").read_text(encoding="utf-8"))
    assert sorted(shown) == sorted(pages()), "a page that nobody finds, or a line that leads nowhere"


def test_no_page_loads_anything_from_another_host(site: Path, parsed: dict[Path, Found]) -> None:
    for path, found in parsed.items():
        assert not [one for one in found.loads if re.match(r"(\w+:)?//", one)], path
    for sheet in site.rglob("*.css"):
        assert not re.search(r"url\(\s*['\"]?(https?:)?//", sheet.read_text(encoding="utf-8")), sheet


def test_links_pictures_and_anchors_within_the_site_lead_somewhere(site: Path, parsed: dict[Path, Found]) -> None:
    for path, found in parsed.items():
        if path.name == "404.html":  # shown under any address, so it links from the root
            continue
        for link in found.links + found.loads:
            if re.match(r"\w+:", link):
                continue
            target, anchor = urldefrag(link)
            led = (path.parent / unquote(target)).resolve() if target else path
            led = led / "index.html" if led.is_dir() else led
            assert led.is_file(), f"{path.name}: {link}"
            if anchor and led in parsed and not anchor.startswith("__"):
                assert unquote(anchor) in parsed[led].anchors, f"{path.name}: {link}"


def test_external_links_are_few_and_known(parsed: dict[Path, Found]) -> None:
    """They are listed, not followed: a test must not fail because another site is down."""
    hosts = {
        re.sub(r"^https?://([^/]+).*", r"\1", link)
        for found in parsed.values() for link in found.links if link.startswith("http")
    }  # fmt: skip
    assert hosts <= {
        "127.0.0.1:8000", "datasette.io", "github.com", "modelcontextprotocol.io", "osf.io", "pre-commit.com",
        "pypi.org", "schema.org", "www.standardwebhooks.com", "www.w3.org", "zensical.org",
    }  # fmt: skip


def test_every_public_name_is_in_the_reference() -> None:
    page = python.page()
    for name in onrecord.__all__:
        held = getattr(onrecord, name)
        said = (
            f"### onrecord.{name}\n"
            if inspect.isfunction(held)
            else f"`{name}"
            if name.endswith("Error") or name == "Engine"
            else f"### {name}\n"
        )
        assert said in page, f"nothing on onrecord.{name}"
        for field in getattr(held, "__struct_fields__", ()):
            assert f"| `{field}` |" in page.split(f"\n### {name}\n")[1].split("\n### ")[0], f"{name}.{field}"
    for name in vars(errors):
        assert not name.endswith("Error") or f"`{name}`" in python.errors_table()


def test_every_command_and_option_is_in_the_reference() -> None:
    page = commands.page()
    for path, command in commands.commands():
        section = page.split(f"\n## {path}\n")[1].split("\n## ")[0]
        for given in command.params:
            for name in given.opts if given.param_type_name == "option" else ():
                assert f"`{name}`" in section, f"{path} {name}"
        assert " ".join((command.help or "").split())[:40] in section


def test_links_are_turned_to_where_things_stand_on_the_site() -> None:
    turned = repository.turned
    assert turned("[a](../training/README.md#limits)", "docs/archive.md") == "[a](model-card.md#limits)"
    assert turned("[a](../../NOTICE)", "docs/how-to/read.md") == "[a](../repository/NOTICE)"
    assert turned("[a](docs/api.md) [b](https://x.example/docs/api.md) [c](#d)", "SECURITY.md") == (
        "[a](api.md) [b](https://x.example/docs/api.md) [c](#d)"
    )


def test_the_builder_is_pinned() -> None:
    groups = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["dependency-groups"]
    assert all(re.fullmatch(r"[\w-]+==[\d.]+", one) for one in groups["docs"])


@pytest.fixture(scope="module")
def served(site: Path) -> Iterator[str]:
    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=str(site)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize("viewport", [DESK, PHONE], ids=["desk", "phone"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_pages_in_a_browser(chromium: Any, served: str, viewport: dict[str, int], scheme: str) -> None:  # noqa: F811
    """They ask nobody else, fit the window, and axe finds nothing serious."""
    page = chromium.new_page(viewport=viewport, color_scheme=scheme)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    try:
        for name in LOOKED_AT:
            page.goto(f"{served}/{name}.html", wait_until="load")
            page.evaluate(AXE)
            wide = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
            assert wide <= 0, f"{name} is {wide} pixels too wide"
            found = page.evaluate(f"async () => (await axe.run({{exclude: {THEIRS}}})).violations")
            grave = [
                (one["id"], [node["html"][:200] for node in one["nodes"]][:3])
                for one in found if one["impact"] in ("serious", "critical")
            ]  # fmt: skip
            assert not grave, f"{name}: {grave}"
    finally:
        page.close()
    assert [url for url in asked if not url.startswith((served, "data:", "blob:"))] == []
