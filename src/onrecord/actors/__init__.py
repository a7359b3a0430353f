"""Canonical actors: the people, offices, bodies and countries that speakers point to, under all their names."""
