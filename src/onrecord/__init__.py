"""Who said what, to whom, when, and where is the proof?

>>> import onrecord
>>> article = onrecord.read("The bridge is safe, Mayor Anna Roe said.")
>>> [(s.speaker.name, s.content_text) for s in article.statements]
[('Anna Roe', 'The bridge is safe')]
"""

from __future__ import annotations

from collections.abc import Iterable
from os import PathLike
from typing import TYPE_CHECKING, Any

from onrecord.errors import FetchError, InputError, LimitError, OnrecordError, PageError, UsageError
from onrecord.schema import (
    Act,
    Article,
    Block,
    Engine,
    Failure,
    Page,
    Passage,
    Problem,
    Published,
    Repair,
    Span,
    Speaker,
    Statement,
)

if TYPE_CHECKING:
    from onrecord.evaluation import Evaluation
    from onrecord.evaluation.documents import Documents
    from onrecord.integrations.arrow_tables import Tables
    from onrecord.page.repair import Repaired

    __version__: str
else:

    def __getattr__(name: str) -> str:
        """The version of the installed package, looked up when somebody asks: that takes as long as all the rest."""
        if name != "__version__":
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        from importlib import metadata

        try:
            globals()[name] = metadata.version("onrecord")
        except metadata.PackageNotFoundError:  # a bare source tree on the path
            globals()[name] = "0.0"
        return globals()[name]


__all__ = [
    "Act",
    "Article",
    "Block",
    "Engine",
    "Failure",
    "FetchError",
    "InputError",
    "LimitError",
    "OnrecordError",
    "Page",
    "PageError",
    "Passage",
    "Problem",
    "Published",
    "Repair",
    "Span",
    "Speaker",
    "Statement",
    "UsageError",
    "attribute",
    "evaluate",
    "read",
    "read_many",
    "repair",
    "to_dict",
]


def read(source: str | bytes | PathLike[str] | Page, engine: Engine = "model") -> Article:
    """The article that `source` holds, with its statements and their speakers.

    `source` is a `Page`, the bytes or the text of one, or its location: a path, or a string that is an http(s)
    address or names an existing file. Any other string is taken for the text itself, except one without a space,
    which can only be a location mistyped. `engine` is `model`, the trained tagger where there is one for the language,
    or `rules`, which take a third of the time for a page and find less. Raises an `InputError` if there is nothing to
    read.
    """
    # Imported here so that `import onrecord` stays quick: the page stage alone takes ten times as long to load.
    from onrecord.intake import page_of
    from onrecord.pipeline import read_page

    return read_page(page_of(source), engine)


def read_many(
    sources: str | bytes | PathLike[str] | Page | Iterable[str | bytes | PathLike[str] | Page], engine: Engine = "model"
) -> Tables:
    """What many pages say, as Arrow tables: `statements`, their `articles`, and `failures` for what cannot be read.

    A source is what `read` takes, or a location of several pages: a folder, a glob pattern, a file of JSONL. Sources
    are taken one after the other, as from a generator, and none that fails ends the run. The result can be given to
    pandas, polars or DuckDB as it is, for its statements. Raises `UsageError` without pyarrow (`onrecord[parquet]`).
    """
    from onrecord.integrations.arrow_tables import tables_of

    return tables_of(sources, engine)


def attribute(text: str, lang: str = "", engine: Engine = "model") -> tuple[Statement, ...]:
    """The statements of a text taken as it stands, with their speakers: no repair, no parts left out.

    Raises `UsageError` for a language without rules.
    """
    from onrecord import pipeline

    return pipeline.attribute(text, lang, engine)


def evaluate(
    gold: Documents, predicted: Documents, other: Documents | None = None, draws: int = 1_000, seed: int = 0
) -> Evaluation:
    """How well `predicted`, and perhaps `other`, have found the statements of `gold`; see `docs/evaluation.md`.

    Each is a path to JSONL or to what an annotation tool exported, or articles, or objects with `id`, `text` and
    `attributions`. Raises `InputError` for what cannot be understood or does not fit together.
    """
    from onrecord import evaluation

    return evaluation.evaluate(gold, predicted, other, draws, seed)


def repair(text: str) -> Repaired:
    """`text` with its mojibake undone, and each repair with its place, what stood there, and the steps that undid it.

    >>> fixed = onrecord.repair("The cafÃ© is closed.")
    >>> fixed.text, fixed.repairs[0].original, fixed.repairs[0].steps
    ('The café is closed.', 'Ã©', ('encode sloppy-windows-1252', 'decode utf-8'))
    """
    from onrecord.page import repair

    return repair.repair(text, within=len(text))


def to_dict(article: Article) -> dict[str, Any]:
    """The article as plain lists and dictionaries, as `onrecord read --format json` prints it."""
    from onrecord.formats.wire import article_object

    return article_object(article)


def _in_notebook(article: Article) -> str:
    """The article as Jupyter shows it: the text with its statements marked, and who said them."""
    from onrecord.formats.notebook import fragment

    return fragment(article)


# Bound here because the records know nothing of what shows them.
Article._repr_html_ = _in_notebook  # type: ignore[attr-defined]
