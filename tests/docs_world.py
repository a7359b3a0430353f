"""The folder that the commands of the documentation talk of: pages, corpora, feeds, a crawl, archives, a model."""

from __future__ import annotations

import gzip
import json
import shutil
from pathlib import Path

from made_crawl import response, write_warc
from onrecord.archive.archive import open_archive
from onrecord.intake import pages
from onrecord.pipeline import read_pages
from onrecord.schema import Failure
from test_semantic import model_in
from watch_site import Reply, Site, rss

ROOT = Path(__file__).parent.parent
SANCTIONS = """MOSCOW, March 3, 2021 - Russia will lift its sanctions on American grain if the United States returns \
to the talks, Russian Foreign Ministry spokeswoman Maria Ivolgina said on Wednesday.

"We reject the demands of Washington," Ivolgina told reporters. She accused the United States of breaking the agreement.
"""
MOON = "The harbour stays open, Mayor Anna Roe said. Russia asked the United States for grain, an official said."


def furnish(folder: Path, site: Site) -> dict[str, str]:
    """Put everything into `folder` and behind `site`; the environment that commands need."""
    for name in ("docs", "examples"):
        (folder / name).symlink_to(ROOT / name)
    _pages(folder)
    _corpora(folder)
    _feeds(folder, site)
    write_warc(folder / "CC-NEWS-20210124001.warc.gz", (response(number) for number in range(6)))
    shutil.copyfile(ROOT / "examples" / "actors.csv", folder / "people.csv")
    model_in(folder / "all-MiniLM-L6-v2")
    token = _archives(folder)
    return {"ONRECORD_ARCHIVE": "border.db", "TOKEN": token}


def _pages(folder: Path) -> None:
    for name in ("pages", "more"):
        (folder / name).mkdir()
    html = (ROOT / "examples" / "mackerel" / "01-wire-ports.html").read_bytes()
    (folder / "story.html").write_bytes(html)
    (folder / "more" / "one.html").write_bytes(html)
    (folder / "story.txt").write_text(
        (ROOT / "examples" / "port-talks.txt").read_text(encoding="utf-8"), encoding="utf-8"
    )
    (folder / "pages" / "moscow.txt").write_text(SANCTIONS, encoding="utf-8")
    (folder / "stories").mkdir()
    (folder / "stories" / "one.html").write_bytes(html)
    lines = (ROOT / "examples" / "border-talks.jsonl").read_bytes()
    (folder / "pages" / "border.jsonl").write_bytes(lines)
    (folder / "archive.jsonl").write_bytes(lines)
    (folder / "archive.jsonl.gz").write_bytes(gzip.compress(lines))


def _corpora(folder: Path) -> None:
    line = json.dumps({"id": "1", "lang": "en", "text": MOON}).encode() + b"\n"
    (folder / "statements.jsonl").write_bytes(line)
    for name, found in (("gold", "gold"), ("mine", "found-by-model"), ("other", "found-by-rules")):
        shutil.copyfile(ROOT / "docs" / "evaluation" / f"{found}.jsonl", folder / f"{name}.jsonl")
    (folder / "corpus.jsonl.gz").write_bytes(gzip.compress(line))


def _feeds(folder: Path, site: Site) -> None:
    site.story("/story")
    site.story("/fed")
    site.routes["/news.xml"] = Reply(rss([f"{site.url}/fed"]), 200, {}, "application/rss+xml")
    site.routes["/other.xml"] = site.routes["/news.xml"]
    site.routes["/robots.txt"] = Reply(b"User-agent: *\nDisallow:\n", 200, {}, "text/plain")
    (folder / "urls.txt").write_text(f"{site.url}/news.xml\n", encoding="utf-8")
    outline = f'<outline type="rss" text="News" xmlUrl="{site.url}/news.xml"/>'
    (folder / "feeds.opml").write_text(f'<opml version="2.0"><head/><body>{outline}</body></opml>', encoding="utf-8")


def _archives(folder: Path) -> str:
    """Two archives of the four stories of the border, `news.db` with an account; a token of it."""
    with open_archive(str(folder / "border.db")) as archive:
        for article in read_pages(pages([str(ROOT / "examples" / "border-talks.jsonl")])):
            assert not isinstance(article, Failure)
            archive.add(article)
    shutil.copyfile(folder / "border.db", folder / "news.db")
    with open_archive(str(folder / "news.db")) as archive:
        archive.accounts.add("tests", "no password has this digest", "")
        account = archive.accounts.named("tests")
        assert account is not None
        return archive.accounts.issue(account.id, "token", "", None)
