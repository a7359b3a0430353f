"""How one reporting clause meets its content: after it, before it, around it, or through "according to"."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from onrecord.attribution.open.contents import (
    after_hearer,
    after_modifiers,
    at_end,
    content_end,
    is_quote,
    is_trailing,
    past_modifier_phrase,
)
from onrecord.attribution.open.cues import Cue
from onrecord.attribution.open.lexicon import CueVerb, Lexicon
from onrecord.attribution.open.sources import (
    Source,
    is_possessive,
    is_verb_like,
    phrase_start,
    source_after,
    source_before,
)
from onrecord.attribution.words import Word
from onrecord.schema import Manner

Items = tuple[int, int]
"""Items of a sentence: from the first to the second, exclusive."""


@dataclass(frozen=True, slots=True)
class Found:
    """A relation in items of its sentence."""

    source: Source | None
    cue: Items
    content: tuple[Items, ...]
    rule: str
    manner: Manner


def is_taken(at: int, found: Sequence[Found]) -> bool:
    """Whether item `at` lies in the content or cue of a relation."""
    return any(start <= at < end for one in found for start, end in (*one.content, one.cue))


def _next_taken(at: int, sentence: Sequence[Word], found: Sequence[Found]) -> int:
    """The first item from `at` on that a relation covers."""
    edges = (
        start
        for one in found
        for start, _ in (*one.content, one.cue, *((one.source[:2],) if one.source else ()))
        if start >= at
    )
    return min(edges, default=len(sentence))


def according_to(sentence: Sequence[Word], lexicon: Lexicon) -> list[Found]:
    found: list[Found] = []
    for at, word in enumerate(sentence):
        for phrase in lexicon.prepositional_cues.get(word.lower, ()):
            end = at + len(phrase)
            if tuple(word.lower for word in sentence[at:end]) != phrase or end >= len(sentence):
                continue
            source_end = end
            while (
                source_end < len(sentence)
                and sentence[source_end].kind == "word"
                and sentence[source_end].lower not in lexicon.relative
            ):
                source_end += 1
            if source_end == end:
                continue
            content = _around_phrase(sentence, at, source_end, lexicon)
            if content:
                found.append(Found(Source(end, source_end, "subject"), (at, end), content, "according to", "speech"))
    return found


def _around_phrase(sentence: Sequence[Word], start: int, end: int, lexicon: Lexicon) -> tuple[Items, ...]:
    """The content of "according to X": all that follows its comma, or all that goes before it."""
    last = _last_word(sentence)
    if start <= 1:
        first = end + 1 if end < len(sentence) and sentence[end].kind == "mark" else end
        return ((first, last),) if first < last else ()
    left_end = start - 1 if sentence[start - 1].text == "," else start
    parts: list[Items] = [(0, left_end)] if left_end else []
    if end < last and sentence[end].text == "," and end + 1 < last:
        parts.append((end + 1, last))
    return tuple(parts)


def _last_word(sentence: Sequence[Word]) -> int:
    last = len(sentence)
    while last > 0 and sentence[last - 1].kind == "mark" and sentence[last - 1].text in ".!?…;:,":
        last -= 1
    return last


def after_content(
    sentence: Sequence[Word], cue: Cue, source: Source | None, found: Sequence[Found], lexicon: Lexicon
) -> Found | None:
    """The relation of a clause that stands after or amid what it reports: "…," she said | …, said the mayor, …"""
    if cue.voice != "finite" or "quote" not in cue.frames:
        return None
    inverted = _inverted(sentence, cue, lexicon)
    if inverted is not None:
        return _reported(sentence, cue, inverted, cue.start, inverted.end, found, lexicon)
    if source is None or source.how == "shared" or source.start == 0 or source.end > cue.start:
        return None
    mark = sentence[source.start - 1]
    if mark.kind != "quote" and mark.text != ",":
        return None
    end = after_modifiers(sentence, cue.end, lexicon)
    if "hearer" in cue.frames:
        end = after_modifiers(sentence, after_hearer(sentence, end, lexicon), lexicon)
    quoted = mark.kind == "quote" or is_quote(sentence, source.start - 2)
    if not _closes_clause(sentence, source.start - 1, end, lexicon):
        return None
    if not quoted and not _follows_clause(sentence, cue, source.start - 1, end, lexicon):
        return None
    return _reported(sentence, cue, source, source.start, end, found, lexicon)


def _inverted(sentence: Sequence[Word], cue: Cue, lexicon: Lexicon) -> Source | None:
    """The subject that follows its verb: "…," said Anna Roe."""
    before = cue.start - 1
    if before < 0 or cue.end >= len(sentence) or not (is_quote(sentence, before) or sentence[before].text == ","):
        return None
    source = source_after(sentence, cue.end, lexicon)
    if source is None or not _closes_clause(sentence, before, source.end, lexicon):
        return None
    if source.end == source.start + 1 and sentence[source.start].lower in lexicon.determiners:
        return None
    if is_quote(sentence, before) or is_quote(sentence, before - 1):
        return source
    # "Anna Roe, the mayor, said the council agreed" has a verb where "…, said the mayor" has none.
    first = sentence[cue.end]
    if cue.verb.lemma not in lexicon.inverting or not (first.text[:1].isupper() or first.lower in lexicon.determiners):
        return None
    named = sentence[source.end - 1].text[:1].isupper()
    verbs = any(is_verb_like(word, lexicon) for word in sentence[cue.end : source.end])
    return source if named or not verbs else None


def _closes_clause(sentence: Sequence[Word], before: int, end: int, lexicon: Lexicon) -> bool:
    """Whether nothing after the reporting clause can be its content; a complete quotation before it settles that."""
    return is_trailing(sentence, end, lexicon) or (is_quote(sentence, before) and _is_complete(sentence[before]))


def _is_complete(quote: Word) -> bool:
    """Whether a quotation ends as one does before its reporting clause: with a comma, a question, an exclamation."""
    return quote.text.rstrip("\"'”’»“")[-1:] in {",", "?", "!", "…"}


def _follows_clause(sentence: Sequence[Word], cue: Cue, comma: int, end: int, lexicon: Lexicon) -> bool:
    """Whether unquoted words before a comma can be the content of the clause after it.

    A circumstance ("In March, she said the bill …") is none; a subject alone is, if the clause interrupts its sentence.
    """
    if "infinitive" in cue.frames and end < len(sentence) and sentence[end].lower in lexicon.infinitive_markers:
        return False
    if past_modifier_phrase(sentence, end, lexicon) is not None:
        return False
    if is_quote(sentence, end + 1) and _opens_with_circumstance(sentence, lexicon):
        return False
    if any(is_verb_like(word, lexicon) or word.kind == "quote" for word in sentence[:comma]):
        return True
    interrupts = end < len(sentence) and sentence[end].text == "," and not is_quote(sentence, end + 1)
    return interrupts and not _opens_with_circumstance(sentence, lexicon)


def _opens_with_circumstance(sentence: Sequence[Word], lexicon: Lexicon) -> bool:
    first = sentence[0].lower
    return (
        first in lexicon.prepositions
        or first in lexicon.subordinators
        or first.endswith(("ing", "ed"))
        or first in lexicon.sentence_openers
    )


def _reported(
    sentence: Sequence[Word], cue: Cue, source: Source, start: int, end: int, found: Sequence[Found], lexicon: Lexicon
) -> Found | None:
    left = max((stop for one in found for _, stop in one.content if stop <= start), default=0)
    stop = start - 1 if sentence[start - 1].text == "," else start
    if is_quote(sentence, stop - 1) and (stop - 1 == left or sentence[stop - 2].kind == "mark"):
        left = stop - 1
    if left >= stop:
        return None
    parts = [(left, stop)]
    rest = next((at for at in range(end, len(sentence)) if sentence[at].text == ","), len(sentence))
    if is_quote(sentence, end):
        parts.append((end, end + 1))
    elif is_quote(sentence, rest + 1):
        parts.append((rest + 1, rest + 2))
    elif rest == end and not is_quote(sentence, left) and _goes_on(sentence, rest + 1, lexicon):
        parts.append((rest + 1, _last_word(sentence)))
    return Found(source, (cue.start, cue.end), tuple(parts), "clause after content", cue.verb.manner)


def _goes_on(sentence: Sequence[Word], at: int, lexicon: Lexicon) -> bool:
    """Whether a content broken off by ", she said," is taken up again at item `at`."""
    if at >= len(sentence) or sentence[at].kind != "word":
        return False
    word = sentence[at]
    if word.lower in lexicon.modifier_starts or word.lower in lexicon.relative - lexicon.complementisers:
        return False
    verb = lexicon.verbs.get(word.lower)
    return verb is None or "gerund" not in verb.forms


def before_content(
    sentence: Sequence[Word],
    cue: Cue,
    source: Source | None,
    found: Sequence[Found],
    clauses: frozenset[int],
    lexicon: Lexicon,
) -> Found | None:
    """The relation of a clause that stands before what it reports: she said that … | she vowed to …"""
    if cue.voice == "passive" or cue.voice == "participle":
        return _by(sentence, cue, found, lexicon)
    if source is None:
        return None
    limit = _next_taken(cue.end, sentence, found)
    start = _content_start(sentence, cue, lexicon)
    if start is None or start >= limit:
        return None
    if is_quote(sentence, start) and sentence[start - 1].kind == "mark":
        end = start + 1
    else:
        end = content_end(sentence, start, limit, cue, clauses, lexicon)
    if end <= start or all(word.kind == "mark" for word in sentence[start:end]):
        return None
    rule = f"{_shape(sentence[start], cue, lexicon)} after clause"
    return Found(source, (cue.start, cue.end), ((start, end),), rule, cue.verb.manner)


def _shape(first: Word, cue: Cue, lexicon: Lexicon) -> str:
    """What kind of content begins with this word."""
    if first.kind == "quote":
        return "quotation"
    if first.lower in lexicon.complementisers:
        return "that-clause"
    if first.lower in lexicon.questions:
        return "question"
    if first.lower in lexicon.infinitive_markers and not cue.particle:
        return "infinitive"
    return "clause" if "clause" in cue.frames and not cue.particle else "phrase"


def quoting_clauses(sentence: Sequence[Word], candidates: Sequence[Cue], lexicon: Lexicon) -> frozenset[int]:
    """Where clauses begin that report a quotation after them: "when he retired, **she said: "…"**".

    A clause that hangs on a conjunction ("he was there **when** she said: "…"") is part of what its sentence reports.
    """
    starts = set()
    for cue in candidates:
        if cue.voice != "finite" or "quote" not in cue.frames:
            continue
        start = _content_start(sentence, cue, lexicon)
        if start is not None and is_quote(sentence, start) and sentence[start - 1].text in ",:":
            source = source_before(sentence, cue, None, lexicon)
            if source is None or source.how not in ("subject", "pronoun"):
                continue
            if source.start == 0 or sentence[source.start - 1].lower not in lexicon.subordinators:
                starts.add(source.start)
    return frozenset(starts)


def _content_start(sentence: Sequence[Word], cue: Cue, lexicon: Lexicon) -> int | None:
    """The item at which a content after the cue begins; None if the verb does not take what stands there."""
    at = after_modifiers(sentence, cue.end, lexicon)
    if "hearer" in cue.frames:
        at = after_modifiers(sentence, after_hearer(sentence, at, lexicon), lexicon)
    if at >= len(sentence) or at_end(sentence, at):
        return None
    word = sentence[at]
    if word.kind == "mark":
        quoted = word.text in ",:" and is_quote(sentence, at + 1)
        return at + 1 if quoted or (word.text == ":" and at + 1 < len(sentence)) else None
    if word.kind == "quote" or cue.particle:
        return at
    if cue.frames & {"clause", "that"}:
        later = past_modifier_phrase(sentence, at, lexicon)
        if later is not None:
            return later
    return at if _takes(word, cue, lexicon) else None


def _takes(word: Word, cue: Cue, lexicon: Lexicon) -> bool:
    """Whether the frames of a verb allow a content that begins with this word."""
    if word.lower in lexicon.complementisers:
        return bool(cue.frames & {"clause", "that"})
    if word.lower in lexicon.questions:
        return bool(cue.frames & {"clause", "that", "object"})
    if word.lower in lexicon.infinitive_markers:
        return "infinitive" in cue.frames
    if word.lower in lexicon.comparisons:
        return "object" in cue.frames
    if word.lower in lexicon.prepositions | lexicon.adverbs | lexicon.modifier_starts - {"this"}:
        return False
    return bool(cue.frames & {"clause", "object"})


def _by(sentence: Sequence[Word], cue: Cue, found: Sequence[Found], lexicon: Lexicon) -> Found | None:
    """The relation of a passive: the plan **was criticised by** the mayor."""
    if cue.end >= len(sentence) or sentence[cue.end].lower not in lexicon.agents:
        return None
    if cue.verb.lemma not in lexicon.passives:
        return None
    subject = source_before(sentence, replace(cue, voice="finite"), None, lexicon)
    agent = source_after(sentence, cue.end + 1, lexicon)
    if subject is None or agent is None or is_taken(subject.start, found):
        return None
    return Found(Source(cue.end, agent.end, "agent"), (cue.start, cue.end), (subject[:2],), "passive", cue.verb.manner)


def noun_reports(sentence: Sequence[Word], clauses: frozenset[int], lexicon: Lexicon) -> list[Found]:
    """The relations that a noun holds: the mayor's **claim** that …"""
    found: list[Found] = []
    for at in range(1, len(sentence) - 2):
        takes = lexicon.reporting_nouns.get(sentence[at].lower)
        if takes is None or sentence[at + 1].lower not in takes:
            continue
        owner = at - 1
        while (
            owner > 0
            and at - owner < 4
            and sentence[owner].kind == "word"
            and not is_possessive(sentence[owner], lexicon)
        ):
            owner -= 1
        if not is_possessive(sentence[owner], lexicon):
            continue
        start = owner if sentence[owner].lower in lexicon.possessives else phrase_start(sentence, owner, lexicon)
        if start is None:
            continue
        first = at + 1
        cue = Cue(owner + 1, first, at, _NOUN, "finite", _NOUN.frames)
        end = content_end(sentence, first, len(sentence), cue, clauses, lexicon)
        if end > first:
            source = Source(start, owner + 1, "possessive")
            found.append(Found(source, (owner + 1, first), ((first, end),), "content of noun", "speech"))
    return found


_NOUN = CueVerb("", "speech", frozenset(), frozenset(), frozenset(), frozenset())
