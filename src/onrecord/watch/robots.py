"""What a site's robots.txt (RFC 9309) allows us.

Read by Protego: Python's own `urllib.robotparser` takes the first rule that fits instead of the longest and knows no
`*`, so that it would fetch what a site forbids. Protego matches without regular expressions, in linear time.
"""

from __future__ import annotations

from functools import lru_cache

from protego import Protego

TOKEN = "onrecord"
"""The name by which a robots.txt speaks to us."""
MOST_BYTES = 500_000
"""What stands beyond is not read; the RFC asks for 500 KiB at least."""
LONGEST_DELAY = 300.0


def allowed(robots: str, url: str) -> bool:
    """Whether a robots.txt lets us fetch an address.

    >>> allowed("User-agent: *\\nDisallow: /*/print$\\nAllow: /", "https://a.example/story/print")
    False
    """
    return bool(_rules(robots).can_fetch(url, TOKEN))


def delay_of(robots: str) -> float:
    """Seconds that it asks to leave between two requests, up to `LONGEST_DELAY`; 0 if it does not.

    >>> delay_of("User-agent: *\\nCrawl-delay: 10")
    10.0
    """
    return min(max(float(_rules(robots).crawl_delay(TOKEN) or 0.0), 0.0), LONGEST_DELAY)


@lru_cache(maxsize=64)
def _rules(robots: str) -> Protego:
    return Protego.parse(robots)
