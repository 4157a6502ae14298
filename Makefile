# `make` alone prints what there is to make. It needs Python 3.11 or newer, make and git.

VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
PYTHONS := python3 python3.13 python3.12 python3.11
export UV_SYSTEM_CERTS := 1
NEW_ENOUGH := import sys; sys.exit(sys.version_info < (3, 11))

.DEFAULT_GOAL := help
.PHONY: help setup demo tour test check bench pictures soak lint format lock clean

help: ## Print this list
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1|\2/p' $(firstword $(MAKEFILE_LIST)) | column -t -s '|' 2>/dev/null \
	  || sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1: \2/p' $(firstword $(MAKEFILE_LIST))

demo: $(READY) ## Play: a whole Slack workspace on this machine, with people, data and the bot
	@$(BIN)/credbot demo

tour: $(READY) ## Watch the main job end to end, without a browser
	@$(BIN)/credbot demo --tour

test: lint ## Check everything, as CI does
	@echo "Running the tests"
	@$(BIN)/pytest -n 4 --dist worksteal -q

check: lint ## Check style, types, imports and the tests of what was touched since main; about a minute
	@tests=$$($(BIN)/python -m tests.support.touched); \
	echo "Running the tests of what was touched: $${tests:-none}"; \
	[ -z "$$tests" ] || $(BIN)/pytest -n 2 --dist worksteal -q $$tests

bench: $(READY) ## Measure what docs/performance.md claims; takes minutes
	@$(BIN)/python -m benchmarks

pictures: $(READY) ## Take the pictures of README and docs anew; needs Debian's chromium
	@$(BIN)/python -m pictures

soak: $(READY) ## Let everything go wrong for some minutes, and check what must hold (docs/faults.md); ARGS='--seed N'
	@$(BIN)/python -W ignore -m soak $(ARGS)

lint: $(READY) ## Check style, types, imports and that every test says what it shows
	@echo "Checking style, types and imports"
	@$(BIN)/ruff check
	@$(BIN)/ruff format --check
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/interrogate --quiet tests

format: $(READY) ## Put the code into its format
	@$(BIN)/ruff check --fix
	@$(BIN)/ruff format

setup: $(READY) ## Install what the rest needs into .venv

lock: $(READY) ## Write requirements.lock anew from pyproject.toml, with hashes
	@$(BIN)/uv pip compile pyproject.toml --group dev --extra postgres --universal --generate-hashes \
	  --python-version 3.11 -o requirements.lock >/dev/null

clean: ## Take away what the rest made
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache

$(READY): requirements.lock pyproject.toml
	@found=; for python in $(PYTHONS); do \
	  if $$python -c '$(NEW_ENOUGH)' 2>/dev/null; then found=$$python; break; fi; \
	done; \
	if [ -z "$$found" ]; then echo "Credbot needs Python 3.11 or newer; none of $(PYTHONS) is." >&2; exit 1; fi; \
	if ! $$found -c 'import ensurepip' 2>/dev/null; then \
	  echo "$$found cannot make virtual environments. On Debian and Ubuntu: apt install python3-venv" >&2; exit 1; \
	fi; \
	echo "Setting up $(VENV) with $$($$found --version); this happens once"; \
	$$found -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check uv
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes -r requirements.lock || \
	  { echo "uv could not; trying pip, which may know your mirror"; \
	    $(BIN)/python -m pip install --quiet --require-hashes -r requirements.lock; }
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps -e .
	@touch $(READY)
