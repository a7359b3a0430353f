"""Page → article: decoded, repaired and taken apart."""

from onrecord.page.apart import take_apart

__all__ = ["take_apart"]
