"""What a worker does with a shard, in each of the two phases; the rows depend on the shard alone."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import msgspec

from onrecord.batch import manifest
from onrecord.batch.filters import other_host, other_language, unwanted
from onrecord.batch.keeper import Keeper, Lost
from onrecord.batch.messages import FindStatements, Found, Refused, TakeApart, Taken, article_in
from onrecord.batch.places import Folder
from onrecord.batch.records import Settings, Shard, Tally, Trouble
from onrecord.batch.sources import shard_pages
from onrecord.batch.tables import Rows, apart_schema, dated, problems_schema, rows
from onrecord.schema import Article, Page

APART = f"{manifest.WORK}/apart"
DUPLICATES = f"{manifest.WORK}/duplicates.parquet"


class Clock:
    """Tells how much processor time this process spent since it was last asked."""

    def __init__(self) -> None:
        self._last = time.process_time()

    def lap(self) -> float:
        """In seconds."""
        now = time.process_time()
        spent, self._last = now - self._last, now
        return spent


def take_apart(shard: Shard, settings: Settings, folder: Folder, keeper: Keeper) -> Tally:
    """The first phase: decode and take apart the pages that were asked for, and keep what tells duplicates."""
    tally = Tally(shards=1, size=shard.size)
    kept = rows(folder, f"{APART}/{shard.name}.parquet", apart_schema())
    told = rows(folder, f"problems/{shard.name}-apart.parquet", problems_schema(), 1_000)
    with kept as articles, told as problems:
        for number, found in enumerate(_apart(shard, settings, keeper, tally)):
            if isinstance(found, Trouble):
                _tell(found, problems, tally)
            else:
                page, taken = found
                articles.send(_apart_row(shard, number, page, taken))
                tally.articles += 1
                for problem in taken.problems:
                    _tell(Trouble(page.input, problem.stage, "noted", problem.message, taken.url), problems, tally)
        clock = Clock()
    _spent(tally, "write", clock.lap())
    manifest.note(folder, "apart", shard, tally)
    return tally


def _apart(shard: Shard, settings: Settings, keeper: Keeper, tally: Tally) -> Iterator[Trouble | tuple[Page, Taken]]:
    clock = Clock()
    for page in shard_pages(shard):
        _spent(tally, "read", clock.lap())
        if isinstance(page, Trouble):
            tally.pages += page.stage != "file"
            yield page
            continue
        tally.pages += 1
        reason = unwanted(page, settings.languages, settings.domains)
        _spent(tally, "filter", clock.lap())
        if reason:
            yield Trouble(page.input, "filter", "left_out", reason, page.url)
            continue
        answer = keeper.ask(TakeApart.of(page))
        _spent(tally, "hand over", clock.lap())
        if isinstance(answer, Taken):
            _spent(tally, "extract", answer.seconds)
            reason = other_language(answer.lang, settings.languages)
            if not page.url:
                reason = reason or other_host(answer.url, settings.domains)
            yield Trouble(page.input, "filter", "left_out", reason, answer.url) if reason else (page, answer)
        else:
            yield _trouble(answer, page.input, page.url, "page")
        _spent(tally, "write", clock.lap())


def _apart_row(shard: Shard, number: int, page: Page, taken: Taken) -> dict[str, Any]:
    return {
        "shard": shard.number,
        "number": number,
        "id": taken.id,
        "place": page.input,
        "fetched": page.fetched,
        "address": taken.address,
        "digest": taken.digest,
        "scale": taken.scale,
        "hashes": list(taken.hashes),
        "article": taken.article,
    }


def find_statements(shard: Shard, settings: Settings, folder: Folder, keeper: Keeper) -> Tally:
    """The second phase: find the statements of the articles that are no duplicates of others, and write the tables."""
    tally = Tally(shards=1, size=shard.size)
    duplicates = _duplicates(folder, shard)
    told = rows(folder, f"problems/{shard.name}-statements.parquet", problems_schema(), 1_000)
    with dated(folder, shard.name) as tables, told as problems:
        clock = Clock()
        for row in _kept(folder, shard):
            article = article_in(row["article"])
            _spent(tally, "load", clock.lap())
            tally.pages += 1
            copy = duplicates.get(row["number"])
            if copy is not None:
                tally.duplicates += 1
                same = copy["of_id"] == row["id"]
                reason = f"{copy['share']:.0%} of it stands in {copy['of_place']}, article {copy['of_id']}"
                trouble = Trouble(row["place"], "duplicate", "left_out" if same else "noted", reason, article.url)
                _tell(trouble, problems, tally)
                if same:
                    continue
            else:
                before = len(article.problems)
                article = _with_statements(article, row["place"], keeper, tally, problems)
                for problem in article.problems[before:]:
                    _tell(Trouble(row["place"], problem.stage, "noted", problem.message, article.url), problems, tally)
            _spent(tally, "hand over", clock.lap())
            tables.send(
                article,
                fetched=row["fetched"] or None,
                duplicate_of=copy["of_id"] if copy else None,
                duplicate_share=copy["share"] if copy else None,
            )
            tally.articles += 1
            tally.statements += len(article.statements)
            _spent(tally, "write", clock.lap())
    _spent(tally, "write", clock.lap())
    manifest.note(folder, "statements", shard, tally)
    return tally


def _with_statements(article: Article, place: str, keeper: Keeper, tally: Tally, problems: Rows) -> Article:
    """The article with its statements, or as it was if they could not be found; then a row of problems says why."""
    answer = keeper.ask(FindStatements(article))
    if isinstance(answer, Found):
        _spent(tally, "attribute and resolve", answer.seconds)
        return answer.article
    _tell(_trouble(answer, place, article.url, "statements"), problems, tally)
    return article


def _kept(folder: Folder, shard: Shard) -> Iterator[dict[str, Any]]:
    from pyarrow import parquet

    with folder.open(f"{APART}/{shard.name}.parquet") as stream:
        for batch in parquet.ParquetFile(stream).iter_batches(
            batch_size=32, columns=["number", "id", "place", "fetched", "article"]
        ):
            yield from batch.to_pylist()


def _duplicates(folder: Folder, shard: Shard) -> dict[int, dict[str, Any]]:
    """The rows of the shard that are duplicates, by their numbers."""
    from pyarrow import parquet

    with folder.open(DUPLICATES) as stream:
        found = parquet.read_table(stream, filters=[("shard", "=", shard.number)])
    return {row["number"]: row for row in found.to_pylist()}


def _trouble(answer: Any, place: str, url: str, stage: str) -> Trouble:
    if isinstance(answer, Lost):
        return Trouble(place, answer.stage, "failed", answer.message, url)
    return Trouble(place, stage, "failed", answer.message if isinstance(answer, Refused) else repr(answer), url)


def _tell(trouble: Trouble, problems: Rows, tally: Tally) -> None:
    tally.count(trouble)
    problems.send(msgspec.structs.asdict(trouble))


def _spent(tally: Tally, step: str, seconds: float) -> None:
    tally.seconds[step] = tally.seconds.get(step, 0.0) + seconds
