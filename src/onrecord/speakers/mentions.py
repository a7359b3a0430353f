"""Find who and what could speak: people, bodies, countries, roles, groups, documents, pronouns.

One pass over the tokens, each step looking a bounded number of tokens to either side.
"""

from __future__ import annotations

from collections import Counter

from onrecord.speakers.countries import place
from onrecord.speakers.knowledge import Lexicon
from onrecord.speakers.names import read_name
from onrecord.speakers.phrases import Mention, read_noun
from onrecord.speakers.tokens import Tokens

# A sentence without a lower-case word of substance is a title if it has this many capitalised ones.
_TITLE_WORDS = 4
# "RIO DE JANEIRO:" is as long as a dateline gets.
_LONGEST_DATELINE = 4


def find_mentions(tokens: Tokens, lexicon: Lexicon, asked: frozenset[int] = frozenset()) -> list[Mention]:
    """The mentions of a text by their first token; of two that begin together the longer comes first.

    Inside quotations only names count, and the tokens `asked` about: whom else a quotation speaks of, the reporter
    hardly comes back to.
    """
    found: list[Mention] = []
    titles = _title_sentences(tokens, lexicon)
    spoken, quoted, after = lexicon.spoken, tokens.quoted, 0
    nouns = [at for at, lower in enumerate(tokens.lower) if lower in spoken and (not quoted[at] or at in asked)]
    aged = lexicon.words.aged
    ages = [at for at, lower in enumerate(tokens.lower) if lower.endswith(aged)] if aged in tokens.text else []
    places = sorted({*tokens.capitals, *nouns, *ages})
    datelines = _datelines(tokens)
    for at in places:
        if at < after or at in datelines:
            continue
        mention = _mention(tokens, lexicon, at, titles, not tokens.quoted[at] or at in asked)
        if mention is not None:
            found.append(mention)
            after = max(mention.last if mention.affiliation else mention.core + 1, at + 1)
    found.sort(key=lambda mention: (mention.first, -mention.last))
    return found


def _mention(tokens: Tokens, lexicon: Lexicon, at: int, titles: frozenset[int], nameless: bool) -> Mention | None:
    """The mention that begins at a word, or whose head it is; `nameless` if it may be another than a name."""
    word, lower = tokens.words[at], tokens.lower[at]
    mention = None
    if word[0].isupper() and tokens.sentences[at] not in titles:
        mention = read_name(tokens, lexicon, at)
    if mention is None and not nameless:
        return None
    if mention is None and lower in lexicon.pronouns:
        mention = _pronoun(lexicon, lower, at)
    if mention is None and lower in lexicon.nouns:
        mention = read_noun(tokens, lexicon, at)
    if mention is None and lexicon.is_age(lower):
        mention = _age(tokens, lexicon, at)
    return mention


def _pronoun(lexicon: Lexicon, lower: str, at: int) -> Mention:
    pronoun = lexicon.pronouns[lower]
    return Mention("pronoun", at, at + 1, at, gender=pronoun.gender, plural=pronoun.number == "plural", pronoun=pronoun)


def _age(tokens: Tokens, lexicon: Lexicon, at: int) -> Mention | None:
    """ "The 53-year-old", where no noun follows."""
    if not (tokens.same_sentence(at - 1, at + 1) and tokens.lower[at - 1] in lexicon.words.definite):
        return None
    after = tokens.lower[at + 1]
    if tokens.capital(at + 1) or after in lexicon.nouns or after in lexicon.words.modifiers:
        return None
    age = tokens.lower[at]
    return Mention("role", at - 1, at + 1, at, role=age, determiner="the", age=age)


def _datelines(tokens: Tokens) -> frozenset[int]:
    """The words of places in capitals before a colon where paragraphs start, "NEW DELHI:": they tell where, not who."""
    found: set[int] = set()
    for at in tokens.capitals:
        if not tokens.words[at].isupper() or (at and tokens.paragraphs[at - 1] == tokens.paragraphs[at]):
            continue
        end = at
        while end < at + _LONGEST_DATELINE and tokens.same_sentence(at, end) and tokens.words[end].isupper():
            end += 1
        closed = end > at and tokens.same_sentence(at, end) and tokens.words[end] == ":"
        if closed and place(" ".join(tokens.words[at:end]).title()):
            found.update(range(at, end))
    return frozenset(found)


def _title_sentences(tokens: Tokens, lexicon: Lexicon) -> frozenset[int]:
    """The sentences set in title case, such as a headline that nobody marked as one.

    In a title only small words stand in lower case; a sentence full of names still has a verb ("met").
    """
    counts = Counter([tokens.sentences[at] for at in tokens.capitals])
    return frozenset(
        sentence
        for sentence, count in counts.items()
        if count >= _TITLE_WORDS
        and not any(
            word[0].islower() and len(word) > 2 and word not in lexicon.small for word in tokens.in_sentence(sentence)
        )
    )
