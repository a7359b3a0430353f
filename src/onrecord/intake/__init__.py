"""Locations → pages."""

from onrecord.intake.locations import pages
from onrecord.intake.source import Source, page_of, pages_of
from onrecord.intake.web import fetch

__all__ = ["Source", "fetch", "page_of", "pages", "pages_of"]
