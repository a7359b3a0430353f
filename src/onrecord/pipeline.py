"""The order of the stages, which nothing else knows: page → article → statements → speakers → circumstances → acts."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial

import msgspec

from onrecord.actors.gazetteer import Gazetteer
from onrecord.attribution import attribute as find_in_text
from onrecord.attribution import find_statements, main_language, told
from onrecord.attribution.relation import Ends
from onrecord.attribution.words import paragraphs
from onrecord.circumstances import circumstances
from onrecord.errors import OnrecordError, PageError
from onrecord.languages.detection import by_letters, detect
from onrecord.page import take_apart
from onrecord.positions import acts_in, positions
from onrecord.schema import Act, Article, Block, Engine, Failure, Page, Problem, Statement
from onrecord.speakers import resolve


def read_page(page: Page, engine: Engine = "model", actors: Gazetteer | None = None) -> Article:
    """The article that a page holds, with its statements and their speakers.

    Raises an `InputError` if the page holds nothing that can be taken apart. A later stage that fails on an article
    costs that stage's findings, not the article: its `problems` name the stage. Speakers point to the actors of the
    gazetteer given, else of the one that onrecord ships.
    """
    return with_statements(without_statements(page), engine, actors)


def without_statements(page: Page) -> Article:
    """The article that a page holds, as far as the first stage goes; raises an `InputError` if it holds none."""
    try:
        return take_apart(page)
    except OnrecordError:
        raise
    except Exception as bug:  # the last net: whatever a hostile page does to a parser, the run goes on
        raise PageError(f"{page.input or 'page'}: could not be taken apart ({described(bug)})") from bug


def with_statements(article: Article, engine: Engine = "model", actors: Gazetteer | None = None) -> Article:
    """The article with what the later stages find in it; a stage that fails leaves a problem instead."""
    stages: tuple[tuple[str, Callable[[Article], Article]], ...] = (
        ("attribution", partial(find_statements, engine=engine)),
        ("speakers", partial(resolve, gazetteer=actors)),
        ("circumstances", circumstances),
        ("positions", partial(positions, gazetteer=actors)),
    )
    for name, stage in stages:
        try:
            article = stage(article)
        except Exception as bug:  # see above
            problem = Problem(name, f"failed and was left out ({described(bug)}); please report the page")
            article = msgspec.structs.replace(article, problems=(*article.problems, problem))
    return article


def read_pages(
    pages: Iterable[Page | Failure], engine: Engine = "model", actors: Gazetteer | None = None
) -> Iterator[Article | Failure]:
    """An article or a failure for each page, in order, as they are asked for."""
    for page in pages:
        if isinstance(page, Failure):
            yield page
            continue
        try:
            yield read_page(page, engine, actors)
        except OnrecordError as error:
            name = "standard input" if page.input == "-" else page.input
            yield Failure(page.input, str(error) if name in str(error) else f"{name}: {error}")


def attribute(
    text: str, lang: str = "", engine: Engine = "model", within: Sequence[Ends] = ()
) -> tuple[Statement, ...]:
    """The statements of a text taken as it stands, with their speakers: no repair, no parts left out.

    `lang` is the language of the whole text; without it, each paragraph tells its own. Where `within` names stretches
    of the text, nothing is looked for beyond them. Raises `UsageError` for a language without rules.

    >>> attribute("Rain is due, Mayor Anna Roe said.")[0].speaker.name
    'Anna Roe'
    """
    bounds = [inside for part in within for inside in paragraphs(text, *part)] if within else told(text, lang)
    statements = find_in_text(text, bounds, lang, engine)
    blocks = tuple(Block("body", start, end) for start, end in bounds)
    return resolve(
        Article(id="", text=text, lang=main_language(text, lang), blocks=blocks, statements=statements)
    ).statements


def acts(text: str, lang: str = "", actors: Gazetteer | None = None) -> tuple[Act, ...]:
    """What one statement or sentence, taken as it stands, does, with who acts on whom; the weightiest act comes first.

    Without `lang` its words tell the language. Raises `UsageError` for a language without rules; where there are no
    frames for a language, there are no acts.
    """
    told(text, lang)
    return acts_in(text, lang or detect(text) or by_letters(text), actors)


def described(bug: Exception) -> str:
    """A fault of ours in a line: its kind and its words."""
    words = " ".join(str(bug).split())
    return f"{type(bug).__name__}: {words[:200]}" if words else type(bug).__name__
