"""An honest guess about a text: is it HTML?"""

from __future__ import annotations

import re

_HEAD = 5000
_HTML_SIGN = re.compile(r"<!doctype\s+html|<html[\s>]|<head[\s>]|<body[\s>]", re.IGNORECASE)
_HTML_TAG = re.compile(
    r"</?(?:p|div|br|a|span|h[1-6]|ul|li|table|article|section|strong|em|b|i|img)\b[^<>]{0,500}>", re.I
)
_TAGS = 3


def looks_like_html(text: str) -> bool:
    """Whether `text` is HTML rather than plain text, by its content."""
    head = text[:_HEAD]
    return bool(_HTML_SIGN.search(head)) or len(_HTML_TAG.findall(head)) >= _TAGS
