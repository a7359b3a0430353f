"""What of a crawl was not asked for, told before anything costly is done with it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from urllib.parse import urlsplit

from onrecord.errors import UsageError
from onrecord.languages.detection import detect
from onrecord.schema import Page

_LOOKED_AT = 400_000
_ENOUGH = 3_000
_LEAST = 400
"""Characters of prose below which no language is told."""
_PARAGRAPH = re.compile(r"<p(?:\s[^<>]{0,500})?>([^\0]{60,3000}?)</p", re.IGNORECASE)
_HOST = re.compile(r"[\w-]{1,63}(?:\.[\w-]{1,63}){0,20}")
_TAG = re.compile(r"<[^<>]{0,2000}>")


def unwanted(page: Page, languages: Sequence[str], domains: Sequence[str]) -> str:
    """Why a page was not asked for; nothing if it was, or if only taking it apart will tell."""
    # One without an address may name its own.
    reason = other_host(page.url, domains) if page.url else ""
    return reason or other_language(page.lang or guessed(page) if languages else "", languages)


def other_host(url: str, domains: Sequence[str]) -> str:
    """That a page at the address `url` was not asked for; nothing if it was."""
    if not domains or of_domains(url, domains):
        return ""
    return f"the host {host_of(url) or 'is not told'}" if url else "no address, so no host"


def asked_host(given: str) -> str:
    """The host that `--domain` means, by name or by an address on it; raises `UsageError` if there is none in it."""
    host = host_of(given if "//" in given else f"//{given.removeprefix('*.')}")
    if not _HOST.fullmatch(host):
        raise UsageError(f"{given!r} is no host; write one such as example.org")
    return host


def other_language(lang: str, languages: Sequence[str]) -> str:
    """That a page in the language `lang` was not asked for; nothing if it was, or if `lang` is not told."""
    if not lang or not languages or re.split("[-_]", lang.lower())[0] in languages:
        return ""
    return "another language" if lang == _OTHER else f"in the language {lang}"


def of_domains(url: str, domains: Sequence[str]) -> bool:
    """Whether the host of an address is one of `domains` or below one."""
    host = host_of(url)
    return any(host == domain or host.endswith(f".{domain}") for domain in domains)


def host_of(url: str) -> str:
    """The host of an address, without `www.`; nothing where there is none."""
    try:
        return (urlsplit(url).hostname or "").removeprefix("www.")
    except ValueError:
        return ""


_OTHER = "?"


def guessed(page: Page) -> str:
    """The language of a page's paragraphs, `?` for one that onrecord has no rules for; nothing if they are too few.

    A thirtieth of the work of taking the page apart, and only meant to leave pages out by: bench/batch.py measures how
    many it leaves out wrongly.
    """
    content = page.content
    text = content[:_LOOKED_AT] if isinstance(content, str) else _decoded(content[:_LOOKED_AT], page.charset)
    prose = text[:_ENOUGH] if page.media == "text" else _paragraphs(text)
    if len(prose) < _LEAST:
        return ""
    return detect(prose) or _OTHER


def _decoded(content: bytes, charset: str) -> str:
    try:
        return content.decode(charset or "utf-8", "replace")
    except LookupError:
        return content.decode("utf-8", "replace")


def _paragraphs(html: str) -> str:
    """What stands between the tags of paragraphs, some thousand characters of it."""
    found: list[str] = []
    size = 0
    for paragraph in _PARAGRAPH.finditer(html):
        words = " ".join(_TAG.sub(" ", paragraph[1]).split())
        if len(words) >= 60:
            found.append(words)
            size += len(words)
            if size >= _ENOUGH:
                break
    return "\n".join(found)
