"""Circumstances of a statement: to whom it was made, on which day, and where."""

from onrecord.circumstances.stage import circumstances

__all__ = ["circumstances"]
