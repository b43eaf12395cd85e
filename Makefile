# Everything here sets up its own environment in .venv. `make test` is what has to pass.
PYTHON ?= python3
BIN := .venv/bin
DOCS ?= fixtures
.PHONY: check test lint lock readme release site site-tests mutation extremes ecosystem

check: .venv/.installed
	$(BIN)/stratlint check $(DOCS) --exit-zero

test: .venv/.installed
	$(BIN)/python -m pytest -n 2

lint: .venv/.installed
	$(BIN)/ruff check .
	$(BIN)/mypy

# The versions that tests and CI use, renewed: constraints/newest.txt and constraints/lowest.txt.
lock:
	$(PYTHON) -m venv .venv/lock
	.venv/lock/bin/python -m pip install --quiet uv packaging
	.venv/lock/bin/python scripts/lock.py

# The README's example with its real output, and the public address of pyproject.toml in its links.
readme: .venv/.installed
	$(BIN)/python scripts/readme.py

# What would be published, in dist/, built and checked as the release workflow does it.
release:
	PYTHON=$(PYTHON) .ci/release

# The documentation site, in site/: links and commands of its pages are checked on the way.
site: .venv/.installed
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict

# What it says, its links, and how it looks in a browser.
site-tests: .venv/.installed
	$(BIN)/python -m pytest tests/site

# The share of changed numbers that each rule notices, in its own example and in fixtures/.
mutation: .venv/.installed
	$(BIN)/python scripts/mutation.py

# Every number of every rule's examples at zero, below it, beyond floats, as no number: nothing may break.
extremes: .venv/.installed
	$(BIN)/python scripts/extremes.py

# All findings of a folder of documents on one page, and what changed since the last run: `make ecosystem DOCS=folder`.
ecosystem: .venv/.installed
	$(BIN)/python scripts/ecosystem.py $(DOCS)

.venv/.installed: pyproject.toml constraints/newest.txt
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --constraint constraints/newest.txt --editable '.[dev]'
	touch $@
