"""The relations of one sentence: how its reporting clauses meet the clauses that they report."""

from __future__ import annotations

from collections.abc import Sequence

from onrecord.attribution.bounded.clauses import DASHES, Clause, Cue, clauses, cues, is_speech
from onrecord.attribution.bounded.contents import Content, after, after_mark, around, before_mark, is_quote, trimmed
from onrecord.attribution.bounded.moods import main_verbs
from onrecord.attribution.bounded.phrases import is_part, oblique_end, phrase_end
from onrecord.attribution.bounded.sources import Source, hangs, subject, with_apposition
from onrecord.attribution.bounded.table import BoundedLexicon
from onrecord.attribution.bounded.turns import turns_of_phrase
from onrecord.attribution.bounded.unnamed import unnamed
from onrecord.attribution.relation import Items, Parts
from onrecord.attribution.words import Word

_LATEST_PIVOT = 2
"""The item that a verb behind a pointing pronoun is at most: das **bestätigte**, das alles **sagte**."""
_SHORTEST_OBJECT = 2
"""Items besides the source and the cue that a clause needs to tell what was said."""


def in_sentence(sentence: Sequence[Word], lexicon: BoundedLexicon) -> list[Parts]:
    """The relations of one sentence, in reading order; none lies inside the content of another."""
    parts = clauses(sentence)
    candidates = list(cues(sentence, parts, lexicon))
    found: list[Parts] = []
    for cue in candidates:
        one = _beside_quotation(sentence, parts, cue, lexicon)
        if one is not None and not any(_overlap(one, other) for other in found):
            found.append(one)
    others = [one for one in (_beside_clause(sentence, parts, cue, lexicon) for cue in candidates) if one]
    others += _verbless(sentence, parts, lexicon)
    others += turns_of_phrase(sentence, parts, lexicon)
    for one in sorted(others, key=lambda one: (not _takes_the_front(sentence, one, lexicon), one.cue)):
        if not any(_overlap(one, other) for other in found):
            found.append(one)
    found += _before_colon(sentence, parts, candidates, found, lexicon)
    if not found:
        found = unnamed(sentence, parts, lexicon)
    back = _pointing(sentence, parts, candidates, lexicon) if not found else None
    if back is not None:
        return [back]
    for cue in candidates:
        act = _act(sentence, parts, cue, found, lexicon)
        if act is not None:
            found.append(act)
    return sorted(found, key=lambda one: one.cue)


def _takes_the_front(sentence: Sequence[Word], one: Parts, lexicon: BoundedLexicon) -> bool:
    """Whether a content is a that-clause before its main verb, whose own reports are part of it: *Dass Roe gesagt
    habe, er gehe,* bestritt der Verein."""
    first, end = one.content[0]
    behind = one.rule == "clause after content" and first == 0 and end <= one.cue[0][0]
    return behind and _opens_with_that(sentence, lexicon)


def _opens_with_that(sentence: Sequence[Word], lexicon: BoundedLexicon) -> bool:
    return lexicon.verb_second and sentence[0].lower in lexicon.content_openers - lexicon.as_words


def _before_colon(
    sentence: Sequence[Word],
    parts: Sequence[Clause],
    candidates: Sequence[Cue],
    found: Sequence[Parts],
    lexicon: BoundedLexicon,
) -> list[Parts]:
    """What stands before a clause that goes on with a quotation: **Man wisse es nicht**, sagte Roe: „…“"""
    for cue in candidates:
        clause = parts[cue.clause]
        told = next(
            (one for one in found if one.rule == "quotation after clause" and one.cue[0][0] == cue.items[0]), None
        )
        inverted = lexicon.verb_second and cue.pivot == clause.start > 1 and sentence[clause.start - 1].text == ","
        if told is None or not inverted or told.content[0][0] < clause.start or not told.source:
            continue
        content = trimmed(sentence, 0, clause.start)
        reported = any(main_verbs(sentence, part, lexicon) for part in parts[: cue.clause])
        if reported and content and not any(_overlap(Parts((), (), content, "", "speech"), other) for other in found):
            return [Parts(told.source, (), content, "clause after content", told.manner)]
    return []


def _pointing(
    sentence: Sequence[Word], parts: Sequence[Clause], candidates: Sequence[Cue], lexicon: BoundedLexicon
) -> Parts | None:
    """A clause whose object is the sentence before it, which it points to by a pronoun: *Das teilte die Stadt mit.*

    Its content is left empty, for it lies in another sentence.
    """
    if sentence[0].lower not in lexicon.pointers:
        return None
    for cue in candidates:
        if cue.clause == 0 and cue.pivot <= _LATEST_PIVOT and not cue.passive and "clause" in cue.verb.frames:
            source = subject(sentence, parts, cue, lexicon)
            if source is not None and source.start > cue.pivot:
                return _parts(source, cue, (), "sentence before")
    return None


def _act(
    sentence: Sequence[Word], parts: Sequence[Clause], cue: Cue, found: Sequence[Parts], lexicon: BoundedLexicon
) -> Parts | None:
    """A clause that tells of a statement without giving a clause of it: *Die Stadt forderte einen neuen Damm.*

    The content is all of the clause, since what was said lies in its verb as much as in its object.
    """
    clause = parts[cue.clause]
    opens = sentence[clause.start].lower in lexicon.clause_openers
    last = max(cue.items) == clause.end - 1 and not cue.form.particle
    if "act" not in cue.verb.frames or (opens and last) or hangs(sentence, clause, lexicon):
        return None
    source = subject(sentence, parts, cue, lexicon)
    if source is None or sentence[source.start].lower in lexicon.objects:
        return None
    mine = (source.start, source.end)
    whole = [span for one in found for span in (*one.source, *one.cue, *one.content) if span != mine]
    start = max((b for _, b in whole if b <= cue.items[0]), default=0)
    end = min((a for a, _ in whole if a > cue.items[0]), default=len(sentence))
    start += start < cue.items[0] and sentence[start].lower in lexicon.coordinators
    while end > start and (sentence[end - 1].lower in lexicon.coordinators or sentence[end - 1].text == ","):
        end -= 1
    content = trimmed(sentence, start, end)
    inside = bool(content) and all(content[0][0] <= at < content[0][1] for at in cue.items)
    if not inside or any(a < content[0][1] and content[0][0] < b for a, b in whole):
        return None
    words = {sentence[at].lower for at in range(*content[0])}
    priced = "priced" in cue.verb.frames and any(word.endswith("%") or word in lexicon.prices for word in words)
    if not words.isdisjoint(lexicon.victims) or (priced and words.isdisjoint(lexicon.raises)):
        return None
    told = content[0][1] - content[0][0] - len(cue.items) - (source.end - source.start)
    return _parts(source, cue, content, "act") if told >= _SHORTEST_OBJECT else None


def announced(sentence: Sequence[Word], lexicon: BoundedLexicon) -> Parts | None:
    """A reporting clause with a colon at the end of its paragraph, its content still to come."""
    if sentence[-1].text != ":":
        return None
    parts = clauses(sentence)
    for cue in reversed(list(cues(sentence, parts, lexicon))):
        source = subject(sentence, parts, cue, lexicon)
        if source is not None and "quote" in cue.verb.frames and not cue.passive:
            return _parts(source, cue, (), "colon before quotation")
    return None


def _overlap(one: Parts, other: Parts) -> bool:
    """Whether a cue or content of one relation lies in another's."""
    mine = (*one.cue, *one.content)
    return any(a < d and c < b for a, b in mine for c, d in (*other.cue, *other.content))


def _parts(source: Source | None, cue: Cue, content: tuple[Items, ...], rule: str) -> Parts:
    items: list[Items] = []
    for at in cue.items:
        if items and items[-1][1] == at:
            items[-1] = (items[-1][0], at + 1)
        else:
            items.append((at, at + 1))
    placed = ((source.start, source.end),) if source else ()
    shared = source is not None and source.shared
    return Parts(placed, tuple(items), content, rule, cue.verb.manner, shared, cue.hedged)


def _beside_quotation(
    sentence: Sequence[Word], parts: Sequence[Clause], cue: Cue, lexicon: BoundedLexicon
) -> Parts | None:
    """The relation of a clause that stands behind a quotation or amid two: «…», — said X, — «…»"""
    clause = parts[cue.clause]
    quote = before_mark(sentence, clause.start)
    if "quote" not in cue.verb.frames or cue.passive or not is_quote(sentence, quote):
        return None
    if clause.end < len(sentence) and sentence[clause.end].text == ":":
        return None
    source = subject(sentence, parts, cue, lexicon)
    if source is None and "impersonal" not in cue.verb.frames:
        return None
    if source is not None and (source.start < quote or (lexicon.verb_second and source.start < cue.pivot)):
        return None
    content: list[Items] = [(_quotation_start(sentence, quote, lexicon), quote + 1)]
    following = after_mark(sentence, parts[max(cue.reach, source.clause if source else 0)].end)
    if is_quote(sentence, following) and is_speech(sentence, following):
        content.append((following, following + 1))
    return _parts(source, cue, tuple(content), "clause after content")


def _quotation_start(sentence: Sequence[Word], quote: int, lexicon: BoundedLexicon) -> int:
    """Where a content that ends in a quotation begins: a quotation amid words takes the words before it along."""
    if quote and sentence[quote - 1].text == ":" and _opens_with_that(sentence, lexicon):
        return 0  # dass Roe gesagt habe: „…“, bestritt der Verein
    if quote == 0 or sentence[quote - 1].kind == "mark":
        return quote
    return max((at + 1 for at in range(quote) if sentence[at].text in {";", ":"} | DASHES), default=0)


def _beside_clause(
    sentence: Sequence[Word], parts: Sequence[Clause], cue: Cue, lexicon: BoundedLexicon
) -> Parts | None:
    """The relation of a clause before, behind or amid unquoted words, or before a quotation."""
    clause = parts[cue.clause]
    source = subject(sentence, parts, cue, lexicon)
    needless = cue.passive or "impersonal" in cue.verb.frames
    if source is None and not needless:
        return None
    first = clause.start + (sentence[clause.start].lower in lexicon.coordinators)
    reach = max(cue.reach, source.clause if source else 0)
    if source is not None and 0 < source.start < clause.start and source.clause == cue.clause:
        first = source.start - 1  # an aside parts it from the verb
    comments = sentence[first].lower in lexicon.verbless and cue.pivot == first + 1 and first > 0
    led = sentence[first].lower in lexicon.as_words and (
        not lexicon.verb_second or ("clause" in cue.verb.frames and not cue.form.companion)
    )
    if (led or comments) and first < cue.items[0] and not cue.passive:
        content = around(sentence, min(first, clause.start), parts[reach].end, lexicon)
        found = _parts(source, cue, content, "clause after content")
        return found._replace(cue=_joined((first, first + 1), found.cue)) if content else None
    told = after(sentence, parts, cue, reach, lexicon)
    colon = parts[reach].end < len(sentence) and sentence[parts[reach].end].text == ":"
    if cue.passive and colon and sentence[clause.start].lower in lexicon.subordinators and clause.start > 0:
        return None  # the colon is the main clause's: drei Bedingungen, damit das Netz angenommen wird: …
    if told is not None:
        return _parts(source, cue, *told) if not cue.passive or _is_told(sentence, told, lexicon) else None
    if source is None and not needless:
        return None
    return _behind(sentence, parts, cue, source, reach, lexicon)


def _is_told(sentence: Sequence[Word], found: Content, lexicon: BoundedLexicon) -> bool:
    """Whether what follows a passive is a content: it begins with a conjunction, or its mood or infinitive shows it."""
    content, rule = found
    marks = lexicon.subjunctive | lexicon.infinitive_marks
    shown = any(sentence[at].lower in marks for start, end in content for at in range(start, end))
    return rule == "that-clause after clause" or (rule == "clause after clause" and shown)


def _behind(
    sentence: Sequence[Word],
    parts: Sequence[Clause],
    cue: Cue,
    source: Source | None,
    reach: int,
    lexicon: BoundedLexicon,
) -> Parts | None:
    """The relation of a clause behind or amid unquoted words: …, said X."""
    clause = parts[cue.clause]
    if cue.passive or clause.start < 2 or sentence[clause.start - 1].text not in DASHES | {","}:
        return None
    if cue.pivot > clause.start + 1 or not cue.verb.frames & {"clause", "quote"}:
        return None
    if source is not None and (source.start < cue.pivot or not _is_last(sentence, source.end, lexicon)):
        return None
    content = around(sentence, clause.start, parts[reach].end, lexicon)
    whole = len(content) == 1 and content[0][1] <= clause.start
    if not content or (whole and not _can_be_reported(sentence, parts, content[0], lexicon)):
        return None
    return _parts(source, cue, content, "clause after content")


def _is_last(sentence: Sequence[Word], at: int, lexicon: BoundedLexicon) -> bool:
    """Whether no more than circumstances follow a subject: an object would mean that the verb has its content."""
    if at >= len(sentence) or sentence[at].kind == "mark":
        return True
    if is_part(sentence, at, "preposition", lexicon) or sentence[at].lower in lexicon.moments:
        return True
    hearer = phrase_end(sentence, at, len(sentence), "dat", lexicon)
    return hearer is not None or phrase_end(sentence, at, len(sentence), "", lexicon) is None


def _can_be_reported(
    sentence: Sequence[Word], parts: Sequence[Clause], content: Items, lexicon: BoundedLexicon
) -> bool:
    """Whether words before a reporting clause are a clause of their own, no circumstance that opens its sentence."""
    start, end = content
    opens = sentence[start].lower
    one = sum(start <= part.start < end for part in parts) == 1
    phrase = is_part(sentence, start, "preposition", lexicon) and start + 1 < end
    placed = phrase and oblique_end(sentence, start + 1, end, lexicon) is not None
    if one and opens in lexicon.subordinators and not (placed or is_part(sentence, start + 1, "preposition", lexicon)):
        return False
    return not (lexicon.verb_second and one and phrase and oblique_end(sentence, start + 1, end, lexicon) == end)


def _joined(first: Items, rest: tuple[Items, ...]) -> tuple[Items, ...]:
    return ((first[0], rest[0][1]), *rest[1:]) if first[1] == rest[0][0] else (first, *rest)


def _verbless(sentence: Sequence[Word], parts: Sequence[Clause], lexicon: BoundedLexicon) -> list[Parts]:
    """Clauses behind their content whose verb is left out: „…“, so die Ministerin."""
    found = []
    for number, clause in enumerate(parts):
        at = clause.start
        if at == 0 or sentence[at].lower not in lexicon.verbless:
            continue
        end = phrase_end(sentence, at + 1, clause.end, "nom", lexicon)
        if end is None or sentence[at - 1].text not in DASHES | {","}:
            continue
        source = with_apposition(sentence, parts, (at + 1, end), number, lexicon)
        quote = before_mark(sentence, at)
        quoted = is_quote(sentence, quote) and is_speech(sentence, quote)
        content = ((quote, quote + 1),) if quoted else around(sentence, at, parts[source.clause].end, lexicon)
        if content:
            found.append(Parts((source[:2],), ((at, at + 1),), content, "clause after content", "speech"))
    return found
