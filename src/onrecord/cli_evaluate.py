"""The commands `evaluate` and `convert`: how well statements were found, and annotations from tool to tool."""

from __future__ import annotations

import io
import sys
from collections import Counter
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from onrecord.cli_common import EXIT_SOME_FAILED, complain, counted, many, problems_told, writer_of, written
from onrecord.errors import InputError
from onrecord.schema import Failure

app = typer.Typer()


class EvaluationFormat(StrEnum):
    """What `evaluate` can print."""

    TEXT = "text"
    JSON = "json"


class FromForm(StrEnum):
    """What `convert` can read."""

    LINES = "lines"
    BRAT = "brat"
    INCEPTION = "inception"
    LABELSTUDIO = "labelstudio"
    PARQUET = "parquet"


class ToForm(StrEnum):
    """What `convert` can write."""

    CORPUS = "corpus"
    JSONL = "jsonl"
    BRAT = "brat"
    INCEPTION = "inception"
    LABELSTUDIO = "labelstudio"
    CASES = "cases"
    CSV = "csv"
    HTML = "html"
    WEBANNOTATION = "webannotation"
    PARQUET = "parquet"


@app.command(
    epilog="Example: onrecord evaluate gold.jsonl mine.jsonl theirs.jsonl   ·   onrecord evaluate brat/ mine.jsonl"
)
def evaluate(
    gold: Annotated[str, typer.Argument(metavar="GOLD", help="What is right: JSONL, or what annotation tools export.")],
    predicted: Annotated[str, typer.Argument(metavar="PREDICTED", help="What was found, in the same documents.")],
    other: Annotated[
        str | None, typer.Argument(metavar="[OTHER]", help="What another system found: is the difference chance?")
    ] = None,
    draws: Annotated[int, typer.Option(min=0, max=100_000, help="Samples for the intervals; 0 for none.")] = 1_000,
    seed: Annotated[int, typer.Option(min=0, help="What the samples are drawn with.")] = 0,
    form: Annotated[EvaluationFormat, typer.Option("--format", "-f", help="What to print.")] = EvaluationFormat.TEXT,
    output: Annotated[Path | None, typer.Option("--output", "-o", help="Where to write; else standard output.")] = None,
) -> None:
    """Tell how well statements were found: precision, recall, F1, with intervals, and whether one system is better."""
    from onrecord.evaluation import evaluate as evaluated
    from onrecord.formats.evaluated import print_evaluation

    found = evaluated(gold, predicted, other, draws, seed)
    with written(output) as out:
        text = io.TextIOWrapper(out, encoding="utf-8", newline="", write_through=True)
        print_evaluation(found, form.value, text)
        text.detach()


@app.command(
    epilog="Example: onrecord convert mine.jsonl --to brat -o b/   ·   onrecord convert b/ --to corpus -o gold.jsonl"
)
def convert(
    inputs: Annotated[
        list[Path],
        typer.Argument(metavar="INPUT...", help="JSONL, or a file or folder of brat, INCEpTION or Label Studio."),
    ],
    to: Annotated[ToForm, typer.Option("--to", help="What to write; most are for a folder.")],
    given: Annotated[FromForm | None, typer.Option("--from", help="What every input is; else its name tells.")] = None,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="A file, or a folder for what is several files.")
    ] = None,
) -> None:
    """Carry annotated articles from one tool or corpus format to another."""
    from onrecord.exchange import articles_in

    tally: Counter[str] = Counter()
    problems: Counter[str] = Counter()
    with writer_of(to.value, output) as writer:
        for path in inputs:
            try:
                for result in counted(articles_in(path, given.value if given else None), "articles"):
                    if isinstance(result, Failure):
                        tally["failed"] += 1
                        complain(result.error)
                        continue
                    tally["articles"] += 1
                    tally["statements"] += len(result.statements)
                    problems.update({f"{one.stage}: {one.message}" for one in result.problems})
                    writer.send(result)
            except InputError as error:
                tally["failed"] += 1
                complain(str(error))
    parts = [f"{many(tally['articles'], 'article')} written, {many(tally['statements'], 'statement')}"]
    parts += [f"{many(tally['failed'], 'input')} failed"] * bool(tally["failed"])
    print(f"onrecord: {'; '.join([*parts, *problems_told(problems)])}", file=sys.stderr)
    raise typer.Exit(EXIT_SOME_FAILED if tally["failed"] else 0)
