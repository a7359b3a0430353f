"""What a visitor pastes, drops or links to → an article. Nothing here names a file: a text is never a location."""

from __future__ import annotations

from starlette.exceptions import HTTPException

from onrecord import languages
from onrecord.errors import InputError, LimitError, UsageError
from onrecord.intake.web import fetch
from onrecord.pipeline import read_page
from onrecord.schema import Article, MediaKind, Page
from onrecord.web.settings import Settings

NOTHING = "nothing to read: give a text, HTML, or a file with words in it"
_MOST_ADDRESS = 2_000


def page_given(
    content: str | bytes, media: MediaKind | None = None, url: str = "", lang: str = "", charset: str = ""
) -> Page:
    """The page that a visitor sends; `url` is where it stands, if they say so.

    Raises `UsageError` for a language without rules or an address that is none, `InputError` for nothing.
    """
    if not content.strip():
        raise InputError(NOTHING)
    return Page(content, url=_address(url), lang=_language(lang), charset=charset[:40], media=media)


def page_linked(settings: Settings, url: str, lang: str = "") -> Page:
    """The page at an address, from the public internet alone; an `HTTPException` 403 where that is switched off.

    Raises `FetchError` if it cannot be fetched.
    """
    if not settings.fetch:
        raise HTTPException(403, "this server reads no links; paste the page's text or HTML instead")
    found = fetch(_address(url), public_only=True)
    return Page(
        found.content, input=found.input, url=found.url, charset=found.charset, media=found.media,
        lang=_language(lang), fetched=found.fetched,
    )  # fmt: skip


def read(settings: Settings, page: Page) -> Article:
    """The article that a page holds, with its statements; nothing is stored. It takes a core, so its route is `Slow`.

    Raises an `InputError` for a page that holds nothing or too much.
    """
    if len(page.content) > settings.body_bytes:
        raise LimitError(f"the page is larger than {settings.body_bytes // 1_000:,} kB; onrecord read takes it")
    article = read_page(page, settings.engine)
    # Marks of the direction of writing and the like alone, which nobody sees.
    if not any(mark.isprintable() and mark != " " for mark in article.text):
        raise InputError(NOTHING)
    return article


def _address(url: str) -> str:
    url = url.strip()
    if url and not (
        url.lower().startswith(("http://", "https://")) and len(url) <= _MOST_ADDRESS and url.isprintable()
    ):
        raise UsageError("an address begins with http:// or https://")
    return url


def _language(lang: str) -> str:
    if lang and lang not in languages.codes():
        raise UsageError(f"no rules for the language {lang[:20]!r}; there are: {', '.join(languages.codes())}")
    return lang
