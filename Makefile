.DEFAULT_GOAL := help
.PHONY: help demo test test-heavy check bench soak images clips hw clean

PYTHON ?= python3
BIN := .venv/bin
DEMO := .venv/.has-demo
DEV := .venv/.has-dev

help: ## print this list
	@sed -nE 's/^([a-z-]+):.*## (.*)/  make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 20

demo: $(DEMO) ## a centre, its network and a workbench on this machine; ARGS=--windows opens real windows
	@$(BIN)/borne demo $(ARGS)

test: $(DEV) .venv/.has-browser .venv/.has-compiler .venv/.has-voice ## every test but the heavy ones, within minutes
	$(BIN)/pytest -m "not heavy" --numprocesses 2 --dist loadfile $(ARGS)

test-heavy: $(DEV) .venv/.has-browser .venv/.has-compiler .venv/.has-meters .venv/.has-voice ## the tests that play whole evenings
	$(BIN)/pytest -m heavy $(ARGS)

check: $(DEV) ## lint, format, types, import directions
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: $(DEV) .venv/.has-meters ## each path as a ratio to what this machine can do at the best; ARGS="--only touch"
	@$(BIN)/python -m benchmarks $(ARGS)

soak: $(DEV) .venv/.has-compiler ## one storm over a busy evening after the other; MINUTES=60
	@$(BIN)/python -m tests.chaos soak --minutes $(or $(MINUTES),60)

images: $(DEV) .venv/.has-browser ## draw docs/images anew
	@$(BIN)/python -m scripts.images

clips: $(DEMO) .venv/.has-voice ## what the kiosk can say, read aloud once by espeak-ng; ARGS="--site centre.toml"
	@$(BIN)/python -m scripts.clips $(ARGS)

hw: $(DEV) ## the contracts on a real rig: make hw RIG=rig.toml
	$(BIN)/pytest hw_tests --rig "$(RIG)" $(ARGS)

clean: ## remove what the commands above have made
	rm -rf .venv .tools build out *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

.venv/bin/pip:
	@scripts/need python3-venv
	$(PYTHON) -m venv .venv

$(DEMO): setup.cfg pyproject.toml | .venv/bin/pip
	$(BIN)/pip install --quiet --disable-pip-version-check --editable '.[demo]'
	@touch $@

$(DEV): setup.cfg pyproject.toml | .venv/bin/pip
	$(BIN)/pip install --quiet --disable-pip-version-check --editable '.[dev]'
	@touch $@ $(DEMO)

.venv/.has-browser: | $(DEV)
	@scripts/need chromium chromium-driver
	@touch $@

.venv/.has-compiler: | $(DEV)
	@scripts/need gcc libc6-dev
	@touch $@

.venv/.has-meters: | $(DEV)
	@scripts/need mosquitto-clients postgresql strace
	@touch $@

.venv/.has-voice: | $(DEMO)
	@scripts/need espeak-ng alsa-utils
	@touch $@
