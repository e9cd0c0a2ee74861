.DEFAULT_GOAL := help
SHELL := bash
PYTHON ?= python3
BIN := .venv/bin
ENGINE = $$($(BIN)/python tools/engine/find.py)

.PHONY: help setup toolchain demo quick test check faults mutants bench docs site

help:  ## List what there is
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 10

setup: .venv/ready  ## Create .venv and find, install or build a Pulumi engine
	@$(BIN)/python -m compileall -q provider bench  # each operation starts processes, which may not keep what they compile
	@$(BIN)/python tools/engine/find.py >/dev/null
	@$(MAKE) --no-print-directory toolchain

toolchain:  # Where there is uv, make the programs a project of uv in .venv: Pulumi is quicker so than with pip
	@cd programs && rm -f pyproject.toml uv.lock && if command -v uv >/dev/null; then \
	  export UV_PROJECT_ENVIRONMENT=$(CURDIR)/.venv UV_PYTHON=$(CURDIR)/$(BIN)/python && \
	  uv --quiet init --bare --no-workspace --name voice-routing-programs && \
	  uv --quiet add --no-sync --no-workspace --requirements ../requirements.lock && \
	  uv --quiet add --no-sync --no-workspace --editable .. && \
	  uv --quiet sync --inexact --no-build-isolation || rm -f pyproject.toml uv.lock; fi

.venv/ready: requirements.lock pyproject.toml
	@echo "Creating .venv with the pinned packages (about a minute)"
	@$(PYTHON) -m venv .venv
	@$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

demo: setup  ## Bring a whole support line up on a local emulator, and down again
	@PATH="$(ENGINE):$(CURDIR)/$(BIN):$$PATH" $(BIN)/python tools/demo.py

check: .venv/ready  ## Lint, check types, imports and links, and audit the dependencies
	@$(BIN)/ruff check . && $(BIN)/ruff format --check .
	@$(BIN)/pyright & pyright=$$!; $(BIN)/mypy; mypy=$$?; wait $$pyright && exit $$mypy
	@$(BIN)/lint-imports --no-logo --no-cache
	@$(BIN)/python -m tools.links
	@$(BIN)/python tools/audit.py

quick: .venv/ready  ## Run the tests that need no engine, in under two minutes
	@$(BIN)/pytest -n 2 -m "not engine and not whole_run"

test: setup check  ## Run every test, those on the real engine included
	@engine=$(ENGINE) && export VOICE_ROUTING_ENGINE_DIR="$$engine" PATH="$$engine:$(CURDIR)/$(BIN):$$PATH" && \
	  $(BIN)/pytest -n 4 --dist loadgroup

coverage: .venv/ready  ## Run every test that needs no engine, and measure what they reach
	@$(BIN)/pytest -n auto -m "not engine" --cov

faults: setup  ## The long forms: every program through fifty storms of faults, a kill at every request, more hostile input
	@engine=$(ENGINE) && export VOICE_ROUTING_ENGINE_DIR="$$engine" PATH="$$engine:$(CURDIR)/$(BIN):$$PATH" && \
	  $(BIN)/pytest tests/faults/test_storms.py -n 3 --dist loadgroup -v --seeds 50 && \
	  VOICE_ROUTING_EVERY_KILL=1 $(BIN)/pytest tests/crash -n 2 --dist loadgroup -v && \
	  VOICE_ROUTING_FUZZ_TIMES=5 $(BIN)/pytest tests/fuzz tests/storm -n 3

mutants: .venv/ready  ## Change what judges calls in one place after another: a test must notice. SAMPLE=200 SEED=1 tries some, MODULES="safety" a part
	@$(BIN)/python tools/mutants.py $(if $(SAMPLE),--sample $(SAMPLE)) $(if $(SEED),--seed $(SEED)) $(MODULES)

bench: setup  ## Measure requests, time, CPU and memory, beside the least that the vendor allows
	@VOICE_ROUTING_ENGINE_DIR="$(ENGINE)" $(BIN)/python -m bench

docs: .venv/ready  ## Write the reference pages anew
	@$(BIN)/python tools/reference.py

site: .venv/ready  ## Build the documentation site into build/site; a link that leads nowhere fails
	@$(BIN)/python -m tools.docs_site

dist: .venv/ready  ## Build the wheel and the source package, and try the wheel
	@rm -rf dist build/tried && $(BIN)/python -m hatchling build
	@$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --target build/tried dist/*.whl
	@cd build/tried && PYTHONPATH=. ../../$(BIN)/python -m pulumi_voice_routing --version

lock:  ## Write requirements.lock anew from pyproject.toml; takes uv and a network
	@uv pip compile pyproject.toml --extra emulator --group dev --group docs --universal --python-version 3.11 --generate-hashes \
	  --no-header --no-annotate --no-emit-index-url --quiet --output-file requirements.lock >/dev/null
