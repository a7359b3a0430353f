"""Take the pictures of the tour anew: `python docs/web/pictures.py`, in a clone whose `make test` has run.

A server with the two files of invented stories is started on an archive of its own, and looked at in Debian's Chromium.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from urllib.request import urlopen

from playwright.sync_api import Browser, Page, sync_playwright

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
ONRECORD = Path(sys.executable).with_name("onrecord")
STORIES = ("examples/border-talks.jsonl", "examples/coast-road.jsonl")
PORT = 8743
BASE = f"http://127.0.0.1:{PORT}"
NAME, PASSWORD = "ada", "a long enough word"
WIDE, TALL = 1280, {"home": 760, "search": 860, "quote": 640, "person": 860, "dialogue": 1300, "correct": 1000}
HEIGHT = 900


def onrecord(*arguments: str, given: str = "") -> None:
    """Run a command of onrecord."""
    subprocess.run([ONRECORD, *arguments], input=given, text=True, check=True, cwd=ROOT, stdout=subprocess.DEVNULL)


def taken(browser: Browser, name: str, path: str, **options: object) -> Page:
    """The page at a path, as large as its picture will be; `options` are a context's."""
    size = {"width": WIDE, "height": TALL.get(name, HEIGHT)}
    page = browser.new_context(base_url=BASE, **{"viewport": size, **options}).new_page()  # type: ignore[arg-type]
    page.goto(path)
    return page


def keep(page: Page, name: str) -> None:
    """Keep what a page shows as a picture."""
    page.wait_for_timeout(800)  # for charts to be drawn
    page.screenshot(path=str(HERE / f"{name}.png"))


def read_example(page: Page) -> None:
    page.click("form.read button")
    page.wait_for_url("**/reading/*")


def pictures(browser: Browser) -> None:
    """All pictures of the tour."""
    home = taken(browser, "home", "/?example=1")
    keep(home, "home")
    reading = taken(browser, "read", "/?example=1")
    read_example(reading)
    reading.locator("[data-was]").first.hover()
    keep(reading, "read")
    phone = taken(browser, "read-phone", "/?example=1", viewport={"width": 390, "height": 844}, color_scheme="dark")
    read_example(phone)
    phone.evaluate("scrollTo(0, 420)")
    keep(phone, "read-phone")
    search = taken(browser, "search", "/search?q=crossing")
    keep(search, "search")
    reported = taken(browser, "quote", '/search?q="closed border"&sort=oldest')
    place = str(reported.locator(".hit .words a").first.get_attribute("href"))
    keep(taken(browser, "quote", place.replace("/statement/", "/quote/")), "quote")
    keep(taken(browser, "person", "/actor/Carla%20Quispe"), "person")
    keep(taken(browser, "dialogue", "/dialogue?a=Peru&b=Chile"), "dialogue")
    keep(taken(browser, "statement", place), "statement")
    form = taken(browser, "correct", f"/login?next={place}/correct")
    form.fill("#name", NAME)
    form.fill("#password", PASSWORD)
    form.click("main button[type=submit]")
    keep(form, "correct")
    form.fill("input[name=role]", "Peru's foreign minister")
    form.fill("[name=note]", "As she is called on the ministry's own page.")
    form.locator("main form button[type=submit]").last.click()
    form.goto(place)
    form.evaluate("document.querySelector('main').lastElementChild.scrollIntoView({block: 'end'})")
    keep(form, "history")


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        archive = str(Path(folder) / "talks.db")
        onrecord("add", *STORIES, "--archive", archive)
        onrecord("account", "add", NAME, "--password-stdin", "--archive", archive, given=PASSWORD)
        command = [ONRECORD, "serve", "--archive", archive, "--port", str(PORT), "--processes", "1"]
        server = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            while True:
                try:
                    urlopen(f"{BASE}/health").close()
                    break
                except OSError:
                    time.sleep(0.2)
            with sync_playwright() as running:
                path = shutil.which("chromium") or os.environ["CHROMIUM"]
                browser = running.chromium.launch(executable_path=path, args=["--no-sandbox"])
                pictures(browser)
                browser.close()
        finally:
            server.terminate()
            server.wait(20)


if __name__ == "__main__":
    main()
