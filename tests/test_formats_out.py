"""Articles written for others: each form against the rules of its standard, and what the command line does with it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import example, given, settings
from pyld import jsonld

from made_articles import MADE, TEXT, articles
from onrecord.formats import brat
from onrecord.formats.folders import brat_folder
from onrecord.formats.iris import article_iri, web_address, wikidata_iri
from onrecord.formats.schemaorg import graph
from onrecord.formats.webannotation import collection
from onrecord.formats.wire import article_from
from onrecord.schema import Article, Passage, Span, Statement
from test_cli import EXAMPLE, RAIN, run

IRI = re.compile(r"(https?://|urn:uuid:)[^\x00-\x20\"<>\\^`{|}]+")


# --- JSON-LD -----------------------------------------------------------------------------------------------------

OA, AS, RDF = (
    "http://www.w3.org/ns/oa#",
    "https://www.w3.org/ns/activitystreams#",
    "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
)
DC, TERMS, TYPES = "http://purl.org/dc/elements/1.1/", "http://purl.org/dc/terms/", "http://purl.org/dc/dcmitype/"
A_LINK: dict[str, str] = {"@type": "@id"}
# The terms of http://www.w3.org/ns/anno.jsonld that are used, for a test that reaches no network.
ANNO: dict[str, Any] = {
    "id": "@id", "type": "@type",
    **{name: OA + name for name in (
        "Annotation", "TextualBody", "SpecificResource", "TextQuoteSelector", "TextPositionSelector", "TimeState",
        "describing", "tagging", "identifying", "exact", "prefix", "suffix", "start", "end", "styleClass")},
    "CssStylesheet": OA + "CssStyle", "Dataset": TYPES + "Dataset", "Text": TYPES + "Text",
    "AnnotationCollection": AS + "OrderedCollection", "AnnotationPage": AS + "OrderedCollectionPage",
    "Software": AS + "Application",
    **{name: A_LINK | {"@id": OA + full} for name, full in {
        "body": "hasBody", "target": "hasTarget", "source": "hasSource", "selector": "hasSelector", "state": "hasState",
        "stylesheet": "styledBy", "cached": "cachedSource"}.items()},
    "motivation": {"@type": "@vocab", "@id": OA + "motivatedBy"},
    "purpose": {"@type": "@vocab", "@id": OA + "hasPurpose"},
    "generator": A_LINK | {"@id": AS + "generator"}, "partOf": A_LINK | {"@id": AS + "partOf"},
    "first": A_LINK | {"@id": AS + "first"}, "items": {"@type": "@id", "@id": AS + "items", "@container": "@list"},
    "total": AS + "totalItems", "startIndex": AS + "startIndex", "format": DC + "format", "language": DC + "language",
    "value": RDF + "value", "label": "http://www.w3.org/2000/01/rdf-schema#label", "name": "http://xmlns.com/foaf/0.1/name",
}  # fmt: skip
CONTEXTS = {
    "http://www.w3.org/ns/anno.jsonld": {"@context": ANNO},
    "https://schema.org": {"@context": {"@vocab": "https://schema.org/", "sameAs": {"@type": "@id"}}},
}


def stored(url: str, options: Any) -> dict[str, Any]:
    return {"contentType": "application/ld+json", "contextUrl": None, "documentUrl": url, "document": CONTEXTS[url]}


def keys_in(value: Any) -> Iterator[str]:
    """The keys of an object and of those in it that say something of it; not those of JSON values."""
    for name, part in value.items() if isinstance(value, dict) else ():
        if not name.startswith("@") and name not in ("id", "type"):
            yield name
        if name not in ("@context", "@value", "record"):
            yield from keys_in(part)
    for part in value if isinstance(value, list) else ():
        yield from keys_in(part)


@settings(deadline=None, max_examples=30)
@given(articles())
@example(MADE)
def test_json_ld_means_something_term_by_term(article: Article) -> None:
    """Expansion drops a key that no context knows and cannot keep an id that is no IRI."""
    for made in (collection(article), graph(article)):
        plain = json.loads(msgspec.json.encode(made))
        expanded = jsonld.expand(plain, {"documentLoader": stored})
        assert len(list(keys_in(expanded))) == len(list(keys_in(plain)))
        for key in ("@id", "id"):
            for node in nodes(plain):
                assert key not in node or IRI.fullmatch(node[key]), node


def nodes(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        yield value
    parts = [part for name, part in value.items() if name != "record"] if isinstance(value, dict) else value
    for part in parts if isinstance(parts, list) else ():
        yield from nodes(part)


@settings(deadline=None)
@given(articles())
@example(MADE)
def test_web_annotations_are_as_the_model_has_them(article: Article) -> None:
    """What https://www.w3.org/TR/annotation-model/ says MUST be, section by section."""
    made = collection(article)
    assert made["@context"][0] == "http://www.w3.org/ns/anno.jsonld"
    assert made["type"] == "AnnotationCollection"  # 5.1
    assert made["total"] == len(made["first"]["items"]) == len(article.statements)
    page = made["first"]
    assert (page["type"], page["partOf"], page["startIndex"]) == ("AnnotationPage", made["id"], 0)  # 5.2
    assert "@context" not in page, "an embedded page takes the one of its collection"
    names = [made["id"], page["id"], made["references"]["id"], *(item["id"] for item in page["items"])]
    assert len(set(names)) == len(names)
    for item, statement in zip(page["items"], article.statements, strict=True):
        assert item["type"] == "Annotation"  # 3.1
        assert item["motivation"] == "describing"  # 3.3.5
        for body in item["body"]:
            assert (body["type"] == "TextualBody") == ("value" in body)  # 3.2.4: exactly one value
            assert body["type"] != "SpecificResource" or IRI.fullmatch(body["source"])  # 4
        roles = {role: [] for role in ("content", "source", "cue")}
        for target in item["target"]:
            assert target["type"] == "SpecificResource"
            assert target["source"] == article_iri(article)
            assert f".{target['styleClass']}{{" in item["stylesheet"]["value"]  # 4.4: else it MUST be ignored
            assert target["state"] == {"type": "TimeState", "cached": made["references"]["id"]}  # 4.3.1
            position, quotation = target["selector"]
            assert (position["type"], quotation["type"]) == ("TextPositionSelector", "TextQuoteSelector")
            start, end = position["start"], position["end"]  # 4.2.5: code points, the end not within
            text = made["references"]["value"]
            assert text[start:end] == quotation["exact"]  # 4.2.4
            assert text[:start].endswith(quotation["prefix"])
            assert text[end:].startswith(quotation["suffix"])
            roles[target["styleClass"]].append(Span(start, end))
        assert roles == {role: list(getattr(statement, role).spans) for role in roles}


def test_positions_count_code_points() -> None:
    [said] = [target for target in collection(MADE)["first"]["items"][0]["target"] if target["styleClass"] == "source"]
    position = said["selector"][0]
    assert "".join(list(TEXT)[position["start"] : position["end"]]) == "Minister 😀 Holm"
    assert position["end"] - position["start"] == 15, "the emoji is one, not the two units of UTF-16"


# https://schema.org: what each type may have, by what that has to be; a CreativeWork's are those of the three below it.
WORK = {
    "@type": str, "@id": str, "identifier": str, "inLanguage": str, "creator": ("Person", "Organization"),
    "about": ("Thing",), "audience": ("Audience",), "position": int, "text": str, "dateCreated": str,
}  # fmt: skip
SCHEMA: dict[str, dict[str, Any]] = {
    "NewsArticle": WORK | {
        "url": str, "headline": str, "datePublished": str, "dateModified": str, "author": ("Person",),
        "publisher": ("Organization",), "sourceOrganization": ("Organization",), "locationCreated": ("Place",)},
    "Quotation": WORK | {"spokenByCharacter": ("Person", "Organization"), "isPartOf": ("NewsArticle",)},
    "Claim": WORK | {"appearance": ("NewsArticle",), "firstAppearance": ("NewsArticle",)},
    "Person": {"@type": str, "name": str, "jobTitle": str, "identifier": str, "sameAs": str},
    "Organization": {"@type": str, "name": str, "description": str, "identifier": str, "sameAs": str},
    "Place": {"@type": str, "name": str}, "Thing": {"@type": str, "name": str}, "Audience": {"@type": str, "name": str},
}  # fmt: skip


def check_schema(node: dict[str, Any], article: str) -> None:
    for name, value in node.items():
        expected = SCHEMA[node["@type"]][name]
        for one in value if isinstance(value, list) else [value]:
            if isinstance(expected, type):
                assert type(one) is expected, (name, one)
            elif "@type" in one:
                assert one["@type"] in expected, (name, one)
                check_schema(one, article)
            else:
                assert one == {"@id": article}


@settings(deadline=None)
@given(articles())
@example(MADE)
def test_schema_org_has_types_and_properties_as_defined(article: Article) -> None:
    made = graph(article)
    assert made["@context"] == "https://schema.org"
    for node in made["@graph"]:
        check_schema(node, article_iri(article))
    said = [one for one in article.statements if not one.negated]
    quoted = {node["identifier"]: node["@type"] == "Quotation" for node in made["@graph"][1:] if "identifier" in node}
    assert quoted == {one.id: one.kind == "direct" for one in said}


def test_schema_org_of_one_article() -> None:
    article, quotation, claim = graph(MADE, {"s3": "https://first.example/x y", "s1": "https://first.example"})[
        "@graph"
    ]
    assert article["headline"] == "Dam to stay open"
    assert quotation["spokenByCharacter"][0] == {
        "@type": "Person", "name": "Edda Holm", "jobTitle": "Minister", "identifier": "q1",
        "sameAs": "http://www.wikidata.org/entity/Q42",
    }  # fmt: skip
    assert quotation["isPartOf"] == {"@id": "https://news.example/dam?a=1&b=%3C2%3E"} == claim["appearance"]
    assert claim["firstAppearance"] == {"@type": "NewsArticle", "@id": "https://first.example/x%20y"}
    assert "creator" not in claim, "nobody is known to have said it"


@pytest.mark.parametrize(
    ("given_", "address"),
    [
        ("https://a.example/ü?q=%20#f", "https://a.example/ü?q=%20#f"),
        (" http://a.example/\u202ex\n\t{y}", "http://a.example/%E2%80%AEx%0A%09%7By%7D"),
        ("javascript:alert(1)", ""),
        ("data:text/html,x", ""),
        ("pages/a.html", ""),
        ("https://", ""),
        ("", ""),
    ],
)
def test_addresses_are_of_the_web_and_fit_for_an_iri(given_: str, address: str) -> None:
    assert web_address(given_) == address
    assert wikidata_iri("Q0") == wikidata_iri("Q1 ") == wikidata_iri(None) == ""


# --- brat --------------------------------------------------------------------------------------------------------

BRAT_LINE = {
    "T": re.compile(r"T\d+\t([A-Za-z_]+) (\d+ \d+(?:;\d+ \d+)*)\t(.+)", re.DOTALL),
    "R": re.compile(r"R\d+\t([A-Za-z_]+) Arg1:(T\d+) Arg2:(T\d+)"),
    "A": re.compile(r"A\d+\t([A-Za-z_]+) (T\d+)(?: (\S+))?"),
    "#": re.compile(r"#\d+\t([A-Za-z_]+) (T\d+)\t(.+)", re.DOTALL),
}


def configured() -> dict[str, dict[str, str]]:
    """The types that `annotation.conf` names, by section, each with what stands behind it."""
    sections: dict[str, dict[str, str]] = {}
    for line in filter(None, brat.CONFIGURATION.splitlines()):
        if line.startswith("["):
            sections[line.strip("[]")] = section = {}
        else:
            kind, _, rest = line.partition(" ")
            section[kind] = rest
    return sections


def check_brat(text: str, lines: str) -> None:
    """The rules by which brat's server takes a line or leaves it (server/src/annotation.py)."""
    sections = configured()
    assert set(sections) == {"entities", "relations", "events", "attributes"}
    kinds: dict[str, str] = {}
    later = []
    seen = set()
    for line in lines.splitlines():  # wherever Python ends a line, as the server does
        match = BRAT_LINE[line[0]].fullmatch(line)
        assert match, line
        name = line.split("\t")[0]
        assert name not in seen
        seen.add(name)
        if line[0] != "T":
            later.append((line[0], match.groups()))
            continue
        kind, ends, words = match.groups()
        assert kind in sections["entities"]
        kinds[name] = kind
        spans = [tuple(map(int, pair.split())) for pair in ends.split(";")]
        assert all(start < end <= len(text) for start, end in spans)
        assert all(end <= start for (_, end), (start, _) in pairwise(spans))
        assert words == " ".join(text[start:end] for start, end in spans)
    for sort, groups in later:
        if sort == "R":
            kind, first, second = groups
            assert sections["relations"][kind] == f"Arg1:{kinds[first]}, Arg2:{kinds[second]}"
        elif sort == "A":
            kind, of, value = groups
            assert sections["attributes"][kind].startswith(f"Arg:{kinds[of]}")
            assert (value is None) == ("Value:" not in sections["attributes"][kind])
        else:
            assert groups[1] in kinds


@settings(deadline=None)
@given(articles())
@example(MADE)
def test_brat_takes_every_line(article: Article) -> None:
    text = brat.text_of(article)
    assert len(text) == len(article.text)
    assert "\r" not in text, "some readers of brat drop it, which would move what stands behind it"
    check_brat(text, brat.lines_of(article))


def test_brat_of_one_article() -> None:
    lines = brat.lines_of(MADE).splitlines()
    assert lines[0] == "T1\tContent 38 66;89 114\t“We will not close the dam,” “unless the river falls.”"
    assert "A7\tNegated T7" in lines
    assert {"R1\tSaid_by Arg1:T1 Arg2:T2", "R2\tSaid_with Arg1:T1 Arg2:T3"} < set(lines)
    assert any(re.fullmatch(r"R\d+\tDepends_on Arg1:T4 Arg2:T5", line) for line in lines)
    assert any(re.fullmatch(r"R\d+\tStands_in Arg1:T7 Arg2:T1", line) for line in lines)


def test_brat_cuts_a_passage_at_its_line_breaks() -> None:
    text = "One\n\ntwo\tthree."
    article = Article(
        "a", text, statements=(Statement("s1", "direct", Passage(), Passage(), Passage.of(text, (0, 15))),)
    )
    assert brat.lines_of(article).startswith("T1\tContent 0 3;5 8;9 15\tOne two three.\n")


def test_brat_names_files_by_safe_ids(tmp_path: Path) -> None:
    ids = ["../../etc/x", "", ".hidden", "a/b", "A_B", "ж" * 300, "a/b"]
    with brat_folder(tmp_path / "new" / "folder") as writer:
        for name in ids:
            writer.send(msgspec.structs.replace(MADE, id=name))
    found = sorted(path.name for path in (tmp_path / "new" / "folder").iterdir())
    assert sorted(path.name for path in tmp_path.rglob("*.conf")) == ["annotation.conf"]
    assert len([name for name in found if name.endswith(".ann")]) == len(ids)
    assert all(re.fullmatch(r"[A-Za-z0-9_-][\w.-]*\.(txt|ann|conf)", name, re.ASCII) for name in found)


# --- the command line --------------------------------------------------------------------------------------------


def test_web_annotations_and_schema_org_print_json() -> None:
    code, out, _ = run("read", "--engine", "rules", "-f", "webannotation", str(EXAMPLE))
    assert (code, json.loads(out)["total"]) == (0, 10)
    code, out, _ = run("read", "--engine", "rules", "-f", "schemaorg", str(EXAMPLE), "-", stdin=RAIN.encode())
    assert [len(one["@graph"]) for one in json.loads(out)] == [11, 2]


@pytest.mark.parametrize("form", ["brat", "parquet"])
def test_forms_of_several_files_want_a_folder(form: str, tmp_path: Path) -> None:
    code, _, err = run("read", "-f", form, str(EXAMPLE))
    assert (code, "folder" in err) == (2, True)
    (tmp_path / "file").touch()
    code, _, err = run("read", "-f", form, str(EXAMPLE), "-o", str(tmp_path / "file"))
    assert code == 1
    assert "cannot be written" in err


def test_brat_and_parquet_fill_a_folder_and_read_back(tmp_path: Path) -> None:
    from onrecord.formats.brat_reading import article_from_brat
    from onrecord.formats.parquet import articles_from_parquet

    for form in ("brat", "parquet"):
        code, out, err = run("read", "-f", form, str(EXAMPLE), "-", "-o", str(tmp_path / form), stdin=RAIN.encode())
        assert (code, out) == (0, "")
        assert "2 pages read, 11 statements" in err
    assert len(list((tmp_path / "brat").iterdir())) == 5
    first, second = articles_from_parquet(tmp_path / "parquet")
    _, out, _ = run("read", "-f", "jsonl", str(EXAMPLE))
    assert [one.content for one in article_from(out.encode()).statements] == [one.content for one in first.statements]
    text = (tmp_path / "brat" / f"{second.id}.txt").read_text("utf-8")
    lines = (tmp_path / "brat" / f"{second.id}.ann").read_text("utf-8")
    check_brat(text, lines)
    assert article_from_brat(text, lines).statements[0].speaker.name == "Anna Roe"
