"""Which articles reprint another: most of the body is shared, as with an agency's text in many papers.

Of such a group one article, the first that was added, holds the keys; the others point to it.
"""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Sequence

from sqlalchemy import Connection, delete, select, update

from onrecord.archive import tables
from onrecord.archive.clusters import Body, BodySignature, Reprint, body_signature, reprint
from onrecord.archive.holding import Keys
from onrecord.archive.inserting import insert_rows
from onrecord.archive.lists import rows_among
from onrecord.schema import Article

_MOST_COMPARED = 5
_keys = Keys(tables.body_key, tables.body_key_fresh)
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
    values = {"article_id": article_id, "scale": signature.scale, "hashes": packed(signature.hashes)}
    insert_rows(connection, tables.body, [values])
    if found is None:
        _hold(connection, article_id, signature)
    else:
        number, verdict = found
        values = {"article_id": article_id, "of_id": number, "share": verdict.share, "agency": verdict.agency}
        insert_rows(connection, tables.reprint, [values])


def _hold(connection: Connection, article_id: int, signature: BodySignature) -> None:
    _keys.hold(connection, ((key, article_id, len(signature.keys)) for key in signature.keys))


def _most_shared(connection: Connection, mine: Body) -> tuple[int, Reprint] | None:
    """The article that holds keys and shares most of the body, if one shares enough."""
    holders = _keys.holders(connection, mine.signature.keys)
    shared = Counter(holder for those in holders.values() for holder, _ in those)
    likely = [number for number, _ in shared.most_common(_MOST_COMPARED)]
    best: tuple[int, Reprint] | None = None
    for number, published, agency, scale, packed in rows_among(connection, _BODIES, likely) if likely else ():
        verdict = reprint(mine, Body(_unpacked(scale, packed), published or "", agency))
        if verdict and (best is None or verdict.share > best[1].share):
            best = number, verdict
    return best


def unlink_body(connection: Connection, article_id: int) -> None:
    """Take an article out of its group; another one holds the keys from then on, if it held them."""
    body, reprinted = tables.body.c, tables.reprint.c
    connection.execute(delete(tables.reprint).where(reprinted.article_id == article_id))
    _let_go(connection, article_id)
    followers = connection.scalars(
        select(reprinted.article_id).where(reprinted.of_id == article_id).order_by(reprinted.article_id)
    ).all()
    if followers:
        heir = followers[0]
        connection.execute(delete(tables.reprint).where(reprinted.article_id == heir))
        connection.execute(update(tables.reprint).where(reprinted.of_id == article_id).values(of_id=heir))
        _hold(connection, heir, _signature(connection, heir))
    connection.execute(delete(tables.body).where(body.article_id == article_id))


def _let_go(connection: Connection, article_id: int) -> None:
    """Let an article hold no keys, if it does."""
    holders = _keys.holders(connection, _signature(connection, article_id).keys)
    _keys.hold(connection, ((key, article_id, 0) for key, those in holders.items() if article_id in dict(those)))


def _signature(connection: Connection, article_id: int) -> BodySignature:
    """What is kept of an article's body; of one without words nothing."""
    body = tables.body.c
    row = connection.execute(select(body.scale, body.hashes).where(body.article_id == article_id)).first()
    return _unpacked(row.scale, row.hashes) if row else BodySignature()


def packed(hashes: Sequence[int]) -> bytes:
    """The sample of a body as it is stored."""
    return array("q", hashes).tobytes()


def _unpacked(scale: int, packed: bytes) -> BodySignature:
    return BodySignature(tuple(array("q", packed)), scale)
