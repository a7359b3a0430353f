"""What each statement does: `positions` for an article, `acts_in` for a sentence taken as it stands."""

from onrecord.positions.stage import acts_in, positions

__all__ = ["acts_in", "positions"]
