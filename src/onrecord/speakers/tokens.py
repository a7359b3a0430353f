"""The words of a text with where they stand: sentence, paragraph, quotation."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable

from msgspec import Struct

from onrecord.speakers.knowledge import Lexicon

# A word with its inner full stops ("U.S."), apostrophes and hyphens; a possessive ending; any other mark; a line break.
# Most words are plain, and the first way to read one is the fastest.
_TOKEN = re.compile(
    r"[a-zA-Z]{2,}(?![\w'’&.‐‑-])|"
    r"(?:[^\W\d_]{1,20}-)?(?:[^\W\d_]\.){2,}|[^\W_]+(?:(?:['’](?!(?:s|d|ll|re|ve|m)\b)|[-‐‑&])[^\W_]+)*|['’](?:s|d|ll|re|ve|m)\b|''|``|[^\w\s]|\n\s*\n|\n",
)
_OPENING, _CLOSING, _EITHER = frozenset("“„«"), frozenset("”»"), frozenset({'"', "''", "``"})
_ENDS = frozenset(".!?…")
# A line of so many characters without a mark at its end is wrapped; headings are shorter.
_WRAPPED = 70


class Tokens(Struct, frozen=True):
    """Parallel lists, one entry a token, but for `capitals`."""

    text: str
    words: list[str]
    lower: list[str]
    starts: list[int]
    ends: list[int]
    sentences: list[int]
    paragraphs: list[int]
    quoted: list[bool]
    capitals: list[int]
    """The words that begin with a capital letter."""

    def within(self, start: int, end: int) -> tuple[int, int]:
        """The half-open range of the tokens that lie in `text[start:end]` at least in part."""
        return bisect_right(self.ends, start), bisect_left(self.starts, end)

    def phrase(self, first: int, last: int) -> str:
        """The text from token `first` up to, not with, token `last`, on one line."""
        return " ".join(self.text[self.starts[first] : self.ends[last - 1]].split()) if first < last else ""

    def capital(self, at: int) -> bool:
        """Whether the token is a word that begins with a capital letter."""
        return 0 <= at < len(self.words) and self.words[at][0].isupper()

    def same_sentence(self, one: int, other: int) -> bool:
        """Whether both tokens exist and stand in one sentence."""
        sentences = self.sentences
        if one < 0 or other < 0:
            return False
        try:  # far cheaper than to ask for the length each time: most callers ask of neighbours
            return sentences[one] == sentences[other]
        except IndexError:
            return False

    def sentence_of(self, at: int) -> tuple[int, int]:
        """The half-open range of the tokens in the sentence of a token."""
        sentence = self.sentences[at]
        return bisect_left(self.sentences, sentence), bisect_right(self.sentences, sentence)


def tokenise(text: str, regions: Iterable[tuple[int, int]], lexicon: Lexicon) -> Tokens:
    """The tokens of the regions of a text, in reading order."""
    tokens = Tokens(text, [], [], [], [], [], [], [], [])
    for start, end in regions:
        _read(tokens, start, end, lexicon)
    tokens.lower.extend(map(str.lower, tokens.words))
    tokens.capitals.extend(at for at, word in enumerate(tokens.words) if word[0].isupper())
    return tokens


def _read(tokens: Tokens, first: int, last: int, lexicon: Lexicon) -> None:
    """Read one region; every line is a paragraph of its own, as texts without blank lines are common, unless it only
    wraps a sentence."""
    sentence = tokens.sentences[-1] + 1 if tokens.words else 0
    paragraph = tokens.paragraphs[-1] + 1 if tokens.words else 0
    quoted = ended = False
    # Bound once, and what words share filled in runs: this loop is a fifth of the stage's time.
    words = tokens.words
    add_word, add_start, add_end = words.append, tokens.starts.append, tokens.ends.append
    for match in _TOKEN.finditer(tokens.text, first, last):
        word = match.group()
        if word[0].isalnum():
            if ended:
                _fill(tokens, sentence, paragraph, quoted)
                ended = False
                sentence += not word[0].islower()
            elif word[0].isupper() and words and words[-1][-1] == "." and _opens(words[-1], word, lexicon):
                _fill(tokens, sentence, paragraph, quoted)
                sentence += 1
        elif word == "\n" and _wraps(tokens, match.start()):
            continue
        elif word[0] == "\n":
            _fill(tokens, sentence, paragraph, quoted)
            paragraph, sentence, quoted, ended = paragraph + 1, sentence + 1, False, False
            continue
        elif word == "." and _abbreviated(tokens, match.start(), lexicon):
            words[-1] += word
            tokens.ends[-1] = match.end()
            continue
        else:
            _fill(tokens, sentence, paragraph, quoted)
            if ended and (word in _OPENING or (word in _EITHER and not quoted)):
                ended = False
                sentence += 1
            quoted = word in _OPENING or (word not in _CLOSING and quoted != (word in _EITHER))
            ended = ended or word in _ENDS
        start, end = match.span()
        add_word(word)
        add_start(start)
        add_end(end)
    _fill(tokens, sentence, paragraph, quoted)


def _fill(tokens: Tokens, sentence: int, paragraph: int, quoted: bool) -> None:
    """Say of the words added since the last call where they stand."""
    count = len(tokens.words) - len(tokens.sentences)
    if count:
        tokens.sentences.extend([sentence] * count)
        tokens.paragraphs.extend([paragraph] * count)
        tokens.quoted.extend([quoted] * count)


def _wraps(tokens: Tokens, at: int) -> bool:
    """Whether the line break at `at` only wraps a sentence: a small letter follows, or the line is long and ends in no
    mark."""
    text = tokens.text
    if text[at + 1 : at + 2].islower():
        return True
    line = text[max(0, at - _WRAPPED) : at].rstrip()
    return len(line) >= _WRAPPED - 1 and "\n" not in line and (line[-1].isalnum() or line[-1] == ",")


def _opens(abbreviation: str, word: str, lexicon: Lexicon) -> bool:
    """Whether a word with a capital begins a sentence behind "U.S.", whose last stop then ends one too."""
    return abbreviation.count(".") > 1 and word.lower() in lexicon.opening


def _abbreviated(tokens: Tokens, at: int, lexicon: Lexicon) -> bool:
    """Whether the full stop at `at` belongs to the word before it: a title or an initial."""
    if not tokens.words or tokens.ends[-1] != at:
        return False
    word = tokens.words[-1]
    if len(word) == 1:
        return word.isupper() and word != "I"
    lower = word.lower()
    return word[0].isupper() and (
        lower in lexicon.abbreviations or lower in lexicon.honorifics or lower in lexicon.words.suffixes
    )
