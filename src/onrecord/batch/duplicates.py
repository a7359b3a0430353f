"""Which articles of a run are another one again, over all shards, by the engine's own operations.

Articles with the same body have the same digest. For those that are nearly the same, the first article that has a key
of the body's sample is looked at for every other one that has it: so a text in a thousand outlets makes a thousand
pairs, not half a million. A pair is a duplicate if nearly all of the later body's sample is in the earlier one, unless
both stand at one address: then the later is a new version of the page, and what is new in it counts. An article that
is a duplicate itself has none; so all point to articles that are read.
"""

from __future__ import annotations

from typing import Any

from onrecord.archive.clusters import BodySignature, shared_share
from onrecord.archive.clusters.bodies import KEYS
from onrecord.batch.engine import daft_or_error
from onrecord.batch.places import Folder
from onrecord.batch.work import APART, DUPLICATES

NEARLY_ALL = 0.95
"""Of the sample of the later body, about one in four of its runs of five words, is in the earlier one: one changed
sentence in twenty, and it is read for itself."""
_SHARD = 1 << 32
_COMPARED = ("address", "scale", "hashes")


def find_duplicates(folder: Folder) -> int:
    """Write which articles are duplicates of which, in the order of shards; how many there are."""
    daft = daft_or_error()
    col = daft.col
    names = ("shard", "number", "id", "place", "address", "digest", "scale", "hashes")
    read = daft.read_parquet(folder.at(f"{APART}/*.parquet")).select(*map(col, names))
    articles = read.with_column("ref", col("shard").cast(daft.DataType.int64()) * _SHARD + col("number"))
    # Both kinds of pairs are needed twice below.
    pairs = _same(daft, articles).concat(_alike(daft, articles)).collect()
    repeated = pairs.select(col("ref").alias("of")).distinct()
    read_ones = pairs.join(repeated, on="of", how="anti")
    chosen = read_ones.groupby("ref").agg(col("of").min().alias("of"))
    shares = read_ones.groupby("ref", "of").agg(col("share").max().alias("share"))
    first = articles.select(col("ref").alias("of"), col("id").alias("of_id"), col("place").alias("of_place"))
    found = (
        chosen.join(shares, on=["ref", "of"])
        .join(articles.select("ref", "shard", "number"), on="ref")
        .join(first, on="of")
        .select("shard", "number", "of_id", "of_place", "share")
        .to_arrow()
        .sort_by([("shard", "ascending"), ("number", "ascending")])
    )
    from pyarrow import parquet

    with folder.writing(DUPLICATES) as path:
        parquet.write_table(found, path, compression="zstd", row_group_size=20_000)
    return int(found.num_rows)


def _same(daft: Any, articles: Any) -> Any:
    """Pairs of articles with the same body."""
    col = daft.col
    told = articles.where(col("digest") != "").select("ref", "digest")
    first = told.groupby("digest").agg(col("ref").min().alias("of"))
    pairs = told.join(first, on="digest").where(col("of") < col("ref"))
    return pairs.select(col("ref"), col("of"), daft.lit(1.0).alias("share"))


def _alike(daft: Any, articles: Any) -> Any:
    """Pairs of articles of which nearly all of the later stands in the earlier."""
    col = daft.col
    samples = articles.where(col("digest") != "").select("ref", *_COMPARED)
    keyed = samples.select(col("ref"), col("hashes").slice(0, KEYS).alias("key")).explode("key")
    keyed = keyed.where(col("key").not_null())
    first = keyed.groupby("key").agg(col("ref").min().alias("of"))
    likely = keyed.join(first, on="key").where(col("of") < col("ref")).select("ref", "of").distinct()
    earlier = samples.select(col("ref").alias("of"), *[col(name).alias(f"of_{name}") for name in _COMPARED])
    both = likely.join(samples, on="ref").join(earlier, on="of").where(col("address") != col("of_address"))

    @daft.func.batch(return_dtype=daft.DataType.float64())  # type: ignore[untyped-decorator]
    def share(hashes: Any, scale: Any, of_hashes: Any, of_scale: Any) -> list[float]:
        columns = (one.to_pylist() for one in (hashes, scale, of_hashes, of_scale))
        return [_share(*row) for row in zip(*columns, strict=True)]

    shared = both.select(
        col("ref"), col("of"), share(col("hashes"), col("scale"), col("of_hashes"), col("of_scale")).alias("share")
    )
    return shared.where(col("share") >= NEARLY_ALL)


def _share(hashes: list[int], scale: int, of_hashes: list[int], of_scale: int) -> float:
    later, earlier = BodySignature(tuple(hashes), scale), BodySignature(tuple(of_hashes), of_scale)
    return shared_share(later, earlier).of_first
