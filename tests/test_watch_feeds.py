"""Feeds, sitemaps and lists of feeds, as well made as they come."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from onrecord.errors import UsageError
from onrecord.watch import robots
from onrecord.watch.feeds import MOST_ENTRIES, Entry, read_feed
from onrecord.watch.sources import feeds_of
from timing import seconds
from watch_site import rss

BASE = "https://news.example/feeds/all.xml"
ATOM = """<?xml version="1.0" encoding="utf-8"?><feed xmlns="http://www.w3.org/2005/Atom" xml:base="/en/">
<link rel="self" href="https://news.example/feeds/all.xml"/><link href="https://news.example/"/>
<entry><link rel="edit" href="/edit/1"/><link rel="alternate" type="application/json" href="/1.json"/>
<link rel="alternate" type="text/html" href="one"/><id>tag:news.example,2024:1</id>
<updated>2024-03-05T10:00:00Z</updated><published>2024-03-04T10:00:00+02:00</published></entry>
<entry><id>https://news.example/two</id><updated>2024-03-05T10:00:00Z</updated></entry>
<entry><link href="http://[::1"/></entry><entry xml:base="http://["><link href="four"/></entry>
<entry><id>tag:news.example,2024:3</id><title>without an address</title></entry></feed>"""
RSS = """<rss version="2.0" xmlns:feedburner="http://rssnamespace.org/feedburner/ext/1.0"
xmlns:atom="http://www.w3.org/2005/Atom" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel>
<atom:link rel="self" href="https://news.example/feeds/all.xml"/><link>https://news.example/</link>
<item><link>https://burner.example/~r/1</link><feedburner:origLink>https://news.example/1</feedburner:origLink>
<guid>https://news.example/?p=1</guid><pubDate>Mon, 04 Mar 2024 10:00:00 +0200</pubDate></item>
<item><link><![CDATA[ /2 ]]></link><dc:date>2024-03-04</dc:date></item>
<item><guid isPermaLink="true">https://news.example/3</guid><pubDate>today</pubDate></item>
<item><guid isPermaLink="false">https://news.example/4</guid></item>
<item><link>javascript:alert(1)</link></item><item><link>http://user:pass@news.example/5</link></item>
<item><link>http://[::1</link></item><item><link>https://news.example:99999/6</link></item>
<item><link>https://news.example/1</link></item></channel></rss>"""
RDF = """<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/">
<channel rdf:about="https://news.example/"><link>https://news.example/</link></channel>
<item rdf:about="https://news.example/1"><link>https://news.example/1</link></item></rdf:RDF>"""


def urls(content: str | bytes) -> list[str]:
    return [one.url for one in read_feed(content.encode() if isinstance(content, str) else content, BASE).entries]


def test_atom() -> None:
    found = read_feed(ATOM.encode(), BASE)
    assert found.entries == (
        Entry("https://news.example/en/one", "2024-03-04T10:00:00+02:00"),
        Entry("https://news.example/two"),
    )
    assert (found.kind, found.problem) == ("feed", "")


def test_rss() -> None:
    found = read_feed(RSS.encode(), BASE)
    assert found.entries == (
        Entry("https://news.example/1", "2024-03-04T10:00:00+02:00"),
        Entry("https://news.example/2", "2024-03-04"),
        Entry("https://news.example/3"),
    )


def test_rdf_and_other_encodings() -> None:
    assert urls(RDF) == ["https://news.example/1"]
    cyrillic = '<?xml version="1.0" encoding="windows-1251"?><rss><channel><item><title>Мост</title><link>/мост</link>'
    assert urls(f"{cyrillic}</item></channel></rss>".encode("cp1251")) == ["https://news.example/мост"]
    assert urls(RDF.encode("utf-16")) == ["https://news.example/1"]


@pytest.mark.parametrize(
    ("broken", "kept"),
    [
        ("<item><title>A & B</title><link>/1</link></item><item><link>/2</link></item>", 2),
        ("<item><title>&nbsp;&copy;</title><link>/1</link></item><item><link>/2</link></item>", 2),
        ("<item><title>\x0b</title><link>/1</link></item><item><link>/2</link></item>", 2),
        ("<item><title>x</item><link>/1</link></title><item><link>/2</link></item>", 1),
        ("<item><link>/1</link></item><item><link>/2", 1),
    ],
)
def test_malformed_xml_gives_what_can_be_had(broken: str, kept: int) -> None:
    found = read_feed(f"<rss><channel>{broken}</channel></rss>".encode(), BASE)
    assert len(found.entries) >= kept
    assert found.problem.startswith("malformed")


def test_no_entity_is_expanded_and_no_file_read(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("https://secret.example/")
    outside = f'<!DOCTYPE rss [<!ENTITY x SYSTEM "file://{secret}">]><rss><channel><item><link>&x;</link></item>'
    assert urls(f"{outside}</channel></rss>") == []
    laughs = "".join(f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(12))
    item = "<rss><channel><item><link>http://&m;</link></item></channel></rss>"
    assert seconds(lambda: urls(f'<!DOCTYPE rss [<!ENTITY a "ha">{laughs}]>{item}')) < 1


def test_large_feeds_are_read_in_time_and_bounded() -> None:
    start = time.process_time()
    found = read_feed(rss(f"https://news.example/{n}" for n in range(MOST_ENTRIES + 10)), BASE)
    assert len(found.entries) == MOST_ENTRIES
    assert "more than 50,000" in found.problem
    assert urls(b"<rss>" + b"<item>" * 500_000) == []
    assert time.process_time() - start < 10


@given(st.binary(max_size=300) | st.text("<>/&;![]\"'=item link rss", max_size=120).map(str.encode))
@settings(max_examples=200, deadline=None)
def test_nothing_a_server_sends_is_an_error(content: bytes) -> None:
    for start in (b"", b"<rss><channel><item>", b"<feed><entry><link href='/a'/>"):
        assert read_feed(start + content, BASE).kind in ("", "feed", "sitemap", "index")


def test_a_list_of_feeds(tmp_path: Path) -> None:
    path = tmp_path / "urls.txt"
    path.write_text("# news\nhttps://a.example/feed\n\nhttps://b.example/#!/feed # the other\nhttps://a.example/feed\n")
    assert feeds_of(str(path)) == ("https://a.example/feed", "https://b.example/#!/feed")
    assert feeds_of("https://a.example/feed") == ("https://a.example/feed",)


def test_opml(tmp_path: Path) -> None:
    path = tmp_path / "feeds.opml"
    path.write_text(
        '<?xml version="1.0"?><opml version="2.0"><body><outline text="News"><outline type="rss" text="A" '
        'xmlUrl="https://a.example/feed" htmlUrl="https://a.example/"/></outline><outline XMLURL="https://b.example/f"/>'
        '<outline text="none"/><outline xmlUrl="file:///etc/passwd"/></body></opml>'
    )
    assert feeds_of(str(path)) == ("https://a.example/feed", "https://b.example/f")


@pytest.mark.parametrize("content", ["", "# nothing\n", "<opml><body/></opml>", "ftp://a.example/feed\n", "no address"])
def test_lists_that_name_no_feed(tmp_path: Path, content: str) -> None:
    path = tmp_path / "urls.txt"
    path.write_text(content)
    with pytest.raises(UsageError):
        feeds_of(str(path))
    with pytest.raises(UsageError, match="cannot be read"):
        feeds_of(str(tmp_path / "missing"))


@pytest.mark.parametrize(
    ("rules", "path", "answer"),
    [
        ("", "/a", True),
        ("User-agent: *\nDisallow:", "/a", True),
        ("User-agent: *\nDisallow: /", "/a", False),
        ("User-agent: *\nDisallow: /\nUser-agent: onrecord\nDisallow: /b", "/a", True),
        ("User-agent: *\nDisallow: /a\nAllow: /a/b", "/a/b/c", True),
        ("User-agent: *\nAllow: /\nDisallow: /a", "/a", False),
        ("User-agent: *\nDisallow: /*.pdf$", "/x/y.pdf", False),
        ("User-agent: *\nDisallow: /*.pdf$", "/x/y.pdf?z", True),
        ("<html>not found</html>", "/a", True),
        ("User-agent: OnRecord\nDisallow: /a", "/a", False),
    ],
)
def test_robots(rules: str, path: str, answer: bool) -> None:
    assert robots.allowed(rules, f"https://news.example{path}") is answer


def test_robots_that_mean_harm_are_read_in_time() -> None:
    start = time.process_time()
    hostile = "User-agent: *\n" + "".join(f"Disallow: /{'*a' * 200}b{n}$\n" for n in range(1_000))
    assert robots.allowed(hostile, "https://news.example/" + "a" * 4_000)
    assert robots.delay_of("User-agent: *\nCrawl-delay: 1e300") <= robots.LONGEST_DELAY
    assert robots.delay_of("User-agent: *\nCrawl-delay: nan") in (0.0, robots.LONGEST_DELAY)
    assert robots.delay_of("User-agent: *\nCrawl-delay: -5") == 0
    assert time.process_time() - start < 10
