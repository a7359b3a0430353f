"""The rule engine: statements from quotation marks, reporting verbs and word order, without a trained model."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from onrecord.attribution.contents import (
    after_hearer,
    after_modifiers,
    at_end,
    content_end,
    is_quote,
    is_trailing,
    past_modifier_phrase,
)
from onrecord.attribution.cues import Cue, cues
from onrecord.attribution.lexicon import Lexicon
from onrecord.attribution.quotation import Quotation, quotations
from onrecord.attribution.sources import Source, source_after, source_before
from onrecord.attribution.words import Word, paragraphs, sentences
from onrecord.schema import Manner

Ends = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Relation:
    """Source, cue and content as offsets into the text, and the rule that joined them."""

    source: tuple[Ends, ...]
    cue: tuple[Ends, ...]
    content: tuple[Ends, ...]
    rule: str
    manner: Manner
    confidence: float


@dataclass(frozen=True, slots=True)
class _Found:
    """A relation in items of its sentence: (start, end) pairs, end exclusive."""

    source: Source | None
    cue: Ends
    content: tuple[Ends, ...]
    rule: str
    manner: Manner


def relations(text: str, bounds: Sequence[Ends], lexicon: Lexicon) -> list[Relation]:
    """The attribution relations of the paragraphs `bounds` of a text, in reading order."""
    quoted = quotations(text, bounds)
    found: list[Relation] = []
    waiting: Relation | None = None
    """A reporting clause that ended in a colon: what it reports is in the next paragraph."""
    unclaimed: list[Ends] = []
    """Quotations left open by paragraphs without a reporting clause, which a later paragraph carries on."""
    for start, end in bounds:
        whole = sentences(text, start, end, quoted, lexicon)
        speech = _labelled(text, whole, lexicon) or _signed(text, whole, lexicon)
        if speech is not None:
            found.append(speech)
            waiting, unclaimed = None, []
            continue
        first = True
        for sentence in whole:
            here = [_placed(text, sentence, one) for one in in_sentence(sentence, lexicon)]
            if here and unclaimed:
                here[0] = replace(here[0], content=(*unclaimed, *here[0].content))
            if here:
                unclaimed = []
                found.extend(here)
            elif _is_only_quotation(sentence):
                parts = tuple((word.start, word.end) for word in sentence if word.kind == "quote")
                if waiting is not None and (first or found[-1:] == [waiting]):
                    waiting = replace(waiting, content=waiting.content + parts)
                    found = [*found[:-1], waiting] if found and found[-1].cue == waiting.cue else [*found, waiting]
                elif found:
                    found[-1] = replace(found[-1], content=found[-1].content + parts)
            first = False
        waiting = _announced(text, whole[-1], lexicon) if whole else None
    return found


def _announced(text: str, sentence: Sequence[Word], lexicon: Lexicon) -> Relation | None:
    """A reporting clause with a colon at the end of its paragraph, its content still to come."""
    if sentence[-1].text != ":":
        return None
    for cue in reversed(list(cues(sentence, lexicon))):
        source = source_before(sentence, cue, None, lexicon)
        if source is not None and cue.voice in ("finite", "gerund") and "clause" in cue.frames:
            found = _Found(
                source, (cue.start, cue.end), (), f"{source.how} + {cue.verb.lemma} + colon", cue.verb.manner
            )
            return _placed(text, sentence, found)
    return None


def _labelled(text: str, whole: Sequence[Sequence[Word]], lexicon: Lexicon) -> Relation | None:
    """A line of a transcript: a name in capitals, a colon, and what was said."""
    if not whole:
        return None
    words = [word for sentence in whole for word in sentence]
    colon = next((at for at, word in enumerate(words[:6]) if word.text == ":"), 0)
    name = words[:colon]
    if not name or colon + 1 >= len(words) or any(word.kind != "word" and word.text != "." for word in name):
        return None
    if not all(word.text.isupper() and len(word.text) > 1 for word in name if word.kind == "word"):
        return None
    content = (words[colon + 1].start, words[-1].end)
    return Relation(
        ((name[0].start, name[-1].end),),
        ((words[colon].start, words[colon].end),),
        (content,),
        "transcript label",
        "speech",
        0.5,
    )


def _signed(text: str, whole: Sequence[Sequence[Word]], lexicon: Lexicon) -> Relation | None:
    """A quotation with its author behind a dash: "…" — Anna Roe"""
    words = [word for sentence in whole for word in sentence]
    if len(words) < 3 or words[0].kind != "quote" or words[1].text not in {"—", "–", "--", "-", "―"}:
        return None
    name = words[2:]
    if len(name) > 12 or any(word.kind == "quote" for word in name) or not name[0].text[:1].isupper():
        return None
    if any(word.lower in lexicon.verbs and word.text.islower() for word in name):
        return None
    last = name[-1] if name[-1].kind == "word" else name[-2] if len(name) > 1 else name[-1]
    dash = words[1]
    return Relation(
        ((name[0].start, last.end),),
        ((dash.start, dash.end),),
        ((words[0].start, words[0].end),),
        "signed quotation",
        "speech",
        0.5,
    )


def _is_only_quotation(sentence: Sequence[Word]) -> bool:
    words = sum(1 for word in sentence if word.kind == "word")
    return any(word.kind == "quote" for word in sentence) and words <= 2


def _placed(text: str, sentence: Sequence[Word], found: _Found) -> Relation:
    def ends(items: Ends) -> Ends:
        return sentence[items[0]].start, sentence[items[1] - 1].end

    source = (ends(found.source[:2]),) if found.source else ()
    return Relation(
        source, (ends(found.cue),), tuple(ends(part) for part in found.content), found.rule, found.manner, 0.5
    )


def in_sentence(sentence: Sequence[Word], lexicon: Lexicon) -> list[_Found]:
    """The relations of one sentence, in the order of their cues; none lies inside the content of another."""
    candidates = list(cues(sentence, lexicon))
    found = _according(sentence, lexicon)
    earlier: Source | None = None
    for cue in candidates:
        if _is_taken(cue.at, found):
            continue
        source = source_before(sentence, cue, earlier, lexicon)
        one = _around(sentence, cue, source, found, lexicon)
        if one is not None:
            found = [other for other in found if not _inside(other, one)]
            found.append(one)
    for cue in candidates:
        if _is_taken(cue.at, found):
            continue
        source = source_before(sentence, cue, earlier, lexicon)
        if source is not None and _is_taken(source.start, found):
            source = None
        one = _ahead(sentence, cue, source, found, lexicon)
        if one is not None:
            found.append(one)
            earlier = one.source or earlier
    return sorted(found, key=lambda one: one.cue)


def _is_taken(at: int, found: Sequence[_Found]) -> bool:
    return any(start <= at < end for one in found for start, end in (*one.content, one.cue))


def _inside(inner: _Found, outer: _Found) -> bool:
    return any(start <= inner.cue[0] < end for start, end in outer.content)


def _next_taken(at: int, sentence: Sequence[Word], found: Sequence[_Found]) -> int:
    """The first item after `at` that an earlier found relation covers."""
    edges = [
        start
        for one in found
        for start, _ in (*one.content, one.cue, *((one.source[:2],) if one.source else ()))
        if start >= at
    ]
    return min(edges, default=len(sentence))


def _according(sentence: Sequence[Word], lexicon: Lexicon) -> list[_Found]:
    found: list[_Found] = []
    for at in range(len(sentence)):
        for phrase in lexicon.prepositional_cues:
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
                found.append(_Found(Source(end, source_end, "subject"), (at, end), content, "according to", "speech"))
    return found


def _around_phrase(sentence: Sequence[Word], start: int, end: int, lexicon: Lexicon) -> tuple[Ends, ...]:
    """The content of "according to X": all that follows its comma, or all that goes before it."""
    last = _last_word(sentence)
    if start <= 1:
        first = end + 1 if end < len(sentence) and sentence[end].kind == "mark" else end
        return ((first, last),) if first < last else ()
    left_end = start - 1 if sentence[start - 1].text == "," else start
    parts: list[Ends] = [(0, left_end)] if left_end else []
    if end < last and sentence[end].text == "," and end + 1 < last:
        parts.append((end + 1, last))
    return tuple(parts)


def _last_word(sentence: Sequence[Word]) -> int:
    last = len(sentence)
    while last > 0 and sentence[last - 1].kind == "mark" and sentence[last - 1].text in ".!?…;:,":
        last -= 1
    return last


def _around(
    sentence: Sequence[Word], cue: Cue, source: Source | None, found: Sequence[_Found], lexicon: Lexicon
) -> _Found | None:
    """The relation of a clause that stands after or amid what it reports: "…," she said | …, said the mayor, …"""
    if cue.voice != "finite" or "quote" not in cue.frames:
        return None
    before = cue.start - 1
    if before >= 0 and (is_quote(sentence, before) or sentence[before].text == ","):
        inverted = source_after(sentence, cue.end, lexicon)
        if (
            inverted is not None
            and is_trailing(sentence, inverted.end, lexicon)
            and (is_quote(sentence, before) or _may_invert(sentence, cue, lexicon))
        ):
            return _reported(sentence, cue, inverted, cue.start, inverted.end, found, lexicon)
    if source is None or source.how == "shared" or source.start == 0 or source.end > cue.start:
        return None
    mark = sentence[source.start - 1]
    if mark.kind != "quote" and mark.text != ",":
        return None
    end = after_modifiers(sentence, cue.end, lexicon)
    if "hearer" in cue.frames:
        end = after_modifiers(sentence, after_hearer(sentence, end, lexicon), lexicon)
    quote_before = mark.kind == "quote" or is_quote(sentence, source.start - 2)
    if not quote_before and _opens_with_circumstance(sentence, lexicon) and is_quote(sentence, end + 1):
        return None
    if not is_trailing(sentence, end, lexicon) and not (quote_before and _is_complete(sentence[source.start - 1])):
        return None
    if not quote_before and past_modifier_phrase(sentence, end, lexicon) is not None:
        return None
    return _reported(sentence, cue, source, source.start, end, found, lexicon)


def _may_invert(sentence: Sequence[Word], cue: Cue, lexicon: Lexicon) -> bool:
    """Whether "…, said the mayor" is likelier than "Anna Roe, the mayor, said the same"."""
    first = sentence[cue.end]
    return cue.verb.lemma in lexicon.inverting and (first.text[:1].isupper() or first.lower in lexicon.determiners)


def _is_complete(word: Word) -> bool:
    """Whether a quotation ends as one does before its reporting clause, with a comma or a question or exclamation."""
    return word.text == "," or word.text.rstrip("\"'”’»“")[-1:] in {",", "?", "!", "…"}


def _opens_with_circumstance(sentence: Sequence[Word], lexicon: Lexicon) -> bool:
    first = sentence[0].lower
    return (
        first in lexicon.prepositions
        or first in lexicon.subordinators
        or first.endswith("ing")
        or first in lexicon.sentence_openers
    )


def _reported(
    sentence: Sequence[Word], cue: Cue, source: Source, start: int, end: int, found: Sequence[_Found], lexicon: Lexicon
) -> _Found | None:
    left = max((stop for one in found for _, stop in one.content if stop <= start), default=0)
    stop = start - 1 if sentence[start - 1].text == "," else start
    if is_quote(sentence, stop - 1) and (stop - 1 == left or sentence[stop - 2].kind == "mark"):
        left = stop - 1
    if left >= stop:
        return None
    parts = [(left, stop)]
    rest = next(
        (at for at in range(end, len(sentence)) if sentence[at].text == "," or sentence[at].kind == "quote"),
        len(sentence),
    )
    if is_quote(sentence, rest):
        parts.append((rest, rest + 1))
    elif is_quote(sentence, rest + 1):
        parts.append((rest + 1, rest + 2))
    elif (
        rest == end
        and rest + 1 < len(sentence)
        and not is_quote(sentence, left)
        and _goes_on(sentence[rest + 1], lexicon)
    ):
        parts.append((rest + 1, _last_word(sentence)))
    return _Found(source, (cue.start, cue.end), tuple(parts), "clause after content", cue.verb.manner)


def _goes_on(word: Word, lexicon: Lexicon) -> bool:
    """Whether a content broken off by ", she said," is taken up again by this word."""
    if word.kind != "word" or word.lower in lexicon.modifier_starts or word.lower in lexicon.relative - {"that"}:
        return False
    verb = lexicon.verbs.get(word.lower)
    return verb is None or "gerund" not in verb.forms


def _ahead(
    sentence: Sequence[Word], cue: Cue, source: Source | None, found: Sequence[_Found], lexicon: Lexicon
) -> _Found | None:
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
        end = content_end(sentence, start, limit, cue, _quoting_clauses(sentence, cue.end, lexicon), lexicon)
    if end <= start or all(word.kind == "mark" for word in sentence[start:end]):
        return None
    return _Found(source, (cue.start, cue.end), ((start, end),), f"{source.how} + {cue.verb.lemma}", cue.verb.manner)


def _quoting_clauses(sentence: Sequence[Word], after: int, lexicon: Lexicon) -> frozenset[int]:
    """Where, from item `after` on, a clause begins that reports a quotation: "when he retired, **she said: "…"**"."""
    starts = set()
    for cue in cues(sentence, lexicon):
        if cue.start <= after or cue.voice != "finite" or "quote" not in cue.frames:
            continue
        start = _content_start(sentence, cue, lexicon)
        if start is not None and is_quote(sentence, start) and sentence[start - 1].text in ",:":
            source = source_before(sentence, cue, None, lexicon)
            if source is not None and source.how in ("subject", "pronoun") and source.start > after:
                starts.add(source.start)
    return frozenset(starts)


def _content_start(sentence: Sequence[Word], cue: Cue, lexicon: Lexicon) -> int | None:
    frames = cue.frames
    at = after_modifiers(sentence, cue.end, lexicon)
    if "hearer" in frames:
        at = after_modifiers(sentence, after_hearer(sentence, at, lexicon), lexicon)
    if at >= len(sentence) or at_end(sentence, at):
        return None
    word = sentence[at]
    if word.kind == "mark":
        if word.text in ",:" and is_quote(sentence, at + 1):
            return at + 1
        if word.text == ":" and at + 1 < len(sentence):
            return at + 1
        return None
    if word.kind == "quote" or cue.particle:
        return at
    if word.lower in lexicon.questions or word.lower == "that":
        return at
    if word.lower == "to":
        return at if "infinitive" in frames else None
    if "clause" in frames:
        later = past_modifier_phrase(sentence, at, lexicon)
        if later is not None:
            return later
    if word.lower in lexicon.prepositions and not (word.lower == "as" and "object" in frames):
        return None
    if "clause" in frames or "object" in frames:
        return at
    return None


def _by(sentence: Sequence[Word], cue: Cue, found: Sequence[_Found], lexicon: Lexicon) -> _Found | None:
    """The relation of a passive: the plan **was criticised by** the mayor."""
    if cue.end >= len(sentence) or sentence[cue.end].lower != "by" or "object" not in cue.frames:
        return None
    subject = source_before(sentence, replace(cue, voice="finite"), None, lexicon)
    agent = source_after(sentence, cue.end + 1, lexicon)
    if subject is None or agent is None or _is_taken(subject.start, found):
        return None
    return _Found(Source(cue.end, agent.end, "agent"), (cue.start, cue.end), (subject[:2],), "passive", cue.verb.manner)


def read(text: str, lexicon: Lexicon) -> list[Relation]:
    """The relations of a whole text taken as it stands, its lines or blank-line blocks as paragraphs."""
    return relations(text, paragraphs(text), lexicon)


__all__ = ["Quotation", "Relation", "in_sentence", "read", "relations"]
