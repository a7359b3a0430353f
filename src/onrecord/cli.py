"""The command line. It parses arguments, shows progress and sets the exit code; the work is done elsewhere."""

from __future__ import annotations

import io
import os
import sys
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import IO, TYPE_CHECKING, Annotated, cast

import msgspec
import typer

from onrecord import (
    __version__,
    cli_annotate,
    cli_archive,
    cli_batch,
    cli_evaluate,
    cli_integrations,
    cli_semantic,
    cli_serve,
    cli_watch,
)
from onrecord.cli_common import (
    EXIT_SOME_FAILED,
    OWN_ACTORS,
    By,
    Carrier,
    complain,
    counted,
    gazetteer,
    in_language,
    known_language,
    many,
    problems_told,
    writer_of,
    written,
)
from onrecord.errors import OnrecordError
from onrecord.schema import Article, Failure, Statement

if TYPE_CHECKING:
    from onrecord.formats.writers import Writer


app = typer.Typer(
    name="onrecord",
    help="Who said what, to whom, when, and where is the proof.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


app.add_typer(cli_archive.app)
app.add_typer(cli_annotate.app)
app.add_typer(cli_batch.app)
app.add_typer(cli_evaluate.app)
app.add_typer(cli_semantic.app)
app.add_typer(cli_serve.app)
app.add_typer(cli_integrations.app)
app.add_typer(cli_watch.app)


class Format(StrEnum):
    """What `read` can print."""

    TEXT = "text"
    JSON = "json"
    JSONL = "jsonl"
    CSV = "csv"
    HTML = "html"
    BRAT = "brat"
    INCEPTION = "inception"
    LABELSTUDIO = "labelstudio"
    WEBANNOTATION = "webannotation"
    SCHEMAORG = "schemaorg"
    PARQUET = "parquet"


class Kind(StrEnum):
    """How the content of a statement can be given."""

    DIRECT = "direct"
    MIXED = "mixed"
    INDIRECT = "indirect"


class ActorFormat(StrEnum):
    """What `actors` can print."""

    TEXT = "text"
    JSON = "json"


def _version(asked: bool) -> None:
    if asked:
        print(f"onrecord {__version__}")
        raise typer.Exit


@app.callback()
def options(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version and stop.")
    ] = False,
) -> None:
    """Who said what, to whom, when, and where is the proof."""


@app.command(
    epilog="Example: onrecord read story.html   ·   onrecord read pages/ --format csv --kind direct -o quotes.csv",
)
def read(
    inputs: Annotated[
        list[str],
        typer.Argument(metavar="INPUT...", help="Files, folders, globs, http(s) addresses, or - for standard input."),
    ],
    form: Annotated[
        Format | None, typer.Option("--format", "-f", help="What to print; else the suffix of OUTPUT tells, else text.")
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", help="A file, a folder for what is several files; else standard output."),
    ] = None,
    kinds: Annotated[list[Kind] | None, typer.Option("--kind", help="Only these kinds; may be repeated.")] = None,
    sure: Annotated[
        float, typer.Option("--min-confidence", min=0, max=1, help="Only statements found with this confidence.")
    ] = 0.0,
    told: Annotated[
        float, typer.Option("--min-speaker-confidence", min=0, max=1, help="Only with a speaker named this surely.")
    ] = 0.0,
    engine: Annotated[By, typer.Option("--engine", help="The trained tagger, or the faster rules.")] = By.MODEL,
    lang: Annotated[str, typer.Option("--lang", help="The language of every input, such as en.")] = "",
    carrier: Annotated[Carrier | None, typer.Option("--as", help="What every input is; else content tells.")] = None,
    actors_file: Annotated[Path | None, typer.Option("--actors", help=OWN_ACTORS)] = None,
) -> None:
    """Read pages and print who said what on them."""
    from onrecord.intake import pages
    from onrecord.pipeline import read_pages

    known_language(lang)
    wanted = frozenset(kind.value for kind in kinds or ())
    found = read_pages(
        in_language(pages(inputs, carrier.value if carrier else None), lang), engine.value, gazetteer(actors_file)
    )
    results = (_chosen(result, wanted, sure, told) for result in counted(found, "pages"))
    form = form or _form_of(output)
    with writer_of(form.value, output) as writer:
        tally = _send(results, writer)
    if tally.articles + tally.failures > 1 and (form is not Format.TEXT or output is not None):
        print(f"onrecord: {tally}", file=sys.stderr)
    raise typer.Exit(EXIT_SOME_FAILED if tally.failures else 0)


def _form_of(output: Path | None) -> Format:
    """The form that a file's suffix asks for: CSV for `quotes.csv`; text for any other and for none."""
    suffix = output.suffix.removeprefix(".").lower() if output else ""
    return Format(suffix) if suffix in list(Format) else Format.TEXT


def _chosen(result: Article | Failure, kinds: frozenset[str], sure: float, told: float) -> Article | Failure:
    """The article with the statements asked for: of these kinds, this sure, with a speaker named this surely."""
    if isinstance(result, Failure):
        return result

    def wanted(one: Statement) -> bool:
        named = one.speaker.confidence if one.speaker and one.speaker.name else 0.0
        return (not kinds or one.kind in kinds) and one.confidence >= sure and named >= told

    return msgspec.structs.replace(result, statements=tuple(filter(wanted, result.statements)))


@app.command(epilog="Example: onrecord attribute corpus.jsonl.gz -o attributed.jsonl")
def attribute(
    corpus: Annotated[
        str, typer.Argument(metavar="CORPUS", help='JSONL, gzipped or not, with a "text" a line; - for standard input.')
    ],
    output: Annotated[Path | None, typer.Option("--output", "-o", help="Where to write; else standard output.")] = None,
    engine: Annotated[By, typer.Option("--engine", help="The trained tagger, or the faster rules.")] = By.MODEL,
    lang: Annotated[
        str, typer.Option("--lang", help='The language of every text; else its "lang", else what its words tell.')
    ] = "",
) -> None:
    """Add attributions to each text of a corpus, taken as it stands."""
    from onrecord.corpus import attributed_lines

    known_language(lang)
    with written(output) as out:
        failed = _write_lines(counted(attributed_lines(corpus, lang or None, engine.value), "texts"), out)
    raise typer.Exit(EXIT_SOME_FAILED if failed else 0)


@app.command(epilog="Example: onrecord acts statements.jsonl.gz -o acts.jsonl")
def acts(
    corpus: Annotated[
        str,
        typer.Argument(
            metavar="CORPUS",
            help='JSONL, gzipped or not, a statement or sentence as "text" a line; - for standard input.',
        ),
    ],
    output: Annotated[Path | None, typer.Option("--output", "-o", help="Where to write; else standard output.")] = None,
    lang: Annotated[
        str, typer.Option("--lang", help='The language of every text; else its "lang", else what its words tell.')
    ] = "",
    actors_file: Annotated[Path | None, typer.Option("--actors", help=OWN_ACTORS)] = None,
) -> None:
    """Add to each statement of a corpus what it does: offers, demands, refusals, threats, with their conditions."""
    from onrecord.corpus import acted_lines

    known_language(lang)
    with written(output) as out:
        failed = _write_lines(counted(acted_lines(corpus, lang or None, gazetteer(actors_file)), "texts"), out)
    raise typer.Exit(EXIT_SOME_FAILED if failed else 0)


@app.command(epilog="Example: onrecord repair story.txt > mended.txt   ·   onrecord repair --jsonl rows.jsonl")
def repair(
    given: Annotated[
        str, typer.Argument(metavar="[INPUT]", help="A file, an http(s) address, or - for standard input.")
    ] = "-",
    output: Annotated[Path | None, typer.Option("--output", "-o", help="Where to write; else standard output.")] = None,
    jsonl: Annotated[
        bool, typer.Option("--jsonl", help='Lines {"id", "broken"} in, lines {"id", "fixed", "repairs"} out.')
    ] = False,
) -> None:
    """Undo mojibake in a text; what was repaired is told on standard error."""
    from onrecord import mojibake

    if jsonl:
        with written(output) as out:
            failed = _write_lines(counted(mojibake.repaired_lines(given), "texts"), out)
        raise typer.Exit(EXIT_SOME_FAILED if failed else 0)
    fixed = mojibake.repaired_input(given)
    with written(output) as out:
        out.write(fixed.text.encode("utf-8"))
        out.flush()
    print(f"onrecord: {mojibake.summary(fixed.repairs)}", file=sys.stderr)


def _write_lines(lines: Iterable[bytes | Failure], out: IO[bytes]) -> int:
    """Write what came out and complain of each failure; how many of these there were."""
    failed = 0
    for line in lines:
        if isinstance(line, Failure):
            failed += 1
            complain(line.error)
        else:
            out.write(line + b"\n")
    return failed


@app.command(epilog="Example: onrecord actors French president --on 2016-05-01   ·   onrecord actors Песков")
def actors(
    query: Annotated[
        list[str], typer.Argument(metavar="QUERY...", help="Words of a name in any script, an office, a country.")
    ],
    day: Annotated[
        str, typer.Option("--on", metavar="DATE", help="Only who held an office then: 2021, 2021-01 or 2021-01-20.")
    ] = "",
    form: Annotated[ActorFormat, typer.Option("--format", "-f", help="What to print.")] = ActorFormat.TEXT,
    actors_file: Annotated[Path | None, typer.Option("--actors", help=OWN_ACTORS)] = None,
) -> None:
    """Look up people, offices, bodies and countries that speakers point to; exit code 1 if there are none."""
    from onrecord.actors.gazetteer import shipped
    from onrecord.archive.order import is_day
    from onrecord.formats.actors import as_json, as_text

    if day and not is_day(day):
        raise typer.BadParameter(f"{day!r} is no date; write 2021, 2021-01 or 2021-01-20", param_hint="--on")
    known = gazetteer(actors_file) or shipped()
    found = known.search(" ".join(query), day)
    if form is ActorFormat.JSON:
        print(as_json(found))
    elif found:
        print(as_text(found, day))
    if not found:
        complain(f"no actor known by {' '.join(query)!r}" + (f" who held an office on {day}" if day else ""))
    raise typer.Exit(0 if found else EXIT_SOME_FAILED)


@dataclass(slots=True)
class _Tally:
    """What a run came to."""

    articles: int = 0
    statements: int = 0
    failures: int = 0
    problems: Counter[str] = field(default_factory=Counter)

    def count(self, article: Article) -> None:
        self.articles += 1
        self.statements += len(article.statements)
        self.problems.update({problem.message for problem in article.problems})

    def __str__(self) -> str:
        parts = [f"{many(self.articles, 'page')} read, {many(self.statements, 'statement')}"]
        parts += [f"{many(self.failures, 'input')} failed"] * bool(self.failures)
        return "; ".join([*parts, *problems_told(self.problems)])


def _send(results: Iterable[Article | Failure], writer: Writer) -> _Tally:
    """Write every article, and every failure to standard error."""
    tally = _Tally()
    for result in results:
        if isinstance(result, Failure):
            tally.failures += 1
            complain(result.error)
        else:
            tally.count(result)
            writer.send(result)
    return tally


def _mend_streams() -> None:
    """Open the standard streams that the caller closed, and let what a terminal cannot show be shown as `?`.

    A closed one would otherwise pass its number on to the next file opened, and messages would go there.
    """
    for number, name, mode in ((0, "stdin", "r"), (1, "stdout", "w"), (2, "stderr", "w")):
        if getattr(sys, name) is None:
            os.open(os.devnull, os.O_RDWR)
            setattr(sys, name, open(number, mode, encoding="utf-8", errors="replace"))  # noqa: SIM115 (stays open)
    cast(io.TextIOWrapper, sys.stdout).reconfigure(errors="replace")


def main() -> None:
    """Run the command line; a foreseen error is one line and exit code 1, a closed pipe no error but exit code 1."""
    _mend_streams()
    try:
        app()
    except OnrecordError as error:
        complain(str(error))
    except OSError as error:
        # Inputs and `-o` have their own errors: this is standard output. What is left in its buffer has to go as well.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        if not isinstance(error, BrokenPipeError):
            complain(f"standard output cannot be written ({error.strerror or error})")
    else:
        return
    sys.exit(EXIT_SOME_FAILED)
