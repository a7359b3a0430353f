"""Does a change leave what is read as it was? `python bench/same.py DATA OUT [--engine model]` before it and after.

Writes a line for each article read from DATA/pages (as it came, decoded, in another encoding, misread, as plain text)
and for each text of DATA/attribution: its name, then the records as JSON. `cmp` or `diff` of two such files tells what
changed; how quick the code is, bench/batch.py tells.
"""

from __future__ import annotations

import argparse
import gzip
import json
from collections.abc import Iterator
from pathlib import Path

import msgspec

from onrecord.archive.clusters import body_signature
from onrecord.errors import OnrecordError
from onrecord.pipeline import attribute, with_statements, without_statements
from onrecord.schema import Article, Engine, Page


def ways_in(content: bytes, url: str) -> Iterator[tuple[str, Page]]:
    """A page as it came and in other ways, by a word for each."""
    text = content.decode("utf-8", "replace")
    yield "bytes", Page(content, url=url, media="html")
    yield "text", Page(text)
    yield "western", Page(text.encode("cp1252", "replace"), url=url)
    yield "misread", Page(text.encode().decode("cp1252", "replace"), media="html")


def of_page(content: bytes, url: str, engine: Engine) -> Iterator[tuple[str, object]]:
    """What is read of a page in each way, and of the article that it makes as it came."""
    for way, page in ways_in(content, url):
        try:
            article = without_statements(page)
        except OnrecordError as error:
            yield way, str(error)
            continue
        yield way, article
        if way == "bytes":
            yield "statements", with_statements(article, engine)
            yield "signature", body_signature(told(article))
            yield "plain", without_statements(Page(article.text, media="text"))


def told(article: Article) -> str:
    """The words of an article's body."""
    return "\n".join(article.text[block.start : block.end] for block in article.blocks if block.kind == "body")


def records(data: Path, engine: Engine) -> Iterator[tuple[str, object]]:
    """Everything, by name."""
    lines = (data / "pages/pages.jsonl").read_text(encoding="utf-8").split("\n")
    for row in (json.loads(line) for line in lines if line):
        content = gzip.decompress((data / "pages" / row["html"]).read_bytes())
        for way, record in of_page(content, row["url"], engine):
            yield f"{row['id']} {way}", record
    for path in sorted((data / "attribution").glob("*-dev.jsonl.gz")):
        with gzip.open(path, "rt", encoding="utf-8") as texts:
            for number, document in enumerate(map(json.loads, texts)):
                try:
                    found: object = attribute(document["text"], document["lang"], engine)
                except OnrecordError as error:
                    found = str(error)
                yield f"{path.name} {number}", found


def main() -> None:
    """Write the file."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--engine", choices=("model", "rules"), default="rules")
    given = parser.parse_args()
    with given.out.open("wb") as out:
        for name, record in records(given.data, given.engine):
            out.write(name.encode() + b"\t" + msgspec.json.encode(record) + b"\n")


if __name__ == "__main__":
    main()
