"""The pages in a real browser: Debian's Chromium, by keyboard, on a phone, in the dark, without JavaScript."""

from __future__ import annotations

import os
import shutil
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import uvicorn

from onrecord.archive.archive import open_archive
from web_archive import PASSWORD, served

playwright = pytest.importorskip("playwright.sync_api", reason="the package playwright is not installed")

HERE = Path(__file__).parent
EXAMPLE = HERE.parent / "examples" / "port-talks.txt"
AXE = (HERE / "vendor" / "axe.min.js").read_text(encoding="utf-8")
WEIGHT = 150_000
"""Bytes, compressed, that a page may weigh with all that it needs."""
PHONE, DESK = {"width": 390, "height": 844}, {"width": 1280, "height": 900}


class Site(NamedTuple):
    """A server and what stands in its archive."""

    address: str
    archive: str
    article: int
    statement: int
    """One that two outlets report."""


def _browser_path() -> str | None:
    return next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    archive = str(tmp_path_factory.mktemp("web") / "news.db")
    app, _ = served(archive, engine="rules", requests_a_minute=0, readings_a_minute=0, logins_a_minute=0)
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="error"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.02)
    port = server.servers[0].sockets[0].getsockname()[1]
    with open_archive(archive) as opened:
        hit = opened.search('"closed border"', sort="oldest").hits[0]
    yield Site(f"http://127.0.0.1:{port}", archive, hit.article.id, hit.id)
    server.should_exit = True
    thread.join(10)


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    path = _browser_path()
    if path is None:
        if os.environ.get("ONRECORD_DEMAND_BROWSER"):
            pytest.fail("no browser is installed; run: apt-get install chromium")
        pytest.skip("no browser is installed (apt-get install chromium): the pages are not looked at")
    with playwright.sync_playwright() as running:
        started = running.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield started
        started.close()


class Watched:
    """A page in a browser, and what it complained of."""

    def __init__(self, browser: Any, site: Site, **options: Any) -> None:
        self.context = browser.new_context(base_url=site.address, **({"viewport": DESK} | options))
        self.context.set_default_timeout(10_000)
        self.page = self.context.new_page()
        self.complaints: list[str] = []
        self.page.on("console", lambda one: one.type in ("error", "warning") and self.complaints.append(one.text))
        self.page.on("pageerror", lambda one: self.complaints.append(str(one)))
        self.page.on("dialog", lambda one: (self.complaints.append(f"dialog {one.message}"), one.dismiss()))

    def __enter__(self) -> Any:
        return self.page

    def __exit__(self, kind: object, *_: object) -> None:
        self.context.close()
        if kind is None:
            assert self.complaints == []


def sign_in(page: Any, then: str = "/") -> None:
    page.goto(f"/login?next={then}")
    page.fill("#name", "ada")
    page.fill("#password", PASSWORD)
    page.click("main button[type=submit]")


def read(page: Any, text: str) -> None:
    page.goto("/")
    page.fill("#text", text)
    page.click("form.read button")
    page.wait_for_url("**/reading/*")


def _addresses(site: Site) -> dict[str, str]:
    return {
        "home": "/",
        "example": "/?example=1",
        "search": "/search?q=border",
        "filtered": "/search?country=Chile&act=REJECT",
        "nothing": "/search?speaker=Quispee",
        "article": f"/article/{site.article}",
        "statement": f"/statement/{site.statement}",
        "quote": f"/quote/{site.statement}",
        "person": "/actor/Pedro%20Araya",
        "country": "/country/CHL",
        "dialogue": "/dialogue?a=Peru&b=Chile",
        "dialogue form": "/dialogue",
        "corrections": "/corrections",
        "login": "/login",
    }


PAGES = (
    "home", "example", "search", "filtered", "nothing", "article", "statement", "quote", "person", "country",
    "dialogue", "dialogue form", "corrections", "login",
)  # fmt: skip
MEMBERS = (
    "/account", "/statement/{statement}/correct", "/article/{article}/missed", "/statement/{statement}", "/annotate",
    "/article/{article}",
)  # fmt: skip


def _serious(page: Any) -> list[str]:
    """What axe finds that is serious: rules of WCAG 2.2, levels A and AA, and its own best practices."""
    page.evaluate(AXE)
    found = page.evaluate("async () => (await axe.run()).violations")
    return [
        f"{one['id']}: {one['nodes'][0]['html'][:200]} ({one['nodes'][0].get('failureSummary', '')[:200]})"
        for one in found
        if one["impact"] in ("serious", "critical", "moderate")
    ]


def _overflow(page: Any) -> int:
    return page.evaluate("document.documentElement.scrollWidth - innerWidth")


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize(("viewport", "scheme"), [(DESK, "light"), (PHONE, "dark")], ids=["desk", "phone in the dark"])
def test_a_page_is_sound(chromium: Any, site: Site, name: str, viewport: dict[str, int], scheme: str) -> None:
    """It answers, breaks no rule of its own policy, is light, fits its window, and axe finds nothing."""
    with Watched(chromium, site, viewport=viewport, color_scheme=scheme) as page:
        asked: list[Any] = []
        page.on("request", lambda one: asked.append(one))
        assert page.goto(_addresses(site)[name]).status == 200
        assert len(asked) >= 3, "the page, and two style sheets"
        assert 0 < sum(one.sizes()["responseBodySize"] for one in asked) <= WEIGHT
        for closed in page.query_selector_all("details:not([open]) > summary"):
            closed.click()
        assert _serious(page) == []
        assert _overflow(page) <= 0


@pytest.mark.parametrize("address", MEMBERS)
def test_a_page_of_a_member_is_sound(chromium: Any, site: Site, address: str) -> None:
    with Watched(chromium, site, viewport=PHONE) as page:
        sign_in(page, address.format(**site._asdict()))
        assert page.url.endswith(address.format(**site._asdict()))
        assert _serious(page) == []
        assert _overflow(page) <= 0


def test_dark_is_dark(chromium: Any, site: Site) -> None:
    for scheme, dark in (("light", False), ("dark", True)):
        with Watched(chromium, site, color_scheme=scheme) as page:
            page.goto("/")
            shade = page.evaluate("getComputedStyle(document.documentElement).backgroundColor.match(/\\d+/)[0]")
            assert (int(shade) < 60) is dark


def test_read_a_text(chromium: Any, site: Site) -> None:
    """Paste, read, follow a number to the list and back; parts labelled, the repair shown, files to save."""
    with Watched(chromium, site) as page:
        read(page, EXAMPLE.read_text(encoding="utf-8"))
        entries = page.locator("ol.statements > li")
        assert entries.count() >= 6
        assert "Ilya Marenkov" in entries.first.inner_text()
        kinds = page.locator(".block .kind").all_text_contents()
        assert {"caption", "form", "teaser"} <= {kind.lower() for kind in kinds}
        page.click("#s1")
        assert page.url.endswith("#s1-entry")
        repair = page.locator("[data-was][tabindex]").first
        repair.focus()
        shown = page.evaluate("getComputedStyle(document.activeElement, '::after').content")
        assert "Âàëäîðèÿ" in shown
        page.keyboard.press("Escape")
        assert page.evaluate("document.activeElement.hasAttribute('data-was')") is False
        entries.first.hover()
        assert page.locator(".text .lit").count() > 0
        with page.expect_download() as saved:
            page.click("text=JSON")
        assert '"statements"' in Path(saved.value.path()).read_text(encoding="utf-8")
        again = page.url.partition("#")[0]
        page.goto(again)
        assert entries.count() >= 6, "the link stays"


MENU = "".join(f"<li><a href='/{n}'>Section {n}</a></li>" for n in range(80))
LONG = (
    "<html lang='en'><head><title>The dam stays</title></head><body>"
    f"<nav><ul>{MENU}</ul></nav><article><h1>The dam stays</h1>"
    + "<p>The river rose again last night, and the town slept badly under the rain.</p>" * 12
    + "<p>“We will stay for as long as the water does,” said Mayor Anna Roe on Monday.</p>"
    + "<p>The market opened at nine, and the bridge was swept before the first carts came.</p>" * 12
    + "</article></body></html>"
)


@pytest.mark.parametrize("viewport", [DESK, PHONE])
@pytest.mark.parametrize("scripts", [True, False])
def test_a_story_comes_before_its_menu_and_a_link_leads_to_the_passage(
    chromium: Any, site: Site, viewport: dict[str, int], scripts: bool
) -> None:
    with Watched(chromium, site, viewport=viewport, java_script_enabled=scripts) as page:
        read(page, LONG)
        assert page.locator("h1").bounding_box()["y"] < viewport["height"] / 2
        fold = page.locator("details.fold").first
        assert "navigation: 80 lines" in fold.locator("summary").inner_text()
        assert not page.locator("text=Section 7").first.is_visible()
        page.goto(f"{page.url}#s1")
        passage = page.locator(".text mark.content").first
        passage.wait_for()
        page.wait_for_timeout(800)  # scrolls smoothly
        assert 0 < passage.bounding_box()["y"] < viewport["height"]
        assert page.locator("li.meant").count() == scripts
        page.locator("ol.statements a.number").first.click()
        assert page.url.endswith("#s1")
        fold.locator("summary").click()
        assert page.locator("text=Section 7").first.is_visible(), "without a script too"


def test_read_a_file(chromium: Any, site: Site) -> None:
    with Watched(chromium, site) as page:
        page.goto("/")
        page.set_input_files("#file", EXAMPLE)
        page.click("form.read button")
        assert "Ilya Marenkov" in page.inner_text("ol.statements")


HOSTILE = (
    "<html><head><title>A &lt;b&gt;story&lt;/b&gt;</title></head><body><article>"
    "<h1>The &lt;i&gt;dam&lt;/i&gt; stays</h1>"
    "<script>window.struck = 1</script><img src=x onerror='window.struck = 2'>"
    "<p>“We will stay \u202e gnirts live \u2066 &lt;script&gt;window.struck = 3&lt;/script&gt; \x00 &amp;amp; &quot; "
    "onmouseover=alert(1) x=&quot; for as long as the people of the town want us to stay here,” said Minister Anna "
    "&lt;b&gt;Roe&lt;/b&gt; on Monday.</p>"
    f"<p>The minister said that the {'W' * 3000} would be closed, and that nobody had asked the town about it.</p>"
    "<p>“]]&gt; {{ 7*7 }} ${7*7} javascript:alert(1) is what we were told,” Minister Anna Roe said.</p>"
    "</article></body></html>"
)


@pytest.mark.parametrize("viewport", [DESK, PHONE])
def test_hostile_text_is_inert(chromium: Any, site: Site, viewport: dict[str, int]) -> None:
    """Script, markup, characters that turn the direction of writing, a word of three thousand letters."""
    with Watched(chromium, site, viewport=viewport) as page:
        read(page, HOSTILE)
        assert page.evaluate("window.struck") is None
        assert page.locator("article.onrecord script, article.onrecord img, [onerror], [onmouseover]").count() == 0
        words = page.inner_text("article.onrecord")
        assert "<script>window.struck = 3</script>" in words
        assert "{{ 7*7 }}" in words
        assert page.locator("ol.statements > li").count() >= 2
        assert not set(words) & set("\u202e\u2066\x00")
        assert "\ufffd" in words, "what would turn the writing is shown as a sign that stands for nothing"
        assert _overflow(page) <= 0
        assert page.locator("a[href^='javascript:']").count() == 0


def test_hostile_addresses_are_inert(chromium: Any, site: Site) -> None:
    evil = "%3Cscript%3Ewindow.struck%3D1%3C/script%3E%22%27%E2%80%AE"
    with Watched(chromium, site) as page:
        for address in (f"/search?q={evil}&speaker={evil}", f"/dialogue?a={evil}&b=Chile"):
            page.goto(address)
            assert page.evaluate("window.struck") is None
            assert "<script>window.struck=1</script>" in page.content().replace("&lt;", "<").replace("&gt;", ">")
            assert page.locator("main script").count() == 0


def test_without_javascript(chromium: Any, site: Site) -> None:
    """Reading, searching, narrowing, the tables in the place of charts."""
    with Watched(chromium, site, java_script_enabled=False) as page:
        read(page, "“We will stay,” said Mayor Anna Roe.")
        assert "We will stay" in page.inner_text("ol.statements")
        page.goto("/search")
        page.fill("#q", "closed border")
        page.click("form.search button")
        assert "Carla Quispe" in page.inner_text("#found")
        page.click(".side >> text=harbour-post.example")
        assert all("harbour-post.example" in hit for hit in page.locator(".hit").all_inner_texts())
        page.click(".hit .words a >> nth=0")
        assert page.locator("h1.words").count() == 1
        page.goto("/dialogue?a=Peru&b=Chile")
        page.click("summary >> nth=0")
        assert "2024-03" in page.inner_text("figure.chart table")
        assert page.locator(".move").count() >= 4


def test_a_result_and_its_page_show_the_verb(chromium: Any, site: Site) -> None:
    with Watched(chromium, site) as page:
        page.goto("/search?q=border")
        assert all(one.strip() for one in page.locator(".hit .who .cue").all_inner_texts())
        assert page.locator(".hit .who .cue").count() == page.locator(".hit").count()
        page.goto(f"/statement/{site.statement}")
        verb = page.inner_text(".who.large .cue").strip()
        assert verb
        assert verb in page.inner_text(".passage .text .cue >> nth=0")


def test_a_name_leads_to_what_that_person_said(chromium: Any, site: Site) -> None:
    with Watched(chromium, site) as page:
        page.goto("/search?q=Quispe")
        page.click("text=statements by Quispe")
        page.wait_for_url("**/search?speaker=Quispe")
        names = page.locator(".hit .name").all_inner_texts()
        assert names
        assert set(names) == {"Carla Quispe"}
        page.goto("/search?q=border")
        assert page.locator("text=statements by").count() == 0


def test_search_without_reloading(chromium: Any, site: Site) -> None:
    """A filter changes the results in place, and the address with them."""
    with Watched(chromium, site) as page:
        page.goto("/search?q=the")
        page.evaluate("window.stayed = true")
        page.click("summary:has-text('Filters')")
        page.select_option("#act", "REJECT")
        page.wait_for_url("**act=REJECT**")
        page.wait_for_function(
            "[...document.querySelectorAll('.hit')].every((one) => one.innerText.includes('REJECT'))"
        )
        assert page.evaluate("window.stayed") is True
        page.fill("#q", "soldiers")
        page.wait_for_url("**q=soldiers**")
        page.reload()
        assert "soldiers" in page.inner_text("#found")


def test_charts_are_drawn_from_their_tables(chromium: Any, site: Site) -> None:
    with Watched(chromium, site) as page:
        page.goto("/dialogue?a=Peru&b=Chile")
        page.wait_for_selector("figure.drawn svg")
        charts = page.query_selector_all("figure.chart")
        for chart in charts:
            counts = [int(one.get_attribute("data-count")) for one in chart.query_selector_all("td[data-count]")][:2]
            assert len(chart.query_selector_all("svg .mark-rect.role-mark path")) == len(counts)
            assert chart.query_selector(".bars").get_attribute("aria-hidden") == "true"
        assert len(charts) == 2


def test_by_keyboard_alone(chromium: Any, site: Site) -> None:
    """From the top of the page to a statement and its proof, the focus always to be seen."""
    with Watched(chromium, site) as page:
        page.goto("/search?q=border")
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.className") == "skip"
        page.keyboard.press("Enter")
        assert page.evaluate("document.activeElement.id") == "main"
        for _ in range(40):
            page.keyboard.press("Tab")
            outline = "getComputedStyle(document.activeElement).outlineStyle"
            assert page.evaluate(outline) != "none", page.evaluate("document.activeElement.outerHTML")[:200]
            if page.evaluate("document.activeElement.matches('.hit .words a')"):
                break
        page.keyboard.press("Enter")
        page.wait_for_url("**/statement/*")
        assert "The place that proves it" in page.inner_text("main")


def test_correct_and_undo(chromium: Any, site: Site) -> None:
    with Watched(chromium, site) as page:
        page.goto(f"/statement/{site.statement}")
        assert page.locator(".button").count() == 0, "for members only"
        page.click("main >> text=Sign in")
        page.fill("#name", "ada")
        page.fill("#password", PASSWORD)
        page.click("main button[type=submit]")
        assert page.url.endswith("/correct")
        page.fill("#name", "Carla Quispe Rivera")
        page.select_option("#kind", "mixed")
        page.fill("#note", "as the ministry <b>spells</b> it")
        page.click("text=Save")
        assert "Carla Quispe Rivera" in page.inner_text("p.who")
        history = page.inner_text("ol.history")
        assert "the machine had: Carla Quispe" in history
        assert "as the ministry <b>spells</b> it" in history
        assert "ada@example.org" not in page.content()
        page.goto("/corrections")
        assert page.locator(".history .of").count() == 2
        assert "ada@example.org" not in page.content()
        for _ in range(2):
            page.click("text=undo >> nth=0")
            page.goto("/corrections")
        assert "taken back by ada" in page.inner_text("ol.history")
        page.goto(f"/statement/{site.statement}")
        assert "Rivera" not in page.inner_text("p.who")


def test_a_correction_that_makes_no_sense_says_so_and_keeps_what_was_typed(chromium: Any, site: Site) -> None:
    watched = Watched(chromium, site)
    with watched as page:
        sign_in(page, f"/statement/{site.statement}/correct")
        page.fill("#content", "words that nobody said")
        page.fill("#note", "kept")
        page.click("text=Save")
        assert "does not have exactly these words" in page.inner_text("[role=alert]")
        assert page.input_value("#note") == "kept"
        watched.complaints.clear()  # the browser notes the status 400


def test_take_the_words_that_are_marked(chromium: Any, site: Site) -> None:
    with Watched(chromium, site) as page:
        sign_in(page, f"/statement/{site.statement}/correct")
        page.evaluate("getSelection().selectAllChildren(document.querySelector('[data-passage] .source'))")
        page.click("#source + button")
        assert page.input_value("#source") in page.inner_text("[data-passage]")
        assert page.input_value("#source")


def test_add_what_was_missed(chromium: Any, site: Site) -> None:
    with Watched(chromium, site) as page:
        sign_in(page, f"/article/{site.article}/missed")
        page.fill("#content", "nobody may use")
        page.fill("#source", "Quispe")
        page.fill("#name", "Carla Quispe")
        page.fill("#country", "Peru")
        page.click("text=Save")
        page.wait_for_url("**/statement/*")
        assert page.inner_text("h1.words") == "nobody may use"
        assert "PER" in page.inner_text("p.who")
        page.click("text=undo")
        page.goto(f"/article/{site.article}")
        assert "nobody may use" not in page.locator("ol.statements .words").all_inner_texts()


def test_look_an_article_through_without_scripts(chromium: Any, site: Site) -> None:
    """From the list to an article, add a statement, come back to the article, mark it, and take the mark back."""
    with Watched(chromium, site, java_script_enabled=False) as page:
        sign_in(page, "/annotate")
        page.click(f"a[href='/article/{site.article}']")
        page.click("text=Add a statement")
        page.fill("#content", "closed border")
        page.click("text=Save")
        page.wait_for_url(f"**/article/{site.article}#*")
        assert "closed border" in page.locator("ol.statements .words").all_inner_texts()
        page.click("button:text('Looked through')")
        page.goto("/annotate")
        assert "1 of 4 looked through" in page.inner_text(".sum")
        assert "ada" in page.inner_text(f"tr:has(a[href='/article/{site.article}'])")
        page.goto(f"/article/{site.article}")
        page.click("text=not yet")
        page.goto("/annotate")
        assert "0 of 4" in page.inner_text(".sum")
        page.goto("/corrections")
        page.click("text=undo >> nth=0")


def test_keep_a_reading(chromium: Any, site: Site) -> None:
    """Members add what they read to the archive; nobody else can."""
    with Watched(chromium, site) as page:
        read(page, "“The tide will turn the mill,” said Mayor Anna Roe.")
        assert page.locator(".notice button").count() == 0
        address = page.url
        sign_in(page)
        page.goto(address)
        page.click(".notice button")
        page.wait_for_url("**/article/*")
        page.goto("/search?q=mill")
        assert "The tide will turn the mill" in page.inner_text("#found")


def test_on_paper(chromium: Any, site: Site) -> None:
    """Print leaves out what is only for the screen."""
    with Watched(chromium, site) as page:
        page.goto(f"/article/{site.article}")
        page.emulate_media(media="print")
        assert not page.is_visible("nav")
        assert page.is_visible("ol.statements")
