# `make audit` and `make test` need Python >= 3.11 and make alone; everything else they install.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
JOBS ?= auto
SECONDS ?= 120

.PHONY: help audit test test-all check format bench bench-pii fuzz picture clean

help:  ## Show what can be made
	@sed -n 's/^\([a-z-]*\):.*##/\1\t/p' $(MAKEFILE_LIST) | expand -t 12

audit: $(VENV)/.installed  ## Audit the sample export into runs/sample/
	$(BIN)/tunegate audit sample_data/zendesk_tickets.json -o runs/sample

test: $(VENV)/.dev  ## Run the tests of the core
	$(BIN)/pytest -n $(JOBS) -m "not browser and not package and not engines"

test-all: test  ## Run every test; installs Chromium and the neural engines where it may
	@sh tests/install-browser.sh
	@sh tests/install-engines.sh $(BIN)/python
	$(BIN)/pytest -n $(JOBS) -m "browser or package or engines"

check: $(VENV)/.dev  ## Format, lint, types, import layers, generated documents
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache
	$(BIN)/python docs/generate.py --check

format: $(VENV)/.dev  ## Format the code and refresh the generated documents
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .
	$(BIN)/python docs/generate.py

bench: $(VENV)/.dev  ## Measure; takes some minutes
	$(BIN)/python benchmarks/audit.py
	$(BIN)/python benchmarks/reading.py
	$(BIN)/python benchmarks/bodies.py
	$(BIN)/python benchmarks/start.py
	$(BIN)/python benchmarks/dedup.py
	$(BIN)/python benchmarks/pii.py

bench-pii: $(VENV)/.dev  ## Compare the scan with Presidio, which this installs
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e ".[bench]"
	$(BIN)/python benchmarks/pii_speed.py

fuzz: $(VENV)/.dev  ## Feed readers with damaged exports for two minutes, guided by coverage
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e ".[fuzz]"
	PYTHONPATH=tests:. $(BIN)/python tests/fuzz_readers.py $(SECONDS)

clean:  ## Remove what was made
	rm -rf runs dist .mypy_cache .ruff_cache .pytest_cache .hypothesis

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "error: $(PYTHON) is older than Python 3.11"; \
	    echo "  hint: make PYTHON=/path/to/python3.11 $(MAKECMDGOALS)"; exit 2; }
	$(PYTHON) -m venv $(VENV)

$(VENV)/.installed: $(BIN)/python pyproject.toml
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e .
	@touch $@

$(VENV)/.dev: $(VENV)/.installed
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e ".[dev]"
	@touch $@

picture: audit  ## Take the README's picture of the report with Chromium
	chromium --headless --no-sandbox --disable-gpu --no-first-run --disable-background-networking \
	  --disable-component-update --disable-sync --user-data-dir=$$(mktemp -d) --hide-scrollbars \
	  --window-size=1180,1500 --screenshot=docs/report.png "file://$(CURDIR)/runs/sample/report.html"
