"""Locations → pages."""

from onrecord.intake.locations import pages
from onrecord.intake.source import page_of
from onrecord.intake.web import fetch

__all__ = ["fetch", "page_of", "pages"]
