"""Whom each statement's source resolves to: `resolve`."""

from onrecord.speakers.resolution import resolve

__all__ = ["resolve"]
