# Each target sets up what it needs in .venv the first time and is quick afterwards. Another interpreter:
#   make test PYTHON=python3.13 VENV=.venv-3.13
PYTHON ?= python3
VENV ?= .venv
PYTEST_OPTIONS ?= --numprocesses auto
BENCH_OPTIONS ?=
LAB_OPTIONS ?=

BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --quiet --quiet --disable-pip-version-check
NATIVE := $(shell find scope_repl/_native -name "*.[ch]")

.DEFAULT_GOAL := help
.PHONY: help demo test lab bench lint clean

help: ## show this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-6s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

demo: $(VENV)/.installed ## record a small program and answer questions about its past
	@$(BIN)/python notebooks/demo.py

test: $(VENV)/.test ## run the whole test suite; with Chromium, in the browser too
	$(BIN)/pytest $(PYTEST_OPTIONS)

lab: $(VENV)/.lab ## open JupyterLab with Scope at hand
	$(BIN)/jupyter lab --notebook-dir=notebooks $(LAB_OPTIONS)

bench: $(VENV)/.bench ## measure the cost beside other tracers (minutes)
	$(BIN)/python -m benchmarks $(BENCH_OPTIONS)

lint: $(VENV)/.lint ## ruff, mypy --strict and the import contracts
	@$(BIN)/nox --sessions lint

clean: ## remove the virtual environment and everything that was built
	rm -rf $(VENV) build dist *.egg-info .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis
	find scope_repl -name '*.so' -delete
	find scope_repl magics widgets tests notebooks benchmarks -name __pycache__ -prune -exec rm -rf {} +

# The stamps. pip is brought up to date because dependency groups need 25.1.
$(VENV)/.created:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "Scope needs Python 3.11 or newer, and $(PYTHON) is '$$($(PYTHON) --version 2>&1)'. Name another one: make PYTHON=python3.12 $(MAKECMDGOALS)"; exit 1; }
	@$(PYTHON) -c 'import os, sysconfig; os.stat(os.path.join(sysconfig.get_path("include"), "Python.h"))' 2>/dev/null || { \
	  echo "Scope is built from C and needs the header Python.h of $(PYTHON). On Debian and Ubuntu: apt-get install python3-dev"; exit 1; }
	@command -v $(firstword $(CC)) >/dev/null || { \
	  echo "Scope is built from C and there is no compiler '$(CC)'. On Debian and Ubuntu: apt-get install gcc"; exit 1; }
	@echo "setting up $(VENV)"
	@$(PYTHON) -m venv $(VENV)
	@$(PIP) install --upgrade 'pip>=25.1'
	@touch $@

$(VENV)/.installed: $(VENV)/.created pyproject.toml $(NATIVE)
	@echo "building Scope and installing what it needs"
	@$(PIP) install --editable .
	@touch $@

$(VENV)/.test: $(VENV)/.installed
	@$(PIP) install --group test --group browser
	@touch $@

$(VENV)/.lab: $(VENV)/.installed
	@$(PIP) install --editable '.[lab]'
	@$(BIN)/scope-repl install --sys-prefix
	@touch $@

$(VENV)/.bench: $(VENV)/.installed
	@$(PIP) install --group bench --group browser
	@touch $@

$(VENV)/.lint: $(VENV)/.created pyproject.toml
	@$(PIP) install --group lint
	@touch $@
