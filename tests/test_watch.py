"""Watching feeds, against servers on this machine: polite by their logs, nothing lost, nothing doubled."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import msgspec
import pytest

from onrecord.archive.archive import Archive, open_archive
from onrecord.watch import memory
from onrecord.watch.watching import Event, Manner, watch
from watch_site import HandClock, Reply, Site, rss, serving, unless_known

ONCE = Manner(once=True, private=True, engine="rules", contact="https://me.example/bot")


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
def site(clock: HandClock) -> Iterator[Site]:
    with serving(clock) as one:
        yield one


@pytest.fixture
def other(clock: HandClock) -> Iterator[Site]:
    with serving(clock) as one:
        yield one


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    with open_archive(str(tmp_path / "news.db")) as opened:
        yield opened


def run(archive: Archive, clock: HandClock, *feeds: str, manner: Manner = ONCE, **changes: object) -> list[Event]:
    return list(watch(archive, feeds, msgspec.structs.replace(manner, **changes), clock))


def what(events: list[Event]) -> list[str]:
    return [one.what for one in events]


def states(archive: Archive) -> dict[str, int]:
    with archive.to_read() as connection:
        return memory.counts(connection)


def test_what_a_feed_names_is_read_and_added_once(archive: Archive, site: Site, clock: HandClock) -> None:
    feed = site.feed("/feed", [site.story("/a"), site.story("/b") + "?utm_source=rss", site.url + "/b#top"])
    events = run(archive, clock, feed)
    assert what(events) == ["feed", "page", "page"]
    assert [one.added.outcome for one in events if one.added] == ["new", "new"]
    assert site.paths() == ["/robots.txt", "/feed", "/a", "/b"]
    assert archive.search("bridge").total == 2
    (article, _) = archive.articles()
    assert article.published
    assert article.published.date.startswith("2024-03-04")
    site.log.clear()
    assert what(run(archive, clock, feed)) == ["feed"]
    assert site.paths() == ["/feed"], "what is there is not asked for again, nor is robots.txt within a day"


def test_requests_say_who_asks_and_leave_time_between_them(archive: Archive, site: Site, clock: HandClock) -> None:
    feed = site.feed("/feed", [site.story(f"/{n}") for n in range(6)])
    run(archive, clock, feed, delay=3.0)
    assert len(site.log) == 8
    assert min(site.gaps()) >= 3.0
    assert all("onrecord/" in one.headers["User-Agent"] for one in site.log)
    assert all("https://me.example/bot" in one.headers["User-Agent"] for one in site.log)


def test_servers_do_not_wait_for_each_other(archive: Archive, site: Site, other: Site, clock: HandClock) -> None:
    feeds = [one.feed("/feed", [one.story(f"/{n}") for n in range(5)]) for one in (site, other)]
    run(archive, clock, *feeds)
    assert [one.seconds for one in site.log] == [one.seconds for one in other.log]


def test_crawl_delay_and_rules_of_robots_are_kept(archive: Archive, site: Site, clock: HandClock) -> None:
    site.routes["/robots.txt"] = Reply(
        b"User-agent: *\nDisallow: /\n\nUser-agent: onrecord\nCrawl-delay: 45\nDisallow: /*/print$\nDisallow: /private/"
    )
    links = [site.story("/a"), site.story("/a/print"), site.story("/private/b"), site.story("/c")]
    events = run(archive, clock, site.feed("/feed", links))
    assert site.paths() == ["/robots.txt", "/feed", "/a", "/c"]
    assert min(site.gaps()) >= 45
    assert sorted(what(events)) == ["feed", "page", "page", "refused", "refused"]
    assert states(archive) == {"stored": 2, "refused": 2}


def test_a_feed_that_robots_forbids_is_not_asked_for(archive: Archive, site: Site, clock: HandClock) -> None:
    site.routes["/robots.txt"] = Reply(b"User-agent: *\nDisallow: /feed")
    feed = site.feed("/feed", [site.story("/a")])
    assert what(run(archive, clock, feed)) == ["refused"]
    assert site.paths() == ["/robots.txt"]


def test_while_robots_cannot_be_had_nothing_is_asked_and_nothing_lost(
    archive: Archive, site: Site, clock: HandClock
) -> None:
    site.routes["/robots.txt"] = Reply(b"", 500)
    feed = site.feed("/feed", [site.story("/a")])
    assert what(run(archive, clock, feed)) == ["later"]
    assert run(archive, clock, feed) == [], "it rests"
    del site.routes["/robots.txt"]
    clock.sleep(61)
    assert what(run(archive, clock, feed)) == ["feed", "page"]
    assert site.paths() == ["/robots.txt", "/robots.txt", "/feed", "/a"]


def test_an_unchanged_feed_is_not_sent_again(archive: Archive, site: Site, clock: HandClock) -> None:
    content = rss([site.story("/a")])
    site.routes["/feed"] = unless_known(content, '"v1"')
    assert what(run(archive, clock, site.url + "/feed")) == ["feed", "page"]
    (event,) = run(archive, clock, site.url + "/feed")
    assert event.detail == "not changed"
    site.routes["/feed"] = unless_known(rss([site.url + "/a", site.story("/b")]), '"v2"')
    assert what(run(archive, clock, site.url + "/feed")) == ["feed", "page"]


def test_last_modified_is_sent_back(archive: Archive, site: Site, clock: HandClock) -> None:
    stamp = "Mon, 04 Mar 2024 08:00:00 GMT"
    feed = site.feed("/feed", [], **{"Last-Modified": stamp})
    run(archive, clock, feed)
    run(archive, clock, feed)
    assert site.log[-1].headers["If-Modified-Since"] == stamp


def test_a_feed_that_came_malformed_is_asked_for_in_full_again(archive: Archive, site: Site, clock: HandClock) -> None:
    whole = rss([site.story("/a"), site.story("/b")])
    site.routes["/feed"] = Reply(whole[: whole.index(b"/b")], 200, {"ETag": '"v1"'}, "application/rss+xml")
    feed, *pages = run(archive, clock, site.url + "/feed")
    assert "malformed" in feed.detail
    assert len([one for one in pages if one.what == "page"]) == 1
    site.routes["/feed"] = unless_known(whole, '"v1"')
    assert [one.where for one in run(archive, clock, site.url + "/feed") if one.what == "page"] == [site.url + "/b"]


@pytest.mark.parametrize(
    ("content", "word"),
    [
        (b"", "empty"),
        (b"<html><body>Gone away</body></html>", "no RSS"),
        (b"\x1f\x8bnot gzip at all", "damaged"),
        (b"\x89PNG\x00\x00", "no XML"),
    ],
)
def test_what_is_no_feed_is_told_and_tried_less_often(
    archive: Archive, site: Site, clock: HandClock, content: bytes, word: str
) -> None:
    site.routes["/feed"] = Reply(content)
    good = site.feed("/good", [site.story("/a")])
    events = run(archive, clock, site.url + "/feed", good)
    assert word in next(one.detail for one in events if one.what == "failed")
    assert [one.where for one in events if one.what == "page"] == [site.url + "/a"]
    site.log.clear()
    run(archive, clock, site.url + "/feed", good)
    assert site.paths() == ["/good"]


def test_a_server_that_wants_less_gets_less(archive: Archive, site: Site, clock: HandClock) -> None:
    site.story("/a")
    replies = [Reply(b"", 429, {"Retry-After": "600"}), Reply(b"", 503), site.routes["/a"]]
    site.routes["/a"] = lambda headers: replies.pop(0)
    feed = site.feed("/feed", [site.url + "/a", site.story("/b")])
    list(zip(range(8), watch(archive, [feed], msgspec.structs.replace(ONCE, once=False), clock), strict=False))
    stories = [one for one in site.log if one.path in ("/a", "/b")]
    assert site.asked("/a") == 3
    assert stories[1].seconds - stories[0].seconds >= 600, "no other page is asked for meanwhile either"
    assert states(archive) == {"stored": 2}


def test_the_rest_that_a_server_asked_for_outlasts_a_restart(archive: Archive, site: Site, clock: HandClock) -> None:
    site.routes["/feed"] = Reply(b"", 429, {"Retry-After": "Mon, 04 Mar 2024 11:00:00 GMT"})
    assert what(run(archive, clock, site.url + "/feed")) == ["failed"]
    site.feed("/feed", [site.story("/a")])
    site.log.clear()
    for _ in range(7):
        clock.sleep(1000)
        assert run(archive, clock, site.url + "/feed") == []
    assert site.log == []
    clock.sleep(1000)
    assert what(run(archive, clock, site.url + "/feed")) == ["feed", "page"]


def test_a_page_that_fails_for_a_while_is_read_at_last(archive: Archive, site: Site, clock: HandClock) -> None:
    site.story("/a")
    replies = [Reply(b"", 500), Reply(b"", 502), site.routes["/a"]]
    site.routes["/a"] = lambda headers: replies.pop(0)
    feed = site.feed("/feed", [site.url + "/a"])
    found = []
    for _ in range(9):
        found += what(run(archive, clock, feed))
        clock.sleep(60)
    assert [one for one in found if one != "feed"] == ["later", "later", "page"]


def test_a_page_that_always_fails_is_given_up(archive: Archive, site: Site, clock: HandClock) -> None:
    site.routes["/a"] = Reply(b"", 500)
    feed = site.feed("/feed", [site.url + "/a", site.url + "/gone"])
    for _ in range(40):
        run(archive, clock, feed)
        clock.sleep(7 * 3600)
    assert site.asked("/a") == memory.MOST_TRIES
    assert site.asked("/gone") == 1
    assert states(archive) == {"failed": 2}


def test_redirects_are_followed_politely_and_not_in_circles(
    archive: Archive, site: Site, other: Site, clock: HandClock
) -> None:
    other.routes["/robots.txt"] = Reply(b"User-agent: *\nDisallow: /secret")
    other.story("/there")
    other.story("/secret")
    for path, target in {
        "/moved": f"{other.url}/there", "/hidden": f"{other.url}/secret", "/file": "file:///etc/passwd",
        "/loop": "/pool", "/pool": "/loop", **{f"/hop{n}": f"/hop{n + 1}" for n in range(20)},
    }.items():  # fmt: skip
        site.routes[path] = Reply(b"", 302, {"Location": target})
    site.routes["/feed"] = Reply(b"", 301, {"Location": "/real-feed"})
    site.feed("/real-feed", [site.url + path for path in ("/moved", "/hidden", "/file", "/loop", "/hop0")])
    events = run(archive, clock, site.url + "/feed")
    told = {one.where.rpartition("/")[2]: (one.what, one.detail) for one in events}
    assert told["there"] == ("page", "new")
    assert told["secret"][0] == "refused"
    assert told["file"] == ("failed", "redirected to an address that is not http(s)")
    assert other.paths() == ["/robots.txt", "/there"]
    assert site.asked("/loop") + site.asked("/pool") <= 6
    assert sum(path.startswith("/hop") for path in site.paths()) == 6
    assert min(site.gaps()) >= ONCE.delay
    assert states(archive).get("waiting") is None


def test_a_feed_in_circles_is_told(archive: Archive, site: Site, clock: HandClock) -> None:
    site.routes["/feed"] = Reply(b"", 302, {"Location": "/feed"})
    (event,) = run(archive, clock, site.url + "/feed")
    assert (event.what, event.detail) == ("failed", "more than 5 redirects")
    assert site.asked("/feed") == 6


def test_two_links_to_one_page_are_one_article(archive: Archive, site: Site, clock: HandClock) -> None:
    site.story("/a")
    site.routes["/short"] = Reply(b"", 302, {"Location": "/a?utm_medium=rss"})
    feeds = [site.feed("/one", [site.url + "/a"]), site.feed("/two", [site.url + "/short", site.url + "/a/"])]
    events = run(archive, clock, *feeds)
    assert what(events).count("page") == 1
    assert [path for path in site.paths() if path.startswith("/a")] == ["/a"]


def test_what_the_archive_has_is_not_fetched(archive: Archive, site: Site, clock: HandClock) -> None:
    from onrecord import read

    archive.add(read(site.story("/a"), engine="rules"))
    site.log.clear()
    run(archive, clock, site.feed("/feed", [site.url + "/a"]))
    assert site.paths() == ["/robots.txt", "/feed"]


def test_sitemaps_and_their_indexes(archive: Archive, site: Site, clock: HandClock) -> None:
    site.routes["/index.xml"] = Reply(
        f"""<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">
        <sitemap><loc>{site.url}/news.xml</loc><lastmod>2024-03-04</lastmod></sitemap></sitemapindex>""".encode()
    )
    site.routes["/news.xml"] = Reply(
        f"""<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"
        xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"><url><loc>{site.story("/a")}</loc>
        <news:news><news:publication_date>2024-03-03T10:00:00Z</news:publication_date></news:news></url>
        <url><loc>{site.story("/old")}</loc><news:news><news:publication_date>2023-01-01</news:publication_date>
        </news:news></url></urlset>""".encode()
    )
    run(archive, clock, site.url + "/index.xml", since="2024")
    assert site.paths() == ["/robots.txt", "/index.xml", "/news.xml", "/a"]
    (article,) = archive.articles()
    assert article.published
    assert article.published.date.startswith("2024-03-03")


def test_a_feed_of_ten_thousand_over_restarts(archive: Archive, site: Site, clock: HandClock) -> None:
    links = [site.url + f"/{n}" for n in range(10_000)]
    for n in range(40):
        site.story(f"/{n}")
    site.routes["/feed"] = unless_known(rss(links), '"v1"')
    for run_number in range(4):
        events = run(archive, clock, site.url + "/feed", most_pages=10)
        assert what(events).count("page") == 10
        assert events[0].fresh == (10_000 if run_number == 0 else 0)
    assert sum(states(archive).values()) == 10_000
    assert states(archive)["stored"] == 40
    assert [path for path in site.paths() if path[1:].isdigit()] == [f"/{n}" for n in range(40)]
    assert min(site.gaps()) >= ONCE.delay


def test_huge_bodies_are_cut_off(
    archive: Archive, site: Site, clock: HandClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("onrecord.intake.limits.PAGE_BYTES", 100_000)
    site.routes["/a"] = Reply(b"<p>" + b"x" * 300_000)
    events = run(archive, clock, site.feed("/feed", [site.url + "/a", site.story("/b")]))
    assert what(events) == ["feed", "failed", "page"]
    assert what(run(archive, clock, site.feed("/feed", [site.url + "/a"]))) == ["feed"], "it stays too large"


def test_strangers_links_do_not_lead_into_the_own_network(archive: Archive, site: Site, clock: HandClock) -> None:
    feed = site.feed("/feed", [site.story("/a")])
    events = run(archive, clock, feed, private=False)
    assert what(events) == ["later"]
    assert site.log == []


def test_no_server_is_forgotten_for_others(archive: Archive, site: Site, clock: HandClock) -> None:
    """Even if the first ones in the alphabet are free again at once."""
    from onrecord.watch import asking, hosts
    from onrecord.watch.feeds import Entry

    names = [f"https://{letter}.example" for letter in "abcdefghijklmnopqrst"]
    with archive.to_write() as connection:
        links = [Entry(f"{name}/{n}") for name in names for n in range(3)]
        memory.note_links(connection, "https://feed.example", links, clock.now())
        for name in names:
            hosts.with_robots(connection, hosts.known(connection, name), clock.now(), b"")
    seen: set[str] = set()
    for _ in range(3):
        with archive.to_read() as connection:
            wave = [one for one in asking.next_wave(connection, [], clock.now(), 8) if isinstance(one, asking.Asked)]
        clock.sleep(5)
        with archive.to_write() as connection:
            for one in wave:
                seen.add(one.host.host)
                hosts.asked(connection, one.host, clock.now(), 0.0)
    assert len(seen) == len(names)


def test_polls_come_as_often_as_asked(archive: Archive, site: Site, clock: HandClock) -> None:
    feed = site.feed("/feed", [])
    events = watch(archive, [feed], msgspec.structs.replace(ONCE, once=False, every=600.0), clock)
    list(zip(range(5), events, strict=False))
    polls = [one.seconds for one in site.log if one.path == "/feed"]
    assert all(600 <= after - before < 662 for before, after in pairwise(polls))


def test_killed_again_and_again_it_loses_and_doubles_nothing(tmp_path: Path, site: Site, clock: HandClock) -> None:
    path = str(tmp_path / "killed.db")
    feed = site.feed("/feed", [site.story(f"/{n}") for n in range(60)], ETag='"v1"')
    with open_archive(path):
        pass
    for kill in range(8):
        asked = len(site.log)
        child = os.fork()
        if child == 0:
            with open_archive(path) as archive:
                for _ in watch(archive, [feed], msgspec.structs.replace(ONCE, delay=0.0), HandClock()):
                    pass
            os._exit(0)
        deadline = time.monotonic() + 60
        while len(site.log) < asked + 3 and time.monotonic() < deadline:
            time.sleep(0.002)
        time.sleep(kill * 0.01)
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
    clock.sleep(86_400)
    with open_archive(path) as archive:
        assert 0 < archive.counts()["articles"] < 60, "it was killed in the middle of its work"
        run(archive, clock, feed)
        found = [article.url for article in archive.articles()]
        assert sorted(found) == sorted(site.url + f"/{n}" for n in range(60))
        assert archive.counts()["statements"] == archive.search().total
        assert states(archive) == {"stored": 60}
