"""URLs → pages, or answers as they come, fetched politely and within limits."""

from __future__ import annotations

import asyncio
import io
from collections.abc import Awaitable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from email.message import Message
from importlib.metadata import version
from typing import TypeVar

import httpx
from msgspec import Struct

from onrecord.errors import FetchError, InputError
from onrecord.intake import limits
from onrecord.intake.files import Media
from onrecord.intake.jsonl import line_pages
from onrecord.intake.public import PublicTransport
from onrecord.schema import Failure, MediaKind, Page

Result = TypeVar("Result")

_AGENT = f"onrecord/{version('onrecord')} (news quotation reader; fetches single pages on request)"
_HTML_TYPES = ("text/html", "application/xhtml+xml")
_UNSAID_TYPES = ("", "application/octet-stream", "binary/octet-stream", "application/gzip", "application/x-gzip")
_TEXT_TYPES = ("application/xml", "application/json", "application/jsonl", "application/x-ndjson")


class Question(Struct, frozen=True):
    """What a server is asked for: an address, with the headers that go along; with a content, that is posted there."""

    url: str
    headers: Mapping[str, str]
    content: bytes | None = None


class Answer(Struct, frozen=True):
    """What a server answered, whatever its status; a redirect is not followed."""

    url: str
    status: int
    reason: str
    headers: Mapping[str, str]
    """Their names in small letters."""
    content: bytes
    """The body of a success, as sent; of anything else, nothing."""


def url_pages(url: str, media: Media | None = None) -> Iterator[Page | Failure]:
    """The page at `url`, or its pages if it is JSONL; a `Failure` if it cannot be fetched."""
    try:
        page = fetch(url)
    except InputError as error:
        yield Failure(url, str(error))
        return
    if media == "jsonl":
        content = page.content if isinstance(page.content, bytes) else page.content.encode()
        yield from line_pages(io.BytesIO(content), url)
    elif media is not None:
        yield Page(page.content, input=url, url=page.url, charset=page.charset, media=media, fetched=page.fetched)
    else:
        yield page


def fetch(url: str, public_only: bool = False) -> Page:
    """The page at `url`, with the charset and media type that the server declared and the address it ended at.

    With `public_only`, only from addresses of the public internet, each redirect and each answer of the DNS included.

    Raises `FetchError` for anything that gives no page, `LimitError` for one that is too large. The time limit covers
    the whole fetch, so a server that trickles cannot hold it up.
    """
    # A loop of its own in a thread of its own: cancelling a task is the one way to end a fetch that trickles at
    # whatever stage, and the caller may already be inside a running loop (a notebook, a web server).
    with ThreadPoolExecutor(1, thread_name_prefix="onrecord-fetch") as pool:
        work = _in_time(url, _fetch(url, PublicTransport() if public_only else None))
        return pool.submit(asyncio.run, work).result()


def ask_all(questions: Sequence[Question], public_only: bool = False) -> list[Answer | InputError]:
    """The answers of servers asked at the same time, in the order of the questions; an error for each that gave none.

    No redirect is followed. The limits are those of `fetch`.
    """
    with ThreadPoolExecutor(1, thread_name_prefix="onrecord-ask") as pool:
        return pool.submit(asyncio.run, _ask_all(questions, public_only)).result()


async def _ask_all(questions: Sequence[Question], public_only: bool) -> list[Answer | InputError]:
    async def answer(one: Question) -> Answer | InputError:
        try:
            return await _in_time(one.url, _ask(one, PublicTransport() if public_only else None))
        except InputError as error:
            return error

    return list(await asyncio.gather(*map(answer, questions)))


async def _in_time(url: str, work: Awaitable[Result]) -> Result:
    """What the work on an address gives; raises `FetchError` for whatever goes wrong and for what takes too long."""
    try:
        async with asyncio.timeout(limits.FETCH_SECONDS):
            return await work
    except TimeoutError as error:
        raise FetchError(f"{url}: not done after {limits.FETCH_SECONDS:g} seconds; try again later") from error
    except httpx.TimeoutException as error:
        raise FetchError(f"{url}: the server did not answer in time; try again later") from error
    except httpx.TooManyRedirects as error:
        raise FetchError(f"{url}: more than {limits.REDIRECTS} redirects; give the final address") from error
    except httpx.UnsupportedProtocol as error:
        raise FetchError(f"{url}: leads to an address that is not http(s); give another address") from error
    except (httpx.InvalidURL, UnicodeError, ValueError) as error:
        raise FetchError(f"{url}: not a valid address ({error}); check it") from error
    except httpx.DecodingError as error:
        raise FetchError(f"{url}: the server sent damaged data ({error}); try again") from error
    except (httpx.HTTPError, OSError) as error:
        raise FetchError(f"{url}: cannot be fetched ({error or type(error).__name__}); check the address") from error


async def _ask(question: Question, transport: httpx.AsyncBaseTransport | None) -> Answer:
    patience = httpx.Timeout(limits.READ_SECONDS, connect=limits.CONNECT_SECONDS)
    client = httpx.AsyncClient(timeout=patience, transport=transport, trust_env=transport is None)
    method = "GET" if question.content is None else "POST"
    sent = client.stream(method, question.url, headers=dict(question.headers), content=question.content)
    async with client, sent as response:
        content = await _received(response, question.url) if response.is_success else b""
        status, reason = response.status_code, response.reason_phrase
        return Answer(question.url, status, reason, {k.lower(): v for k, v in response.headers.items()}, content)


def page_of(answer: Answer, given: str, fetched: str, published: str = "") -> Page:
    """The page in an answer; raises an `InputError` if it is said to be neither HTML nor text, or cannot be unpacked.

    `given` is the address first asked for, `fetched` and `published` are ISO 8601 times.
    """
    charset, media = _declared(answer.headers.get("content-type", ""), answer.url)
    content = limits.unpacked(answer.content, answer.url)
    return Page(content, given, url=answer.url, charset=charset, media=media, fetched=fetched, published=published)


async def _fetch(url: str, transport: httpx.AsyncBaseTransport | None) -> Page:
    patience = httpx.Timeout(limits.READ_SECONDS, connect=limits.CONNECT_SECONDS)
    headers = {"User-Agent": _AGENT, "Accept": "text/html,application/xhtml+xml,text/plain;q=0.9,*/*;q=0.1"}
    async with (
        httpx.AsyncClient(
            timeout=patience,
            headers=headers,
            follow_redirects=True,
            max_redirects=limits.REDIRECTS,
            transport=transport,
            trust_env=transport is None,
        ) as client,
        client.stream("GET", url) as response,
    ):
        if not response.is_success:
            raise FetchError(f"{url}: the server answered {response.status_code} {response.reason_phrase}".rstrip())
        charset, media = _declared(response.headers.get("content-type", ""), url)
        content = await _body(response, url)
        return Page(
            content,
            input=url,
            url=str(response.url),
            charset=charset,
            media=media,
            fetched=datetime.now(UTC).isoformat(timespec="seconds"),
        )


def _declared(content_type: str, url: str) -> tuple[str, MediaKind | None]:
    header = Message()
    header["Content-Type"] = content_type
    kind = header.get_content_type() if content_type else ""
    charset = header.get_content_charset("") if content_type else ""
    if kind in _HTML_TYPES:
        return charset, "html"
    if kind == "text/plain":
        # Servers say text/plain of whatever they do not know; the content tells better.
        return charset, None
    if kind.startswith("text/") or kind in _UNSAID_TYPES + _TEXT_TYPES:
        return charset, None
    raise FetchError(f"{url}: is {kind}, not HTML or text; give the address of an article")


async def _body(response: httpx.Response, url: str) -> bytes:
    return limits.unpacked(await _received(response, url), url)


async def _received(response: httpx.Response, url: str) -> bytes:
    parts: list[bytes] = []
    size = 0
    async for part in response.aiter_bytes():
        parts.append(part)
        size += len(part)
        if size > limits.PAGE_BYTES:
            raise limits.too_large(url)
    return b"".join(parts)
