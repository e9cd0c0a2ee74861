.DEFAULT_GOAL := help
SHELL := bash
PYTHON ?= python3
BIN := .venv/bin
ENGINE = $$($(BIN)/python tools/engine/find.py)

.PHONY: help setup demo test check docs

help:  ## List what there is
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 10

setup: .venv/ready  ## Create .venv and find, install or build a Pulumi engine
	@$(BIN)/python tools/engine/find.py >/dev/null

.venv/ready: requirements.lock pyproject.toml
	@echo "Creating .venv with the pinned packages (about a minute)"
	@$(PYTHON) -m venv .venv
	@$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

demo: setup  ## Bring a whole support line up on a local emulator, and down again
	@PATH="$(ENGINE):$(CURDIR)/$(BIN):$$PATH" $(BIN)/python tools/demo.py

check: .venv/ready  ## Lint and check types
	@$(BIN)/ruff check . && $(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/pyright

test: setup check  ## Run every test, those on the real engine included
	@rm -rf build/journals && mkdir -p build/journals
	@engine=$(ENGINE) && export VOICE_ROUTING_ENGINE_DIR="$$engine" PATH="$$engine:$(CURDIR)/$(BIN):$$PATH" && \
	  $(BIN)/pytest -n 3 --dist loadgroup && $(BIN)/pytest tests/journal

docs: .venv/ready  ## Write the reference pages anew
	@$(BIN)/python tools/reference.py
