"""A peer of both engines: textacy's direct quotations over a spaCy pipeline. It finds no indirect ones."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

Ends = tuple[int, int]


def reader(_data: Path) -> Callable[[str], list[dict[str, list[Ends]]]]:
    """What turns a text into attributions.

    Raises `ImportError` without textacy and a spaCy model whose name begins with en_core_web. A text whose marks do not
    pair, of which textacy reads nothing, is given to it paragraph by paragraph.
    """
    import spacy
    from textacy.extract import direct_quotations

    models = [name for name in spacy.util.get_installed_models() if name.startswith("en_core_web")]
    if not models:
        raise ImportError("no spaCy model for English")
    pipeline = spacy.load(models[0])

    def quotations(text: str, start: int) -> list[dict[str, list[Ends]]]:
        def ends(part) -> Ends:
            return start + part[0].idx, start + part[-1].idx + len(part[-1].text)

        return [
            {"source": [ends(found.speaker)], "cue": [ends(found.cue)], "content": [ends(found.content)]}
            for found in direct_quotations(pipeline(text))
        ]

    def read(text: str) -> list[dict[str, list[Ends]]]:
        try:
            return quotations(text, 0)
        except ValueError:
            found, start = [], 0
            for line in text.split("\n"):
                with suppress(ValueError):
                    found += quotations(line, start)
                start += len(line) + 1
            return found

    return read
