# gongkai: two commands matter, `make demo` and `make test`; the rest serves them.
PY := .venv/bin/python
# Real texts of law for the demonstration, where somebody has laid them beside the repository.
TEXTS := $(wildcard ../shared/corpus/laws-1.jsonl.gz)
SHELL := /bin/bash
.DEFAULT_GOAL := help

help: ## show this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-10s %s\n", $$1, $$2}'

demo: install ## set up, load the demonstration year, serve at 127.0.0.1:8000
	.venv/bin/gongkai demo $(if $(TEXTS),--texts $(TEXTS))

test: .venv/.dev ## set up and run every test (SQLite, and PostgreSQL where one answers)
	tools/run-tests

lint: .venv/.dev ## style, types, floors, migrations, docs
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/mypy
	.venv/bin/lint-imports
	$(PY) -m django makemigrations --check --dry-run --settings gongkai.settings.test

bench: .venv/.dev ## measure, side by side with a peer or a recount
	tools/run-benchmarks

install: .venv/.installed ## the set-up both commands share: leaves .venv/bin/gongkai

lock: .venv/.dev ## re-pin the requirement files, with hashes and without index hosts
	for f in base dev; do .venv/bin/uv pip compile --upgrade --generate-hashes --no-emit-index-url --no-annotate --no-header \
	  --python-version 3.11 requirements/$$f.in -o requirements/$$f.txt; done

# Debian splits venv from python3; where it is missing and we may, we add it.
.venv/bin/pip:
	@echo '==> creating .venv'
	@python3 -m venv .venv 2>/dev/null || { rm -rf .venv; apt-get update -qq && apt-get install -y -qq python3-venv && python3 -m venv .venv; } \
	  || { echo 'python3 -m venv does not work here: install the package python3-venv and run make again' >&2; exit 1; }

.venv/.installed: requirements/base.txt pyproject.toml | .venv/bin/pip
	@echo '==> installing what gongkai needs (hash-checked)'
	@.venv/bin/pip install --disable-pip-version-check --quiet --progress-bar on --require-hashes -r requirements/base.txt
	@.venv/bin/pip install --disable-pip-version-check --quiet --no-build-isolation --no-deps -e .
	@touch $@

.venv/.dev: requirements/dev.txt .venv/.installed
	@echo '==> installing what the tests need (hash-checked)'
	@.venv/bin/pip install --disable-pip-version-check --quiet --progress-bar on --require-hashes -r requirements/dev.txt
	@touch $@

.PHONY: help demo test lint bench install lock
