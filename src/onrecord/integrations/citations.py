"""Statements as citations: the words, who said them, where that was published, and which characters prove it.

Plain dictionaries of bounded size, for whoever quotes an archive without seeing it. A quotation that was cut ends in
" […]"; its offsets are those of the whole.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from onrecord.archive.comparing import Reported
from onrecord.archive.dialogue import Dialogue, Move
from onrecord.archive.search import Hit
from onrecord.schema import Act, Article, Passage, Statement

Json = dict[str, Any]

MOST_QUOTED = 1_500
"""Characters of a quotation; the longest of the 2,189 contents in polnear-dev has 958."""
MOST_CONTEXT = 400
"""Characters of the article before a statement and after it."""
MOST_SPANS = 50
_MOST_NAMED = 200
_MOST_ADDRESS = 2_000
_CUT = " […]"


def citation(hit: Hit) -> Json:
    """A statement of an archive with its source."""
    source = hit.article
    return {
        "number": hit.id,
        **said(hit.statement),
        "source": {
            "headline": short(source.headline),
            "outlet": short(source.outlet),
            "url": short(source.url, _MOST_ADDRESS) or None,
            "published": source.published,
            "read_from": None if source.url else short(source.input),
        },
        "reported_by": hit.reported,
        "corrected_by_a_person": hit.corrected,
    }


def said(statement: Statement) -> Json:
    """Who said what, and the offsets of the words in the article's text."""
    speaker = statement.speaker
    return {
        "speaker": short(speaker.name) if speaker and speaker.name else None,
        "role": short(speaker.role) if speaker and speaker.role else None,
        "country": speaker.country if speaker else None,
        "speaker_confidence": round(speaker.confidence, 3) if speaker else None,
        "called": short(statement.source.text),
        "cue": short(statement.cue.text),
        "quote": short(statement.content_text, MOST_QUOTED),
        "kind": statement.kind,
        "said": not statement.negated,
        "acts": [_act(act) for act in statement.acts[:MOST_SPANS]],
        "said_on": statement.said_on,
        "confidence": round(statement.confidence, 3),
        "offsets": {
            "source": _pairs(statement.source), "cue": _pairs(statement.cue), "content": _pairs(statement.content),
        },
    }  # fmt: skip


def proof(hit: Hit, article: Article) -> Json:
    """A statement with the characters it rests on, the words around them, and what told its speaker."""
    statement = hit.statement
    start, end = _reach(statement)
    before, after = max(0, start - MOST_CONTEXT), min(len(article.text), end + MOST_CONTEXT)
    context = article.text[before : min(after, before + MOST_QUOTED + 2 * MOST_CONTEXT)]
    speaker = statement.speaker
    return {
        **citation(hit),
        "addressee": [short(name) for name in statement.addressee[:MOST_SPANS]],
        "about": [short(name) for name in statement.about[:MOST_SPANS]],
        "venue": short(statement.venue) if statement.venue else None,
        "found_by": short(statement.because),
        "speaker_because": short(speaker.because) if speaker else None,
        "context": {"start": before, "end": before + len(context), "text": context},
        "byline": [short(name) for name in article.bylines[:MOST_SPANS]],
        "lang": statement.lang,
    }


def report(one: Reported) -> Json:
    """One report of an utterance, and whether its article is another's text."""
    return {**citation(one.hit), "reprint": one.reprint_of is not None, "agency": one.agency or None}


def dialogue(found: Dialogue, most: int) -> Json:
    """The last moves of two sides toward each other, so many at most, and what stands between these."""
    moves = found.moves[-most:]
    kept = {move.n for move in moves}
    pairs = [(pair.first, pair.second, "coincide") for pair in found.coincide]
    pairs += [(pair.first, pair.second, "differ") for pair in found.differ]
    pairs += [(answer.offer, answer.answer, f"answered: {answer.how}") for answer in found.answers]
    between = [
        {"first": first, "second": second, "how": how} for first, second, how in pairs if {first, second} <= kept
    ]
    return {
        "first": found.first,
        "second": found.second,
        "total": len(found.moves),
        "moves": [_move(found, move) for move in moves],
        "between": between[-most:],
        "without_an_answer": [n for n in found.open_offers if n in kept],
        "open_conditions": [n for n in found.open_conditions if n in kept],
    }


def _move(found: Dialogue, move: Move) -> Json:
    return {
        "n": move.n,
        "side": found.first if move.side == "first" else found.second,
        "act": move.act,
        "mode": move.mode,
        "quote": short(move.quote, MOST_QUOTED),
        "condition": short(move.condition, MOST_QUOTED) or None,
        "day": move.day or None,
        "topic": move.topic,
        "speaker": short(move.speaker),
        "role": short(move.role),
        "as_reported_by": short(move.reported_by) or None,
        "other_side_by_context": move.by_context,
        "number": move.statement,
        "outlet": short(move.outlet),
        "url": short(move.url, _MOST_ADDRESS) or None,
        "offsets": [move.start, move.end],
    }


def _act(act: Act) -> str:
    mode = f" ({act.mode})" if act.mode else ""
    return short(act.act + mode + (", conditional" if act.condition else ""))


def _pairs(passage: Passage) -> list[list[int]]:
    return [[span.start, span.end] for span in passage.spans[:MOST_SPANS]]


def _reach(statement: Statement) -> tuple[int, int]:
    """Where the first passage of a statement begins and the last one ends."""
    passages: Sequence[Passage] = [one for one in (statement.source, statement.cue, statement.content) if one]
    return min((one.start for one in passages), default=0), max((one.end for one in passages), default=0)


def short(text: str, most: int = _MOST_NAMED) -> str:
    """The text, or its beginning and a mark that it was cut: so many characters at most."""
    return text if len(text) <= most else text[: most - len(_CUT)] + _CUT
