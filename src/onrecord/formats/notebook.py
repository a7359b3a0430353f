"""An article as a piece of HTML for a notebook: what `onrecord read --format html` shows, with no page around it.

Nothing in it runs or is fetched, its styles reach nothing outside it, and whatever comes from the article is escaped.
"""

from __future__ import annotations

from hashlib import sha256

import msgspec

from onrecord.formats.webpage import article_style, rendered
from onrecord.schema import Article, Problem, Statement

MOST_CHARACTERS = 200_000
"""Of a text are shown; a notebook keeps what it shows. The longest of the 220 news pages in `data/pages` has 40,388."""


def fragment(article: Article) -> str:
    """The article as one element with its style sheet; of a very long one the beginning, and a note that says so."""
    return f"<div>\n<style>\n{article_style()}</style>\n{rendered(_beginning(article), _prefix(article))}</div>\n"


def _prefix(article: Article) -> str:
    """What its ids begin with: the same each time, so that a notebook run again stays the same, another for another."""
    told = f"{article.id}\0{article.input}\0{article.text}"
    return f"onrecord-{sha256(told.encode('utf-8', 'replace')).hexdigest()[:8]}-"


def _beginning(article: Article) -> Article:
    """The article up to `MOST_CHARACTERS`, without what reaches beyond."""
    end = MOST_CHARACTERS
    if len(article.text) <= end:
        return article
    note = f"only the first {end:,} of {len(article.text):,} characters are shown, with the statements in them"
    return msgspec.structs.replace(
        article,
        text=article.text[:end],
        blocks=tuple(
            msgspec.structs.replace(block, end=min(block.end, end)) for block in article.blocks if block.start < end
        ),
        repairs=tuple(repair for repair in article.repairs if repair.end <= end),
        statements=tuple(statement for statement in article.statements if _last(statement) <= end),
        problems=(*article.problems, Problem("display", note)),
    )


def _last(statement: Statement) -> int:
    """Where the last of the statement's passages and conditions ends."""
    conditions = (act.condition.end for act in statement.acts if act.condition is not None)
    return max(statement.source.end, statement.cue.end, statement.content.end, *conditions, 0)
