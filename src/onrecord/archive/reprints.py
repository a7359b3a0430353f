"""Which articles reprint another: most of the body is shared, as with an agency's text in many papers.

Of such a group one article, the first that was added, holds the keys; the others point to it.
"""

from __future__ import annotations

import json
from collections import Counter

import msgspec
from sqlalchemy import Connection, delete, select, update

from onrecord.archive import tables
from onrecord.archive.clusters import Body, BodySignature, Reprint, body_signature, reprint
from onrecord.archive.inserting import insert_rows
from onrecord.archive.lists import rows_among
from onrecord.schema import Article

_MOST_COMPARED = 5
_LIKELY = "SELECT article_id FROM body_key WHERE key {among}"
_BODIES = """SELECT article.id, article.published, article.agency, body.scale, body.hashes
    FROM article JOIN body ON body.article_id = article.id WHERE article.id {among}"""


def link_body(connection: Connection, article_id: int, article: Article) -> None:
    """Note what the body of a new article shares with those that are there."""
    words = "\n".join(article.text[block.start : block.end] for block in article.blocks if block.kind == "body")
    signature = body_signature(words)
    if not signature.hashes:
        return
    mine = Body(signature, article.published.date if article.published else "", article.agency)
    found = _most_shared(connection, mine)
    values = {"article_id": article_id, "scale": signature.scale, "hashes": json.dumps(signature.hashes)}
    insert_rows(connection, tables.body, [values])
    if found is None:
        _hold(connection, article_id, signature)
    else:
        number, verdict = found
        values = {"article_id": article_id, "of_id": number, "share": verdict.share, "agency": verdict.agency}
        insert_rows(connection, tables.reprint, [values])


def _hold(connection: Connection, article_id: int, signature: BodySignature) -> None:
    insert_rows(connection, tables.body_key, [{"key": key, "article_id": article_id} for key in signature.keys])


def _most_shared(connection: Connection, mine: Body) -> tuple[int, Reprint] | None:
    """The article that holds keys and shares most of the body, if one shares enough."""
    shared = Counter(row.article_id for row in rows_among(connection, _LIKELY, mine.signature.keys))
    likely = [number for number, _ in shared.most_common(_MOST_COMPARED)]
    best: tuple[int, Reprint] | None = None
    for row in rows_among(connection, _BODIES, likely) if likely else ():
        hashes = msgspec.json.decode(row.hashes, type=tuple[int, ...])
        verdict = reprint(mine, Body(BodySignature(hashes, row.scale), row.published or "", row.agency))
        if verdict and (best is None or verdict.share > best[1].share):
            best = row.id, verdict
    return best


def unlink_body(connection: Connection, article_id: int) -> None:
    """Take an article out of its group; another one holds the keys from then on, if it held them."""
    body, held, reprinted = tables.body.c, tables.body_key.c, tables.reprint.c
    connection.execute(delete(tables.reprint).where(reprinted.article_id == article_id))
    connection.execute(delete(tables.body_key).where(held.article_id == article_id))
    followers = connection.scalars(
        select(reprinted.article_id).where(reprinted.of_id == article_id).order_by(reprinted.article_id)
    ).all()
    if followers:
        heir = followers[0]
        connection.execute(delete(tables.reprint).where(reprinted.article_id == heir))
        connection.execute(update(tables.reprint).where(reprinted.of_id == article_id).values(of_id=heir))
        row = connection.execute(select(tables.body).where(body.article_id == heir)).one()
        _hold(connection, heir, BodySignature(msgspec.json.decode(row.hashes, type=tuple[int, ...]), row.scale))
    connection.execute(delete(tables.body).where(body.article_id == article_id))
