"""The web face: pages for people, a REST API for programs. Needs the extra `web`; holds no logic of its own."""
