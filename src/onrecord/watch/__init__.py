"""Feeds and news sitemaps → the archive, politely; and searches that raise alerts for what they newly find."""
