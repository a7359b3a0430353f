# Everything runs in .venv, made on first use; the only thing reached outside is the package registry.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
DATA   ?= ../shared/data

.PHONY: demo test lint bench assets docs docs-serve wheels release hooks clean

$(VENV)/ready: pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "onrecord needs Python 3.11 or newer; run: make PYTHON=/path/to/python3.11")'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check --upgrade 'pip>=25.1'
	$(BIN)/pip install --quiet --disable-pip-version-check --editable .
	@touch $@

# What tests, checks and benches need beside what users do.
$(VENV)/ready-to-test: $(VENV)/ready
	$(BIN)/pip install --quiet --disable-pip-version-check --editable . --group dev
	@touch $@

demo: $(VENV)/ready
	$(BIN)/onrecord read examples/port-talks.txt

test: $(VENV)/ready-to-test
	$(BIN)/python -m pytest

lint: $(VENV)/ready-to-test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

bench: $(VENV)/ready-to-test
	$(BIN)/python bench/attribution.py $(DATA)
	$(BIN)/python bench/confidence.py $(DATA)
	$(BIN)/python bench/speakers.py $(DATA)
	$(BIN)/python bench/speakers_judged.py $(DATA)
	$(BIN)/python bench/positions.py $(DATA)
	$(BIN)/python bench/reports.py
	$(BIN)/python bench/news_acts.py $(DATA)
	$(BIN)/python bench/repair.py $(DATA)/mojibake/dev.jsonl --pages $(DATA)/pages
	$(BIN)/python bench/metadata.py $(DATA)/pages
	$(BIN)/python bench/pages.py $(DATA)/pages
	$(BIN)/python bench/clusters.py
	$(BIN)/python bench/reprints.py
	$(BIN)/python bench/batch.py $(DATA)/pages --engine rules --pages 220 --only filter

# The documentation site, into build/site; a warning is an error.
docs: $(VENV)/ready-to-test
	$(BIN)/python -m docsite build/docs
	$(BIN)/zensical build --config-file mkdocs.yml --strict --clean

docs-serve: docs
	$(BIN)/python -m http.server --bind 127.0.0.1 --directory build/site 8010

# What the web face ships of others' work, and what its tests look at it with, from npm; the results are committed.
assets:
	cd web-assets && npm ci --ignore-scripts --no-audit --no-fund && node build.mjs

# What checks and lists a release, apart from what is released.
RELEASE := $(VENV)/release
$(RELEASE)/ready: pyproject.toml $(VENV)/ready
	$(PYTHON) -m venv $(RELEASE)
	$(RELEASE)/bin/pip install --quiet --disable-pip-version-check --upgrade 'pip>=25.1'
	$(RELEASE)/bin/pip install --quiet --disable-pip-version-check --group release
	@touch $@

# Both archives, built into dist/ and tried on each Python found, or on PYTHONS='/path/to/python …'.
wheels: $(RELEASE)/ready
	$(RELEASE)/bin/python -m release --wheels-only --pythons '$(PYTHONS)'

# The same with lists of parts and licences. A dry run, unless UPLOAD=testpypi or UPLOAD=pypi says where to; FINAL=1 refuses
# what may not be uploaded.
release: $(RELEASE)/ready
	$(RELEASE)/bin/python -m release --pythons '$(PYTHONS)' --upload '$(UPLOAD)' $(if $(FINAL),--final)

# Style and types before each commit: see .pre-commit-config.yaml.
hooks: $(VENV)/ready-to-test
	$(BIN)/pip install --quiet --disable-pip-version-check --group hooks
	$(BIN)/pre-commit install

clean:
	rm -rf $(VENV) build .cache web-assets/node_modules .mypy_cache .pytest_cache .ruff_cache
