"""The label sets that training and reading share."""

from __future__ import annotations

ROLES = ("source", "cue", "content")

OUTSIDE = 0
TAGS = ("O", "B-source", "I-source", "B-cue", "I-cue", "B-content", "I-content")
"""A piece belongs to one span at most: `begin(role)` opens it and `begin(role) + 1` goes on."""

LINKS = (-2, -1, 1, 2, 0)
"""From a content to its cue, and from a cue to its source: the how-maniest one before (-) or after (+); 0 for none.

In polnear-train 99.96 % of contents and all but four cues are within two steps.
"""


def begin(role: str) -> int:
    """The tag that opens a span of `role`.

    >>> TAGS[begin("cue")], TAGS[begin("cue") + 1]
    ('B-cue', 'I-cue')
    """
    return 1 + 2 * ROLES.index(role)
