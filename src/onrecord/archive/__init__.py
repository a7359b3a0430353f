"""The stored record: keep, search, compare."""
