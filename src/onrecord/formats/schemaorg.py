"""Articles as schema.org JSON-LD: a `NewsArticle` with the quotations and claims that it reports.

What is all quoted is a `Quotation` (https://schema.org/Quotation), whose `spokenByCharacter` is whom the article
attributes it to. What the reporter worded, in whole or part, is a `Claim` (https://schema.org/Claim): to call it a
quotation would put the reporter's words into the speaker's mouth. schema.org has no word for what somebody did *not*
say, and none for confidence, cue and offsets; statements that are negated are left out. Places are: `jobTitle` for the
role, `sameAs` for Wikidata, `dateCreated` for the day it was said, `audience` for the addressee, `position` for the
number in reading order. A speaker's country has none: it is neither nationality nor address.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from onrecord.formats.iris import address_of, article_iri, name_of, web_address, wikidata_iri
from onrecord.formats.wire import Json
from onrecord.schema import Article, Speaker, SpeakerKind, Statement

CONTEXT = "https://schema.org"
_TYPES: dict[SpeakerKind, str] = {
    "person": "Person",
    "office": "Person",
    "organisation": "Organization",
    "country": "Organization",
    "unnamed": "Person",
}
"""A quotation is spoken by a Person or an Organization; a country speaks as its government."""


def graph(article: Article, first: Mapping[str, str] = MappingProxyType({})) -> Json:
    """The article and its statements as one JSON-LD document.

    `first` gives, for ids of statements, the address of the article that is known to have published them first: only
    whoever knows other articles can tell.
    """
    nodes = [
        _statement(article, number, statement, first.get(statement.id, ""))
        for number, statement in enumerate(article.statements, start=1)
        if not statement.negated
    ]
    return {"@context": CONTEXT, "@graph": [_article(article), *nodes]}


def _article(article: Article) -> Json:
    published, modified = article.published, article.modified
    return _told(
        {
            "@type": "NewsArticle",
            "@id": article_iri(article),
            "url": address_of(article),
            "identifier": article.id,
            "headline": article.headline,
            "inLanguage": article.lang,
            "datePublished": published.date if published else "",
            "dateModified": modified.date if modified else "",
            "author": [{"@type": "Person", "name": name} for name in article.bylines],
            "publisher": _organisation(article.publisher),
            "sourceOrganization": _organisation(article.agency),
            "locationCreated": {"@type": "Place", "name": article.place} if article.place else {},
        }
    )


def _organisation(name: str) -> Json:
    return {"@type": "Organization", "name": name} if name else {}


def _statement(article: Article, number: int, statement: Statement, first: str) -> Json:
    """A statement as a Quotation or a Claim."""
    within = {"@id": article_iri(article)}
    quoted = statement.kind == "direct"
    speaker = _speaker(statement.speaker)
    first = web_address(first)
    return _told(
        {
            "@type": "Quotation" if quoted else "Claim",
            "@id": name_of(article, "statement", statement.id),
            "identifier": statement.id,
            "position": number,
            "text": statement.content_text,
            "inLanguage": statement.lang or article.lang,
            "spokenByCharacter": speaker if quoted else {},
            "creator": speaker,
            "isPartOf": within if quoted else {},
            "appearance": {} if quoted else within,
            "firstAppearance": {"@type": "NewsArticle", "@id": first} if first and not quoted else {},
            "dateCreated": statement.said_on or "",
            "audience": [{"@type": "Audience", "name": name} for name in statement.addressee],
            "about": [{"@type": "Thing", "name": name} for name in statement.about],
        }
    )


def _speaker(speaker: Speaker | None) -> Json | list[Json]:
    """Who speaks, with those who speak together with them; nothing for a speaker of whom nothing is known."""
    if speaker is None:
        return {}
    one = _told(
        {
            "@type": _TYPES[speaker.kind],
            "name": speaker.name or "",
            "jobTitle" if _TYPES[speaker.kind] == "Person" else "description": speaker.role or "",
            "identifier": speaker.actor or "",
            "sameAs": wikidata_iri(speaker.wikidata),
        }
    )
    if len(one) == 1:
        return {}
    others = [{"@type": _TYPES[speaker.kind], "name": name} for name in speaker.others]
    return [one, *others] if others else one


def _told(node: Json) -> Json:
    """The node without what nothing is known of."""
    return {name: value for name, value in node.items() if value not in ("", {}, [])}
