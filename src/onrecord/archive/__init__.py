"""Articles and their statements, kept: in SQLite, or in PostgreSQL for a team."""
