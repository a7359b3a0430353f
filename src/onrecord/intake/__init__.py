"""Locations → pages."""

from onrecord.intake.locations import pages
from onrecord.intake.web import fetch

__all__ = ["fetch", "pages"]
