"""Which statements of a run are one utterance, over all of its articles, by the engine's own operations.

The keys, the alignment and the rules of joining are those of the archive (`docs/clusters.md`). An archive takes one
statement after the other; here all keys are joined at once. Statements that share enough keys are aligned; those that
turn out to be akin, directly or through others, make a group; and each group, small as it is, goes one by one through
the archive's rules. Statements in the same words by the same actor on the same day are taken as one all the way.
"""

from __future__ import annotations

import hashlib
from typing import Any

from onrecord.archive.clusters import MOST_CANDIDATES, MOST_HOLDERS, compared, signature, worded
from onrecord.archive.clusters.keys import FEW_HOLDERS, LEAST_SHARED, LEAST_SHARED_COMMON
from onrecord.batch.engine import daft_or_error
from onrecord.batch.manifest import WORK
from onrecord.batch.places import Folder
from onrecord.batch.together import Said, together

CLUSTERS = "clusters"
_MADE = f"{WORK}/clusters"
_SAID = Said._fields
_MOST_ROUNDS = 50
"""Of passing labels on; each halves at least the way to the least one, so that this is never reached."""


def find_clusters(folder: Folder) -> None:
    """Write the table `clusters`: each statement that is in one, and the statement that the cluster is named after."""
    daft = daft_or_error()
    if not folder.names("statements", ".parquet"):
        return
    col = daft.col
    statements = _on_disk(daft, folder, "signed", _signed(daft, _statements(daft, folder)))
    same = statements.groupby("one")
    ones = same.agg(*[col(name).any_value() for name in (*_SAID, "keys")], col("ref").min())
    ones = _on_disk(daft, folder, "ones", ones)
    akin = _on_disk(daft, folder, "akin", _akin(daft, ones))
    groups = _groups(daft, folder, akin)
    placed = _on_disk(daft, folder, "placed", _placed(daft, ones, groups))
    members = statements.select("one", "ref").join(placed, on="one").select("ref", "home")
    # A cluster of one wording only is one if several statements have it.
    alone = statements.select("one", "ref").join(placed.select("one"), on="one", how="anti")
    alone = alone.join(ones.select(col("one"), col("ref").alias("home")), on="one").select("ref", "home")
    # Written first: on Ray a concatenation that is grouped does not end (Daft 0.7.26).
    found = _on_disk(daft, folder, "found", members.concat(alone))
    several = found.groupby("home").agg(col("ref").count().alias("size")).where(col("size") > 1)
    part = daft.functions.split_part
    kept = found.join(several, on="home").select(
        daft.functions.replace(col("home"), daft.lit("\t"), daft.lit("/")).alias("cluster"),
        part(col("ref"), "\t", 1).alias("article"),
        part(col("ref"), "\t", 2).alias("statement"),
    )
    folder.remove(CLUSTERS)
    kept.write_parquet(folder.at(CLUSTERS), compression="zstd", write_mode="overwrite")
    folder.remove(_MADE)


def _on_disk(daft: Any, folder: Folder, name: str, table: Any) -> Any:
    """The table, written and to be read again: the words of all statements are more than memory holds."""
    place = f"{_MADE}/{name}"
    folder.remove(place)
    table.write_parquet(folder.at(place), compression="zstd", write_mode="overwrite")
    return daft.read_parquet(folder.at(f"{place}/*.parquet"))


def counted(folder: Folder) -> tuple[int, int]:
    """How many clusters there are, and how many statements in them."""
    daft = daft_or_error()
    if not folder.names(CLUSTERS, ".parquet"):
        return 0, 0
    table = daft.read_parquet(folder.at(f"{CLUSTERS}/*.parquet"))
    found = table.agg(
        daft.col("cluster").count_distinct().alias("clusters"), daft.col("cluster").count().alias("statements")
    ).to_pydict()
    return int(found["clusters"][0]), int(found["statements"][0])


def _statements(daft: Any, folder: Folder) -> Any:
    """The statements as `Said`, each with a name of its own in `ref`."""
    col = daft.col
    read = daft.read_parquet(folder.at("statements/**/*.parquet"))
    day = daft.functions.coalesce(col("said_on"), col("published_date"), daft.lit(""))
    voice = daft.functions.coalesce(col("speaker_how"), daft.lit("")) == "voice"
    actor = daft.functions.when(~voice, col("speaker_actor")).otherwise(daft.lit(None))
    return read.select(
        (col("article") + daft.lit("\t") + col("id")).alias("ref"),
        col("content_text").alias("content"),
        col("lang"),
        col("kind"),
        actor.alias("actor"),
        day.left(10).alias("day"),
    )


def _signed(daft: Any, statements: Any) -> Any:
    """The statements that say enough to have keys, with these, and in `one` what tells those that are taken as one."""
    told = daft.DataType.struct({"keys": daft.DataType.list(daft.DataType.int64()), "one": daft.DataType.int64()})

    @daft.func.batch(return_dtype=told)  # type: ignore[untyped-decorator]
    def sign(content: Any, lang: Any, kind: Any, actor: Any, day: Any) -> list[dict[str, Any]]:
        columns = (one.to_pylist() for one in (content, lang, kind, actor, day))
        return [_sign(Said(*row)) for row in zip(*columns, strict=True)]

    col = daft.col
    signed = statements.with_column("signed", sign(*map(col, _SAID)))
    signed = signed.select(
        "ref", *_SAID, col("signed").get("keys").alias("keys"), col("signed").get("one").alias("one")
    )
    return signed.where(col("keys").length() > 0)


def _sign(said: Said) -> dict[str, Any]:
    digest = hashlib.blake2b("\t".join(map(str, said)).encode("utf-8", "surrogatepass"), digest_size=8).digest()
    keys = signature(worded(said.content, said.lang)).keys
    return {"keys": list(keys), "one": int.from_bytes(digest, "little", signed=True)}


def _akin(daft: Any, ones: Any) -> Any:
    """Pairs of statements that report one utterance, or repeat or contradict one in its words."""
    col = daft.col
    held = ones.select("one", col("keys").length().cast(daft.DataType.int64()).alias("held"), "keys")
    keyed = held.explode("keys").select("one", "held", col("keys").alias("key"))
    holders = keyed.groupby("key").agg(col("one").count().alias("holders"))
    holders = holders.where((col("holders") > 1) & (col("holders") <= MOST_HOLDERS))
    keyed = keyed.join(holders, on="key")
    others = keyed.select("key", col("one").alias("other"), col("held").alias("other_held"))
    pairs = keyed.join(others, on="key").where(col("one") < col("other"))
    rare = (col("holders") <= FEW_HOLDERS).cast(daft.DataType.int64())
    pairs = pairs.select("one", "other", "held", "other_held", rare.alias("rare"))
    counts = pairs.groupby("one", "other").agg(
        col("rare").count().alias("shared"),
        col("rare").max().alias("rare"),
        col("held").min().alias("held"),
        col("other_held").min().alias("other_held"),
    )
    fewer = daft.functions.when(col("held") < col("other_held"), col("held")).otherwise(col("other_held"))
    part = col("shared").cast(daft.DataType.float64()) / fewer
    least = daft.functions.when(col("rare") > 0, daft.lit(LEAST_SHARED)).otherwise(daft.lit(LEAST_SHARED_COMMON))
    likely = counts.select("one", "other", "shared", part.alias("part"), least.alias("least"))
    likely = _best(daft, likely.where(col("part") >= col("least")))
    mine = ones.select("one", *_SAID)
    theirs = ones.select(col("one").alias("other"), *[col(name).alias(f"other_{name}") for name in _SAID])

    @daft.func.batch(return_dtype=daft.DataType.bool())  # type: ignore[untyped-decorator]
    def related(*columns: Any) -> list[bool]:
        return [_related(row) for row in zip(*(one.to_pylist() for one in columns), strict=True)]

    both = likely.join(mine, on="one").join(theirs, on="other")
    judged = both.select(
        "one", "other", related(*map(col, _SAID), *[col(f"other_{name}") for name in _SAID]).alias("related")
    )
    return judged.where(col("related")).select("one", "other")


def _best(daft: Any, likely: Any) -> Any:
    """The likeliest of the pairs of each statement, as many as an archive would align."""
    order = daft.Window().partition_by("one").order_by("part", "shared", "other", desc=[True, True, False])
    ranked = likely.with_column("rank", daft.functions.row_number().over(order))
    return ranked.where(daft.col("rank") <= MOST_CANDIDATES).select("one", "other")


def _related(row: tuple[Any, ...]) -> bool:
    first, second = Said(*row[: len(_SAID)]), Said(*row[len(_SAID) :])
    return compared(first.report, second.report).verdict != "other"


def _groups(daft: Any, folder: Folder, akin: Any) -> Any:
    """The statements that are akin to others, with the least of all that they lead to as `group`."""
    col = daft.col
    both = akin.concat(akin.select(col("other").alias("one"), col("one").alias("other")))
    edges = _on_disk(daft, folder, "edges", both)
    labels = edges.groupby("one").agg(col("other").min().alias("group"))
    least = daft.functions.when(col("group") < col("one"), col("group")).otherwise(col("one"))
    labels = _on_disk(daft, folder, "labels", labels.select("one", least.alias("group")))
    for number in range(_MOST_ROUNDS):
        near = edges.join(labels.select(col("one").alias("other"), col("group").alias("near")), on="other")
        near = labels.join(near.groupby("one").agg(col("near").min()), on="one")
        least = daft.functions.when(col("near") < col("group"), col("near")).otherwise(col("group"))
        passed = near.select("one", least.alias("group"))
        # Then each takes what its label has come to: the way there is halved.
        far = labels.select(col("one").alias("group"), col("group").alias("further"))
        jumped = passed.join(far, on="group", how="left")
        least = daft.functions.coalesce(col("further"), col("group"))
        before, labels = (
            labels,
            _on_disk(daft, folder, f"labels{number % 2}", jumped.select("one", least.alias("group"))),
        )
        was = before.select("one", col("group").alias("was"))
        if not labels.join(was, on="one").where(col("was") != col("group")).count_rows():
            break
    return labels


def _placed(daft: Any, ones: Any, groups: Any) -> Any:
    """Each statement of a group with the name of the statement that its cluster begins with, as `home`."""
    col = daft.col
    fields = ("day", "ref", "one", "content", "lang", "kind", "actor")
    member = daft.functions.to_struct(*map(col, fields))
    gathered = ones.join(groups, on="one").select("group", member.alias("member"))
    gathered = gathered.groupby("group").agg(col("member").list_agg().alias("members"))
    placed = daft.DataType.struct({"one": daft.DataType.int64(), "home": daft.DataType.string()})

    @daft.func.batch(return_dtype=daft.DataType.list(placed))  # type: ignore[untyped-decorator]
    def place(members: Any) -> list[list[dict[str, Any]]]:
        return [_place(some) for some in members.to_pylist()]

    found = gathered.select(place(col("members")).alias("placed")).explode("placed")
    return found.select(col("placed").get("one").alias("one"), col("placed").get("home").alias("home"))


def _place(members: list[dict[str, Any]]) -> list[dict[str, Any]]:
    # Those without a day come last.
    ordered = sorted(
        members, key=lambda one: (one["day"] or "~", one["ref"].partition("\t")[0], len(one["ref"]), one["ref"])
    )
    homes = together(Said(*(one[name] for name in _SAID)) for one in ordered)
    first: dict[int, str] = {}
    for one, home in zip(ordered, homes, strict=True):
        first.setdefault(home, one["ref"])
    return [{"one": one["one"], "home": first[home]} for one, home in zip(ordered, homes, strict=True)]
