# Every target makes the virtual environment first; it is made again only when pyproject.toml or the lock changes.
SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
LOCK := requirements/dev.lock
CLIENTS := tests/clients
# Databases of tests are made and thrown away by the thousand: in memory, where there are 4 GB of it to write to.
SCRATCH := $(shell test -w /dev/shm && df --output=avail /dev/shm | awk 'END {if ($$1 > 4000000) print "/dev/shm"}')
PLUGINS := $(patsubst %/__init__.py,%,$(wildcard plugins/*/__init__.py))

.PHONY: help setup clients demo test test-clients mutations bench bench-rights bench-analysis bench-compile bench-duplicates bench-hooks check format lock reference

help: ## show the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /  make \1\t/' | expand -t 24

setup: $(READY) ## make .venv with exact versions and the project in editable form

$(READY): pyproject.toml $(LOCK)
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed (PYTHON=/path/to/python)"; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --no-compile --disable-pip-version-check --requirement $(LOCK)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

demo: setup ## run the demo: a preset with data, users and tokens
	$(BIN)/salesmode demo

test: setup ## run every test, on SQLite and on a real PostgreSQL
	$(if $(SCRATCH),TMPDIR=$(SCRATCH)) $(BIN)/pytest -n 4 --dist worksteal

mutations: setup ## see that every story of the presets fails without what it proves; takes minutes
	$(BIN)/python -m tests.presets.mutations

bench: setup ## compare a nested query with graphene and SQLAlchemy written by hand
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --requirement requirements/bench.lock
	$(BIN)/python -m benchmarks.nested_query

clients: $(CLIENTS)/node_modules/.package-lock.json

test-clients: setup clients ## let npm clients and the HTTP audit ask a server (needs node)
	$(BIN)/python $(CLIENTS)/run.py

$(CLIENTS)/node_modules/.package-lock.json: $(CLIENTS)/package-lock.json
	cd $(CLIENTS) && npm ci --silent --ignore-scripts --no-audit --no-fund

bench-rights: setup ## what rights that depend on values cost: the same question with and without them
	$(BIN)/python -m benchmarks.rights

bench-analysis: setup ## what funnels, forecasts and rates of wins cost over 100,000 opportunities, beside SQL by hand
	$(BIN)/python -m benchmarks.analysis

bench-compile: setup ## what an app costs by its size: validating it, and the first query of a role
	$(BIN)/python -m benchmarks.compile_curve

bench-duplicates: setup ## how well and how fast duplicates are found among 100,000 generated customers
	$(BIN)/python -m benchmarks.duplicates

bench-hooks: setup ## what a plugin costs in a write of one row and of ten thousand
	$(BIN)/python -m benchmarks.hooks

check: setup ## lint, format, types, and the order of imports
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy framework $(PLUGINS)
	$(BIN)/lint-imports

format: setup ## put the code into the one format
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

reference: setup ## write the pages of docs that are made from the code and from the presets
	$(BIN)/salesmode schema engine > docs/reference/engine-types.graphql.md
	$(BIN)/salesmode schema formulas > docs/reference/formulas.md
	$(BIN)/salesmode schema hooks > docs/reference/hooks.md
	$(BIN)/python -m tests.presets.coverage > docs/coverage.md

lock: ## renew the lock from pyproject.toml with the newest versions that fit
	$(PYTHON) requirements/renew.py $(LOCK)
