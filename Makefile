# make demo, make test: the two commands of the README. make help lists the rest.
SHELL := /bin/bash
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check -q
PAGE := src/stripchart/web_dist/index.html
PAGE_SOURCES := $(shell find web -path web/node_modules -prune -o -path web/test-results -prune -o -type f -print 2>/dev/null)

# A build that fails may have written a page already that lacks a library.
.DELETE_ON_ERROR:

.PHONY: help demo test check fix soak bench screenshots lighthouse page generate lock setup clean debian

help: ## List these targets
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /  make \1\t/' | expand -t 20

demo: $(VENV)/.runtime $(PAGE) ## Run a simulated plant, recorded and shown live; Ctrl-C stops it
	@exec $(BIN)/stripchart demo

PEERS := tests/integration/peers/node_modules/.installed
SERVERS := tests/servers/node_modules/.installed

# What does not wait for each other is done at once, and says what it has to say when it is done.
AT_ONCE = $(MAKE) --no-print-directory --jobs=3 $(if $(filter output-sync,$(.FEATURES)),--output-sync=target)
WORKERS ?= 4
# More than there are cores: much of what is tested takes time, not work: devices, timers, other processes.

test: ## Run all checks and tests: style, types, unit, servers, browser
	+@$(AT_ONCE) setup debian page
	+@$(AT_ONCE) lint web-check
	$(BIN)/pytest -n $(WORKERS) --dist loadfile --no-loadscope-reorder

check: $(VENV)/.dev web/node_modules/.installed ## Run what needs no browser and no server; under a minute
	+@$(AT_ONCE) lint web-check
	$(BIN)/pytest tests/unit tests/spec

debian: | $(BIN)/python
	@tools/debian-packages chromium mbpoll openssl postgresql-15 redis-server socat tshark

.PHONY: lint web-check
lint:
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo
	$(BIN)/python tools/check_sizes.py

web-check:
	cd web && npm run --silent generate -- --check && npm run --silent typecheck && npm run --silent lint && npm run --silent deps && npm run --silent test

fix: $(VENV)/.dev web/node_modules/.installed ## Fix formatting and whatever can be fixed automatically
	$(BIN)/ruff check --fix . ; $(BIN)/ruff format .
	cd web && npm run --silent format

soak: $(VENV)/.dev ## Soak test: an hour of a plant with faults; SOAK_S sets the seconds
	SOAK_S=$${SOAK_S:-3600} $(BIN)/pytest tests/soak

bench: $(VENV)/.dev ## Run the benchmarks and print their figures
	$(BIN)/python -m bench

screenshots: $(VENV)/.runtime $(PAGE) ## Take the pictures for the documentation: every page at three sizes
	cd web && node proof/screenshots.mjs

lighthouse: $(VENV)/.runtime $(PAGE) ## Print the Lighthouse scores of the page; downloads Lighthouse from npm
	cd web && node proof/lighthouse.mjs

page: $(PAGE) ## Build the web page into the package
	@:

generate: $(VENV)/.dev web/node_modules/.installed ## Regenerate what is derived from code: API and profile descriptions
	$(BIN)/python tools/write_profile_schema.py
	$(BIN)/python tools/write_openapi.py web/openapi.json
	cd web && npm run --silent generate

lock: $(VENV)/.dev ## Update the dependency lock files
	$(BIN)/uv pip compile -q --upgrade --universal --python-version 3.11 --generate-hashes --no-header \
		pyproject.toml --group build -o requirements/runtime.txt
	$(BIN)/uv pip compile -q --upgrade --universal --python-version 3.11 --generate-hashes --no-header \
		pyproject.toml --group build --group dev -o requirements/dev.txt

setup: $(VENV)/.dev web/node_modules/.installed $(PEERS) $(SERVERS) ## Install everything needed to develop Stripchart
	@:

clean: ## Remove everything built and installed
	rm -rf $(VENV) web/node_modules tests/integration/peers/node_modules tests/servers/node_modules src/stripchart/web_dist .mypy_cache .ruff_cache .pytest_cache

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "stripchart needs Python 3.11 or newer; set PYTHON=/path/to/python3"; exit 1; }
	@$(PYTHON) -c 'import ensurepip' 2>/dev/null || tools/debian-packages python3-venv
	$(PYTHON) -m venv $(VENV)

$(VENV)/.runtime: requirements/runtime.txt pyproject.toml | $(BIN)/python
	$(PIP) install --require-hashes -r requirements/runtime.txt
	$(PIP) install --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/.dev: requirements/dev.txt pyproject.toml | $(BIN)/python
	$(PIP) install --require-hashes -r requirements/dev.txt
	$(PIP) install --no-deps --no-build-isolation -e .
	@touch $@ $(VENV)/.runtime

web/node_modules/.installed: web/package-lock.json
	@node -e 'process.exit(+(process.versions.node.split(".")[0] < 20))' || \
		{ echo "stripchart needs Node 20 or newer to build its page"; exit 1; }
	cd web && npm ci --no-audit --no-fund --loglevel=error
	@touch $@

$(PEERS): tests/integration/peers/package-lock.json
	cd tests/integration/peers && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
	@touch $@

$(SERVERS): tests/servers/package-lock.json
	cd tests/servers && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
	@touch $@

$(PAGE): web/node_modules/.installed $(PAGE_SOURCES)
	cd web && npm run --silent build
	@touch $@
