"""An article in a notebook, as IPython takes it."""

from __future__ import annotations

from pathlib import Path

import html5lib
import msgspec
from IPython.core.formatters import DisplayFormatter

import onrecord
from onrecord.formats import notebook, webpage
from onrecord.schema import Article, Block, Repair

EXAMPLE = Path(__file__).parent.parent / "examples" / "port-talks.txt"


def shown(article: Article) -> str:
    """The HTML that IPython sends to the notebook."""
    bundle, _ = DisplayFormatter().format(article)
    html: str = bundle["text/html"]
    return html


def parsed(fragment: str) -> object:
    """The tree of a fragment; one that breaks a rule of HTML is an error."""
    return html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parseFragment(fragment)


def test_a_notebook_shows_an_article_with_its_statements_marked() -> None:
    article = onrecord.read(EXAMPLE, "rules")
    html = shown(article)
    tree = parsed(html)
    marked = ["".join(one.itertext()) for one in tree.iter("mark") if "nested" not in one.get("class")]
    assert any(words.startswith("“We have never closed the door,”") for words in marked)
    assert len(list(tree.iter("li"))) == len(article.statements)
    assert "Ilya Marenkov" in html


def test_its_styles_reach_nothing_else_in_the_notebook() -> None:
    html = shown(onrecord.read("The bridge is safe, Mayor Anna Roe said.", "rules"))
    sheet = html[html.index("<style>") : html.index("</style>")]
    assert ".onrecord .content" in sheet
    assert not any(line.startswith(("html", "body")) for line in sheet.splitlines())
    for part in ("<html", "<head>", "<body", "<!DOCTYPE", "<main"):
        assert part not in html
    page = webpage.page(onrecord.read("The bridge is safe, Mayor Anna Roe said.", "rules"))
    assert "body > main {" in page
    assert sheet.removeprefix("<style>\n") in page


def test_what_comes_from_a_page_does_nothing() -> None:
    article = onrecord.read(
        b"<p>The </style><script>alert(1)</script> bridge is safe, Mayor Anna Roe said.</p>", "rules"
    )
    evil = '</style><img src=x onerror="alert(1)">'
    article = msgspec.structs.replace(article, headline=evil, publisher=evil, url="javascript:alert(1)", lang='"><b>')
    tree = parsed(shown(article))
    elements = [one for one in tree.iter() if isinstance(one.tag, str)]
    assert not {one.tag for one in elements} & {"script", "img", "iframe", "form", "link", "svg"}
    assert not [name for one in elements for name in one.attrib if name.startswith("on") or name in ("src", "style")]
    assert all(one.get("href", "#").startswith(("#", "http://", "https://")) for one in elements)


def test_two_articles_in_a_notebook_do_not_share_ids_and_one_stays_the_same() -> None:
    one, other = (onrecord.read(f"The bridge is {state}, Mayor Anna Roe said.", "rules") for state in ("safe", "old"))

    def ids(article: Article) -> set[str]:
        return {found for element in parsed(shown(article)).iter() if (found := element.get("id"))}

    assert ids(one)
    assert not ids(one) & ids(other)
    assert shown(one) == shown(one)


def test_of_a_long_article_the_beginning_is_shown_and_a_note() -> None:
    [said] = onrecord.read("The bridge is safe, Mayor Anna Roe said.", "rules").statements
    text = "The bridge is safe, Mayor Anna Roe said." + " x" * notebook.MOST_CHARACTERS
    late = onrecord.Passage.of(text, (len(text) - 3, len(text)))
    article = Article(
        "a",
        text,
        blocks=(Block("body", 0, len(text) - 10), Block("body", len(text) - 10, len(text))),
        repairs=(Repair(len(text) - 3, len(text), "?", ("decode utf-8",)),),
        statements=(said, msgspec.structs.replace(said, id="s2", content=late)),
    )
    html = shown(article)
    assert len(html) < notebook.MOST_CHARACTERS + 20_000
    assert len(list(parsed(html).iter("li"))) == 2, "one statement and the note"
    assert "only the first 200,000 of 400,040 characters are shown" in html
