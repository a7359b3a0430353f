"""From the strength of the evidence for a speaker to the chance that the name is right.

The chances are shares of right names among some 450 that were judged: pronouns and roles of PolNeAR-dev, by hand, and
all that scu-sourcing-dev has a canonical name for. `bench/speakers_judged.py` prints how far they hold when they are
fitted on other articles than they are asked about. Kinds of links that are not listed have hardly been seen there; for
them the strength stands as it is.
"""

from __future__ import annotations

SURE_ENOUGH = 0.72
"""A pronoun's antecedent below this is not named: of 16 below it 5 were right, of 31 between it and 0.88 were 23."""

_CHANCES: dict[str, tuple[tuple[float, float], ...]] = {
    # The strength from which on a chance holds, the strongest first; each share is that of one more right and one more
    # wrong than were seen.
    "pronoun": ((0.88, 0.98), (SURE_ENOUGH, 0.73), (0.62, 0.5), (0.0, 0.2)),
    "name": ((0.8, 0.94), (0.0, 0.75)),
    "surname": ((0.8, 0.97), (0.0, 0.86)),
    "organisation": ((0.8, 0.85), (0.0, 0.7)),
    "role": ((0.0, 0.92),),
    "document": ((0.0, 0.83),),
    "voice": ((0.0, 0.9),),
}


def chance(how: str, strength: float) -> float:
    """The chance that a link of that kind and strength names the right speaker, between 0 and 1.

    >>> chance("pronoun", 0.92) > chance("pronoun", 0.75) > 0.5 >= chance("pronoun", 0.7)
    True
    """
    return next((share for bound, share in _CHANCES.get(how, ()) if strength >= bound), strength)
