"""Articles → text for people and programs."""
