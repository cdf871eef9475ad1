# Everything a newcomer needs, with only python3 (3.11+) and make on the machine:
#   make run     a complete trial on 127.0.0.1:8080         make test    the whole suite
# `make help` lists the rest.  ARGS="…" is passed on to the command behind a target.

PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
PEERS  := .venv-bench
PIP    := -m pip --disable-pip-version-check --quiet --quiet
WHEELS := $(VENV)/wheels
WEB    := bot/web
UV_COMPILE := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links --no-annotate --custom-compile-command "make lock"

.DEFAULT_GOAL := help
.PHONY: help run test test-fast e2e check format lock build-web bench promises long

help:  ## this list
	@sed -n 's/^\([a-z][a-z0-9-]*\):.*## \(.*\)/make \1\t\2/p' Makefile | expand -t 18

run: $(VENV)/.run  ## set up what is missing and serve a trial on 127.0.0.1:8080
	@$(BIN)/hamrah trial $(ARGS)

test: $(VENV)/.dev  ## every test; of the browser's the main journey, where a Chromium is found; the rest is skipped, with the reason
	@$(BIN)/python -m pytest -n auto --dist loadfile --no-loadscope-reorder $(ARGS)

test-fast: $(VENV)/.dev  ## core, content, services, sealing: under 20 seconds
	@$(BIN)/python -m pytest -n logical --dist loadfile -m "not long and not slow" tests/core tests/content tests/services tests/sealing $(ARGS)

e2e: $(VENV)/.dev  ## all browser tests, every page, width and language; here a missing Chromium is a failure
	@REQUIRE_BROWSER=1 $(BIN)/python -m pytest -n auto --dist loadfile --no-loadscope-reorder -m "browser and not long" $(ARGS)

check: $(VENV)/.dev  ## format, lint, strict types, import contract
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports

format: $(VENV)/.dev  ## put the code into the one format
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

promises: $(VENV)/.dev  ## run every test that shows a promise; ARGS=--json for machines, ARGS=--long adds the full-size forms
	@$(BIN)/python -m tests.promises $(ARGS)

long: $(VENV)/.dev  ## the full-size forms (kills, fuzz, leak scan, soak); writes a dated result to docs/results/
	@$(BIN)/python -m tests.long_run $(ARGS)

bench: $(VENV)/.dev $(PEERS)/.bench  ## measure beside the peers; writes benchmarks/results.json
	@PEERS_PYTHON=$(PEERS)/bin/python $(BIN)/python -m benchmarks $(ARGS)

lock: $(VENV)/.dev  ## refresh every lock file from pyproject.toml and package.json
	@$(UV_COMPILE) $(ARGS) pyproject.toml -o requirements.lock
	@$(UV_COMPILE) $(ARGS) --group build -o requirements-build.lock
	@$(UV_COMPILE) $(ARGS) -c requirements.lock -c requirements-build.lock --group dev pyproject.toml -o requirements-dev.lock
	@$(UV_COMPILE) $(ARGS) --group bench -o benchmarks/requirements.lock
	@if command -v npm >/dev/null; then node $(WEB)/lock.mjs; \
	 else echo "npm not found: $(WEB)/package-lock.json stays as it is" >&2; fi
	@$(BIN)/python deploy/sbom.py > deploy/sbom.cdx.json    # a new package wants its line in deploy/licences.toml first

build-web: $(WEB)/node_modules/.installed  ## build bot/web/dist from bot/web/src (needs node and npm; the result is committed)
	@npm --prefix $(WEB) run --silent types
	@npm --prefix $(WEB) run --silent build

$(WEB)/node_modules/.installed: $(WEB)/package-lock.json $(WEB)/package.json
	@npm --prefix $(WEB) ci --loglevel=error
	@touch $@

# --- the virtual environments: made once, refreshed when a lock changes; all their talk goes to stderr ---

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Hamrah needs Python 3.11 or newer.")'
	@$(PYTHON) -m venv $(VENV) 1>&2 || { rm -rf $(VENV); echo "python3 cannot make virtual environments here (on Debian: install python3-venv)." >&2; exit 1; }

$(VENV)/.run: requirements.lock requirements-build.lock pyproject.toml | $(BIN)/python
	@echo "installing what the locks name (hashes checked) …" >&2
	@$(BIN)/python $(PIP) install --require-hashes -r requirements.lock -r requirements-build.lock 1>&2
	@$(BIN)/python $(PIP) install --no-deps --no-build-isolation --no-index --editable . 1>&2
	@touch $@

# The wheels are kept, so that the test of the image's steps installs them again without a network.
$(VENV)/.dev: requirements-dev.lock requirements.lock requirements-build.lock pyproject.toml | $(BIN)/python
	@echo "installing what the locks name (hashes checked) …" >&2
	@rm -rf $(WHEELS)
	@$(BIN)/python $(PIP) download --no-deps --require-hashes --dest $(WHEELS) -r requirements.lock -r requirements-build.lock 1>&2
	@$(BIN)/python $(PIP) install --require-hashes --find-links $(WHEELS) -r requirements-dev.lock 1>&2
	@$(BIN)/python $(PIP) install --no-deps --no-build-isolation --no-index --editable . 1>&2
	@touch $@ $(VENV)/.run

$(PEERS)/.bench: benchmarks/requirements.lock
	@$(PYTHON) -m venv $(PEERS) 1>&2
	@$(PEERS)/bin/python $(PIP) install --require-hashes -r benchmarks/requirements.lock 1>&2
	@touch $@
