"""Articles as a web page that needs nothing else: no script, no font, no image, nothing fetched.

Whatever comes from the article is escaped, links lead to http(s) alone, and a policy in the page's head forbids what
should get past that.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib import resources

from onrecord.formats.iris import address_of
from onrecord.formats.marked import KEYS, anchor, entry, escaped, keys_of, letters, marked_text
from onrecord.schema import Act, Article, Speaker, Statement

_POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
_WORDS = 120
_LEGEND = (
    '<p class="legend"><mark class="content key0">what is reported</mark> by <b class="source">whom</b>, '
    '<i class="cue">with which words</i>, on <span class="condition">which condition</span>. '
    "A number names the statement, its letter the speaker. "
    '<span class="repair">Words so marked</span> were mended: rest the pointer there, or click, to see what they '
    "were.</p>"
)
CLOSING = "</main>\n</body>\n</html>\n"


def page(article: Article) -> str:
    """One article as a complete HTML page."""
    return opening(titled(article)) + rendered(article, "") + CLOSING


def opening(title: str) -> str:
    """A page up to where its first article goes; `CLOSING` ends it."""
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="referrer" content="no-referrer">\n'
        f"<title>{escaped(title)} – onrecord</title>\n<style>\n{style()}</style>\n</head>\n<body>\n<main>\n"
    )


def style() -> str:
    """The style sheet of a whole page."""
    return article_style() + _sheet("page.css")


def article_style() -> str:
    """The style sheet of an article amid other things: every rule is for what is inside an element `.onrecord`."""
    return _sheet("article.css")


@cache
def _sheet(name: str) -> str:
    return resources.files("onrecord.formats").joinpath(name).read_text(encoding="utf-8")


def rendered(article: Article, prefix: str) -> str:
    """One article as an element `.onrecord`: what it is, its text, its statements; ids in it begin with `prefix`."""
    return (
        f'<article class="onrecord" lang="{escaped(article.lang)}">\n<header>{_head(article)}</header>\n'
        f'<div class="text">\n{marked_text(article, prefix)}\n</div>\n'
        f'<aside lang="en" aria-label="Statements">\n{_LEGEND}\n{statement_list(article, prefix)}\n'
        f"{_problems(article)}</aside>\n</article>\n"
    )


def statement_list(article: Article, prefix: str = "") -> str:
    """The statements as a list, each entry with who, how and why, and a link to its place in the text."""
    keys = keys_of(article)
    numbers = {one.id: str(number) for number, one in enumerate(article.statements, start=1)}
    entries = []
    for number, one in enumerate(article.statements, start=1):
        name = anchor(prefix, one)
        label = f"{number}{letters(keys[one.id])}"
        link = f'<a class="number" href="#{name}" title="to its place in the text">{label}</a>'
        told = _entry(one, article, numbers)
        entries.append(f'<li id="{entry(prefix, one)}" class="key{keys[one.id] % KEYS}">{link} {told}</li>')
    return '<ol class="statements">\n' + "\n".join(entries) + "\n</ol>" if entries else "<p>No statements.</p>"


def _entry(statement: Statement, article: Article, numbers: Mapping[str, str]) -> str:
    outer = numbers.get(statement.nested_in or "")
    facts = [statement.kind, statement.manner if statement.manner != "speech" else ""]
    facts += [f"to {', '.join(statement.addressee)}"] if statement.addressee else []
    facts += [f"on {statement.said_on}"] if statement.said_on else []
    facts += [statement.venue or "", f"inside {outer}" if outer else ""]
    lines = [
        ("who", _who(statement.speaker) + ('<strong class="denied">NOT SAID</strong>' if statement.negated else "")),
        ("words", _isolated(_short(statement.content_text))),
        ("acts", " · ".join(_isolated(_act(act, article)) for act in statement.acts)),
        ("facts", " · ".join([_isolated(fact) for fact in facts if fact] + [_sure(statement)])),
        ("why", _isolated(statement.speaker.because) if statement.speaker else ""),
        ("why", _isolated(statement.because)),
    ]
    return "".join(f'<p class="{name}">{line}</p>' for name, line in lines if line)


def _who(speaker: Speaker | None) -> str:
    if speaker is None:
        return "speaker not known"
    name = f'<b class="name">{_isolated(speaker.name)}</b>' if speaker.name else "unnamed"
    details = [speaker.role, speaker.country, *(f"with {other}" for other in speaker.others)]
    return ", ".join([name, *(_isolated(detail) for detail in details if detail)])


def _sure(statement: Statement) -> str:
    speaker = statement.speaker
    named = f", speaker {speaker.confidence:.2f}" if speaker and speaker.name else ""
    return f"confidence {statement.confidence:.2f}{named}"


def _act(act: Act, article: Article) -> str:
    mode = f" ({act.mode})" if act.mode else ""
    return act.act + mode + (f" if “{_short(article[act.condition])}”" if act.condition else "")


def _head(article: Article) -> str:
    """What the article is, and its title where no block of the text is its headline."""
    title = (
        "" if any(block.kind == "headline" for block in article.blocks) else f"<h2>{_isolated(titled(article))}</h2>"
    )
    day = article.published
    facts = [article.agency or article.publisher, *article.bylines, article.place]
    facts += [f"{day.date} (by {day.how})"] if day else []
    address = address_of(article)
    link = (
        f'<a href="{escaped(address)}" rel="noopener noreferrer nofollow">{_isolated(address)}</a>' if address else ""
    )
    told = [_isolated(fact) for fact in dict.fromkeys(facts) if fact] + [link] * bool(link)
    return title + (f'<p class="facts">{" · ".join(told)}</p>' if told else "")


def _problems(article: Article) -> str:
    lines = [f"<li>{_isolated(f'{problem.stage}: {problem.message}')}</li>" for problem in article.problems]
    return '<ul class="problems">' + "".join(lines) + "</ul>\n" if lines else ""


def _isolated(text: str) -> str:
    """A stranger's words amid ours, whose direction of writing must not turn what stands around them."""
    return f"<bdi>{escaped(text)}</bdi>"


def _short(text: str) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= _WORDS else f"{flat[: _WORDS - 1]}…"


def titled(article: Article) -> str:
    """What to call the article: its headline, else where it is from."""
    source = "standard input" if article.input == "-" else article.input
    return article.headline or article.url or source or article.id or "article"
