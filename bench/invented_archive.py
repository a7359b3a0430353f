"""Articles invented by the million for `bench/archive.py`: shaped like news, said by nobody.

Contents have the length of those in PolNeAR-dev (15.7 words on average, a tenth over 32) and as many keys for clusters
(6.4 on average there, 6.6 here). Words follow Zipf's law over 60,000 invented ones after the most frequent of English,
so that common words are as common in the index as in life; speakers, outlets and days likewise. One statement in six is
the variant of an earlier one: trimmed, or with a word changed, as other outlets report it.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import accumulate

from onrecord.schema import Act, Article, Block, Passage, Published, Speaker, Statement

STATEMENTS_AN_ARTICLE = 14
_LENGTHS = 2.48, 0.72
"""Logarithm of the number of words: its mean and its deviation."""
_STEEPNESS = 1.1
_DAYS = 3_650
_LATE = 3
"""Within so many days of each other articles arrive in any order."""
_FREQUENT = (
    "the of to and a in that is for on it with as was be by at this have are not we will from has he they or an our "
    "would but which there been more their can all if no who what about when one so said its had were out up people "
    "you do she his i them than into could other new time some these two may first any now like after over only most "
    "also made then many must before should where well way because such through even between those being under very "
    "government country peace talks sanctions war security president minister economy border agreement election "
    "weapons energy climate trade police court health prices workers children market support military nuclear"
).split()
_SYLLABLES = (
    "ba be bor ca cen con da de dis en fa for ga gen ha in ka la len ma men na no par per pre pro ra re sa sen sta ta "
    "ter tra un va ver"
).split()
_ENDINGS = ["", "", "", "s", "ed", "ing", "tion", "ment", "ly", "er", "al", "ity"]
_COUNTRIES = [
    "USA",
    "RUS",
    "CHN",
    "DEU",
    "FRA",
    "GBR",
    "UKR",
    "IND",
    "BRA",
    "JPN",
    "TUR",
    "IRN",
    "ISR",
    "POL",
    "ZAF",
    "MEX",
    "CAN",
    "ITA",
    "ESP",
    "EGY",
]
_ACTS = [
    "ASSERT",
    "ASSERT",
    "ASSERT",
    "EXPECT",
    "REQUEST",
    "ACCUSE",
    "SUPPORT",
    "REJECT",
    "AGREE",
    "LIMIT",
    "DENY",
    "THREATEN",
    "CONSULT",
]
_ROLES = ["foreign minister", "president", "spokesman", "analyst", "mayor", "prime minister", "union leader", None]


class Invented:
    """A source of articles, the same for the same seed."""

    def __init__(self, seed: int = 1) -> None:
        self._random = random.Random(seed)
        pick = self._random
        made = {
            "".join(pick.choices(_SYLLABLES, k=pick.choice((2, 2, 3)))) + pick.choice(_ENDINGS) for _ in range(90_000)
        }
        self.words = [*dict.fromkeys(_FREQUENT), *sorted(made)[:60_000]]
        tail = self.words[100:]
        pick.shuffle(tail)
        self.words[100:] = tail
        self._weights = list(accumulate(1 / (rank + 2.7) ** _STEEPNESS for rank in range(len(self.words))))
        names = ["".join(pick.choices(_SYLLABLES, k=2)).title() for _ in range(3_000)]
        self.speakers = [
            Speaker(
                name=(name := f"{pick.choice(names)} {pick.choice(names)}"),
                kind="person",
                role=pick.choice(_ROLES),
                country=pick.choice(_COUNTRIES),
                how="name",
                because="named in full",
                confidence=0.9,
                actor=f"{name}|{number}",
                sector="GOV",
            )
            for number in range(20_000)
        ]
        self._speaker_weights = list(accumulate(1 / (rank + 10) for rank in range(len(self.speakers))))
        self.outlets = [f"{pick.choice(names)} {pick.choice(('Post', 'Times', 'News', 'Herald'))}" for _ in range(400)]
        self._outlet_weights = list(accumulate(1 / (rank + 5) for rank in range(len(self.outlets))))
        self._said: list[tuple[str, Speaker]] = []

    def articles(self, statements: int, shuffled: bool = False) -> Iterator[Article]:
        """Articles with that many statements in all, over ten years: as they were published, or in no order."""
        many = -(-statements // STATEMENTS_AN_ARTICLE)
        for number in range(many):
            day = self._random.randrange(_DAYS)
            if not shuffled:
                day = min(number * _DAYS // many + day % _LATE, _DAYS - 1)
            count = min(STATEMENTS_AN_ARTICLE, statements - number * STATEMENTS_AN_ARTICLE)
            yield self._article(number, count, date(2016, 1, 1) + timedelta(days=day))

    def sentence(self) -> str:
        """A sentence as long as contents are."""
        length = max(2, min(90, round(self._random.lognormvariate(*_LENGTHS))))
        words = self._random.choices(self.words, cum_weights=self._weights, k=length)
        return " ".join(words).capitalize()

    def _utterance(self) -> tuple[str, Speaker]:
        """A new utterance, or in one case of six one that was reported before, a little changed."""
        pick = self._random
        if self._said and pick.random() < 1 / 6:
            said, speaker = pick.choice(self._said)
            words = said.split()
            change = pick.random()
            if change < 0.4:
                words = words[pick.randint(0, 2) :]
            elif change < 0.7:
                words[pick.randrange(len(words))] = pick.choice(self.words)
            return " ".join(words), speaker
        said = self.sentence()
        speaker = pick.choices(self.speakers, cum_weights=self._speaker_weights)[0]
        if len(self._said) < 50_000:
            self._said.append((said, speaker))
        else:
            self._said[pick.randrange(50_000)] = (said, speaker)
        return said, speaker

    def _article(self, number: int, count: int, day: date) -> Article:
        pick = self._random
        parts: list[str] = []
        statements: list[Statement] = []
        at = 0
        for n in range(count):
            said, speaker = self._utterance()
            direct = pick.random() < 0.6
            line = (
                f"“{said},” {speaker.name} said. {self.sentence()}." if direct else f"{speaker.name} said that {said}."
            )
            start = at + (1 if direct else len(f"{speaker.name} said that "))
            end = start + len(said)
            source = at + (len(f"“{said},” ") if direct else 0)
            cue = source + len(f"{speaker.name} ")
            parts.append(line)
            text = "\n\n".join(parts)
            about = tuple(pick.sample(_COUNTRIES, k=pick.choice((0, 0, 1, 2))))
            statements.append(
                Statement(
                    id=f"s{n + 1}",
                    kind="direct" if direct else "indirect",
                    source=Passage.of(text, (source, cue - 1)),
                    cue=Passage.of(text, (cue, cue + 4)),
                    content=Passage.of(text, (start, end)),
                    speaker=speaker,
                    addressee=("reporters",) if pick.random() < 0.2 else (),
                    about=about,
                    acts=(Act(pick.choice(_ACTS)),),
                    confidence=0.8,
                    because="model",
                    lang="en",
                )
            )
            at = len(text) + 2
        headline = " ".join(self.sentence().split()[:8])
        text = "\n\n".join(parts)
        return Article(
            id=f"{number:016x}",
            text=text,
            url=f"https://news{number % 400}.example/story/{number}",
            lang="en",
            headline=headline,
            publisher=pick.choices(self.outlets, cum_weights=self._outlet_weights)[0],
            published=Published(day.isoformat(), "meta"),
            blocks=(Block("body", 0, len(text), "en"),),
            statements=tuple(statements),
        )
