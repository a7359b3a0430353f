"""The words of a text with where they stand: sentence, paragraph, quotation."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator

from msgspec import Struct

from onrecord.speakers.knowledge import Lexicon

# A word with its inner full stops ("U.S."), apostrophes and hyphens; a possessive ending; any other mark. Nearly all
# words stand between blanks with one mark at most and are read without it: an expression takes twice as long.
_TOKEN = re.compile(
    r"(?:[^\W\d_]{1,20}-)?(?:[^\W\d_]\.){2,}|[^\W_]+(?:(?:['’](?!(?:s|d|ll|re|ve|m)\b)|[-‐‑&])[^\W_]+)*|"
    r"['’](?:s|d|ll|re|ve|m)\b|''|``|[^\w\s]"
)
_MARKS = frozenset(',.;:?!”"')
_BREAK = re.compile(r"\n\s*\n|\n")
_OPENING, _CLOSING, _EITHER = frozenset("“„«"), frozenset("”»"), frozenset({'"', "''", "``"})
_ENDS = frozenset(".!?…")
_TURNING = _OPENING | _CLOSING | _EITHER | _ENDS
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

    def in_sentence(self, sentence: int) -> list[str]:
        """The words of a sentence."""
        return self.words[bisect_left(self.sentences, sentence) : bisect_right(self.sentences, sentence)]


def tokenise(text: str, regions: Iterable[tuple[int, int]], lexicon: Lexicon) -> Tokens:
    """The tokens of the regions of a text, in reading order."""
    tokens = Tokens(text, [], [], [], [], [], [], [], [])
    for first, last in regions:
        sentence = tokens.sentences[-1] + 1 if tokens.words else 0
        paragraph = tokens.paragraphs[-1] + 1 if tokens.words else 0
        for start, end in _paragraphs(text, first, last):
            sentence = _read(tokens, start, end, sentence, lexicon) + 1
            tokens.paragraphs.extend([paragraph] * (len(tokens.words) - len(tokens.paragraphs)))
            paragraph += 1
    tokens.lower.extend(map(str.lower, tokens.words))
    tokens.capitals.extend([at for at, word in enumerate(tokens.words) if word[0].isupper()])
    return tokens


def _paragraphs(text: str, first: int, last: int) -> Iterator[tuple[int, int]]:
    """The lines of a region: each is a paragraph of its own, as texts without blank lines are common, unless it only
    wraps a sentence."""
    for found in _BREAK.finditer(text, first, last):
        if len(found[0]) > 1 or not _wraps(text, found.start()):
            yield first, found.start()
            first = found.end()
    yield first, last


def _read(tokens: Tokens, first: int, last: int, sentence: int, lexicon: Lexicon) -> int:
    """Read one paragraph whose first sentence has that number; the number of its last one.

    Between the marks that turn a sentence or quotation all words stand alike: only at those is anything decided.
    """
    begun, words = len(tokens.words), tokens.words
    _cut(tokens, first, last, lexicon)
    quoted = ended = False

    def take(end: int) -> None:
        """Let the words up to a place stand alike; a sentence begins with the first, if the one before has ended."""
        nonlocal begun, sentence, ended
        word = words[begun] if begun < end else ""
        if word[:1].isalnum():
            after = ended or (begun and word[0].isupper() and _opens(words[begun - 1], word, lexicon))
            sentence += bool(after and not word[0].islower())
            ended = False
        tokens.sentences.extend([sentence] * (end - begun))
        tokens.quoted.extend([quoted] * (end - begun))
        begun = end

    for at in [at for at in range(begun, len(words)) if not words[at].isalnum()]:
        word = words[at]
        if word[0].isalnum():
            if word[-1] == ".":
                take(at + 1)
        elif word in _TURNING or (ended and begun == at):
            take(at)
            if ended and (word in _OPENING or (word in _EITHER and not quoted)):
                sentence, ended = sentence + 1, False
            quoted = word in _OPENING or (word not in _CLOSING and quoted != (word in _EITHER))
            ended = ended or word in _ENDS
            take(at + 1)
    take(len(words))
    return sentence


def _cut(tokens: Tokens, first: int, last: int, lexicon: Lexicon) -> None:
    """Add the words and marks of a paragraph."""
    words, starts, ends = tokens.words, tokens.starts, tokens.ends
    add_word, add_start, add_end = words.append, starts.append, ends.append
    for piece in tokens.text[first:last].split(" "):
        end = first + len(piece)
        word, mark = piece[:-1], piece[-1:]
        if piece.isalnum() or (mark == "." and _abbreviated(word, lexicon)):
            add_word(piece)
            add_start(first)
            add_end(end)
        elif mark in _MARKS and word.isalnum():
            words += word, mark
            starts += first, end - 1
            ends += end - 1, end
        elif piece:
            for match in _TOKEN.finditer(tokens.text, first, end):
                if match[0] == "." and ends and ends[-1] == match.start() and _abbreviated(words[-1], lexicon):
                    words[-1] += "."
                    ends[-1] += 1
                else:
                    add_word(match[0])
                    add_start(match.start())
                    add_end(match.end())
        first = end + 1


def _wraps(text: str, at: int) -> bool:
    """Whether the line break at `at` only wraps a sentence: a small letter follows, or the line is long and ends in no
    mark."""
    if text[at + 1 : at + 2].islower():
        return True
    line = text[max(0, at - _WRAPPED) : at].rstrip()
    return len(line) >= _WRAPPED - 1 and "\n" not in line and (line[-1].isalnum() or line[-1] == ",")


def _opens(abbreviation: str, word: str, lexicon: Lexicon) -> bool:
    """Whether a word with a capital begins a sentence behind "U.S.", whose last stop then ends one too."""
    return abbreviation.count(".") > 1 and word.lower() in lexicon.opening


def _abbreviated(word: str, lexicon: Lexicon) -> bool:
    """Whether the full stop right behind a word belongs to it: a title or an initial."""
    if len(word) == 1:
        return word.isupper() and word != "I"
    lower = word.lower()
    return word[:1].isupper() and (
        lower in lexicon.abbreviations or lower in lexicon.honorifics or lower in lexicon.words.suffixes
    )
