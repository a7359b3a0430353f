"""The stored record: keep, search, compare. In SQLite, or in PostgreSQL for a team."""
