"""An article with its statements in their places, from the archive or just read, and as a file."""

from __future__ import annotations

import io

from fastapi import APIRouter
from markupsafe import Markup
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from onrecord.archive.kept import Kept
from onrecord.archive.looked import Looked, looked
from onrecord.formats.iris import address_of
from onrecord.formats.marked import anchor, entry, keys_of, letters, marked_text
from onrecord.formats.writers import WRITERS
from onrecord.schema import Article
from onrecord.web.dependencies import Number, OpenArchive
from onrecord.web.discretion import public_article
from onrecord.web.templating import page

router = APIRouter()
EXPORTS = {
    "json": ("JSON", "json", "application/json"),
    "csv": ("CSV", "csv", "text/csv"),
    "html": ("HTML", "html", "text/html"),
    "webannotation": ("Web Annotation", "jsonld", "application/ld+json"),
    "schemaorg": ("schema.org", "jsonld", "application/ld+json"),
}
"""What an article can be had as: what people call it, the file's ending, its media type."""

_KEPT = {
    "new": "Added to the archive: from now on everybody finds it there.",
    "version": "Added as a new version of a page that the archive had already.",
    "same": "The archive had this page already, exactly so; nothing has changed.",
}


@router.get("/article/{number}")
def article(request: Request, number: Number, archive: OpenArchive, kept: str = "") -> Response:
    """An article of the archive; `kept` is what became of it, for who has just added it."""
    found = _kept(archive, number)
    with archive.to_read() as connection:
        seen = looked(connection, number)
    return shown(request, found.article, f"/article/{number}", found, _KEPT.get(kept, ""), seen)


@router.get("/article/{number}/export")
def export(number: Number, archive: OpenArchive, form: str = "json") -> Response:
    """An article of the archive as a file."""
    return exported(_kept(archive, number).article, form, f"article-{number}")


def _kept(archive: OpenArchive, number: int) -> Kept:
    found = archive.kept(number)
    if found is None:
        raise HTTPException(404, f"no article {number} in the archive")
    return found


def shown(
    request: Request,
    article: Article,
    base: str,
    kept: Kept | None = None,
    notice: str = "",
    seen: Looked | None = None,
) -> HTMLResponse:
    """The page of an article; `base` is its own address, `kept` what the archive knows of it if it is there.

    `seen` tells who has looked it through.
    """
    keys = keys_of(article)
    facts = [article.agency, kept.outlet if kept else article.publisher, *article.bylines, article.place]
    return page(
        request,
        "article.html",
        title="Article",
        article=article,
        kept=kept,
        notice=notice,
        seen=seen,
        base=base,
        text=Markup(marked_text(article, heading="h1")),
        keys=keys,
        anchor=anchor,
        entry=entry,
        numbers={one.id: f"{n}{letters(keys[one.id])}" for n, one in enumerate(article.statements, start=1)},
        has_headline=any(block.kind == "headline" for block in article.blocks),
        facts=[fact for fact in dict.fromkeys(facts) if fact],
        address=address_of(article),
        exports=[(form, name) for form, (name, _, _) in EXPORTS.items()],
    )


def exported(article: Article, form: str, name: str) -> Response:
    """The article as a file to be saved, never to be shown in the place of a page of ours."""
    if form not in EXPORTS:
        raise HTTPException(404, f"no export {form[:40]!r}; there are: {', '.join(EXPORTS)}")
    _, ending, media = EXPORTS[form]
    out = io.StringIO()
    writer = WRITERS[form](out)
    writer.send(public_article(article))
    writer.close()
    headers = {"Content-Disposition": f'attachment; filename="{name}.{ending}"'}
    return Response(out.getvalue().encode("utf-8", "replace"), headers=headers, media_type=media)
