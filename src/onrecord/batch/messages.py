"""What the process that reads pages is asked, what it answers, and how both travel: a length, then MessagePack."""

from __future__ import annotations

from typing import Any, BinaryIO

import msgspec
from msgspec import Struct

from onrecord.schema import Article, Page, Problem


class TakeApart(Struct, frozen=True, tag=True):
    """Take a page apart. Its content goes as bytes, since a field cannot be told to be bytes or a string."""

    content: bytes
    decoded: bool
    """Whether the content is a text, sent as UTF-8."""
    carried: dict[str, Any]
    """The other fields of the page."""

    @classmethod
    def of(cls, page: Page) -> TakeApart:
        """The request to take this page apart."""
        carried = {name: getattr(page, name) for name in Page.__struct_fields__ if name != "content"}
        if isinstance(page.content, str):
            return cls(page.content.encode("utf-8", "surrogatepass"), True, carried)
        return cls(page.content, False, carried)

    @property
    def page(self) -> Page:
        """The page that is asked for."""
        content = self.content.decode("utf-8", "surrogatepass") if self.decoded else self.content
        return Page(content, **self.carried)


class FindStatements(Struct, frozen=True, tag=True):
    """Find the statements of an article that was taken apart."""

    article: Article


class Taken(Struct, frozen=True, tag=True):
    """An article without statements, with what tells whether another one is the same."""

    article: bytes
    """The article in MessagePack; only whoever finds its statements looks into it."""
    id: str
    lang: str
    url: str
    address: str
    """What identifies its page, as in an archive."""
    problems: tuple[Problem, ...]
    digest: str
    """Of the words of its body; empty where they are too few to tell."""
    scale: int
    hashes: tuple[int, ...]
    """The sample of its body, as `onrecord.archive.clusters.BodySignature` has it."""
    seconds: float
    """Of processor time."""


class Found(Struct, frozen=True, tag=True):
    """An article with its statements."""

    article: Article
    seconds: float


class Refused(Struct, frozen=True, tag=True):
    """Why a page gave no article."""

    message: str


class Ready(Struct, frozen=True, tag=True):
    """The process has loaded what it needs."""


Request = TakeApart | FindStatements
Answer = Taken | Found | Refused | Ready

_encoder = msgspec.msgpack.Encoder()
_requests: msgspec.msgpack.Decoder[Request] = msgspec.msgpack.Decoder(Request)
_answers: msgspec.msgpack.Decoder[Answer] = msgspec.msgpack.Decoder(Answer)
_articles = msgspec.msgpack.Decoder(Article)
LENGTH_BYTES = 4


def packed(message: Request | Answer) -> bytes:
    """A message as it travels."""
    content = _encoder.encode(message)
    return len(content).to_bytes(LENGTH_BYTES, "little") + content


def request_from(stream: BinaryIO) -> Request | None:
    """The next request; None at the end of the stream."""
    head = stream.read(LENGTH_BYTES)
    if len(head) < LENGTH_BYTES:
        return None
    content = stream.read(int.from_bytes(head, "little"))
    return _requests.decode(content)


def answer_in(content: bytes) -> Answer:
    """The answer that a message holds, its length taken off."""
    return _answers.decode(content)


def article_bytes(article: Article) -> bytes:
    """An article as it is kept between the two phases."""
    return _encoder.encode(article)


def article_in(content: bytes) -> Article:
    """The article that `article_bytes` made these of."""
    return _articles.decode(content)
