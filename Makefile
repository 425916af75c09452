# What people type. `make run` and `make test` need Python 3.11 or newer and make; everything else they bring.

VENV := .venv
PY := $(VENV)/bin/python
PACKAGE := $(PY) -m witei_app
# A stamp is named after the sum of what was installed, so that nothing unchanged is installed again.
RUNTIME := $(VENV)/runtime-$(shell cat requirements.txt | cksum | tr -d ' ')
DEVELOPMENT := $(VENV)/development-$(shell cat requirements.txt requirements-dev.txt | cksum | tr -d ' ')

# bun, which bundles the pages, is a program in the environment's bin folder.
export PATH := $(CURDIR)/$(VENV)/bin:$(PATH)
export REFLEX_TELEMETRY_ENABLED := false
export REFLEX_CHECK_LATEST_VERSION := false
export PIP_DISABLE_PIP_VERSION_CHECK := 1
export PYTHONUNBUFFERED := 1
# Each module is compiled once, also where containers ask for the contrary: a quarter of the time to import them.
export PYTHONDONTWRITEBYTECODE :=

# Some files at a time, more of them where tests wait. The browser by itself: its driver leaves a loop behind, in which
# no asyncio test can start.
# A test that hangs says where, instead of holding up whoever waits.
PYTEST := $(PY) -m pytest --timeout 900
BY_FILE := --dist loadfile --no-loadscope-reorder
# Where several programs wait for each other a busy machine may be too late once: tried again, and named at the end.
TRIED_AGAIN := --reruns 1 -rfER

.PHONY: run dev test servers pages lint format bench lock migrate clean
.DEFAULT_GOAL := run

run: $(RUNTIME)  ## the app on http://localhost:3000
	@exec $(PACKAGE) run

dev: $(RUNTIME)  ## the same address; each change of a file is built and shown at once
	@$(PACKAGE) demo
	@rm -f .web/conversations.built  # what this leaves there is not what `make run` serves
	@REFLEX_HOT_RELOAD_OVERRIDE_PATHS=witei_app:$$(echo assets/*.css | tr ' ' :) exec $(PY) -m reflex run --env preview \
		--backend-host 127.0.0.1 --backend-port $${WITEI_PORT:-3000}

test:  ## linters, types, import rules, then every test against real servers
	@$(MAKE) --no-print-directory --jobs=2 servers $(DEVELOPMENT)
	@$(MAKE) --no-print-directory --jobs=2 --output-sync lint pages
	@$(PYTEST) --numprocesses 3 $(BY_FILE) --ignore=tests/real_servers --ignore=tests/browser
	@$(PYTEST) --numprocesses 2 $(BY_FILE) $(TRIED_AGAIN) tests/real_servers
	@$(PYTEST) --numprocesses 2 $(BY_FILE) $(TRIED_AGAIN) tests/browser

servers:  ## those that the tests talk to, where Debian's packages are not there yet
	@tests/install_servers.sh

pages: $(DEVELOPMENT)
	@$(PY) -c "from witei_app.frontend import ensure_built; ensure_built()"

lint: $(DEVELOPMENT)
	@ruff check .
	@ruff format --check .
	@mypy
	@lint-imports

format: $(DEVELOPMENT)
	@ruff check --fix --quiet .
	@ruff format .

bench: $(DEVELOPMENT)
	@exec $(PY) -m bench

lock: $(RUNTIME)  ## after a change of the pages' npm packages: resolves what is new, keeps what was found
	@REFLEX_FROZEN_LOCKFILE=false $(PY) -m reflex export --frontend-only --no-zip
	@rm -rf .web && $(PY) -m reflex export --frontend-only --no-zip  # as everybody else will, from the lock alone

migrate: $(RUNTIME)
	@$(PACKAGE) migrate

clean:  ## all that make has made; the data stays
	rm -rf $(VENV) .web .mypy_cache .ruff_cache .pytest_cache .import_linter_cache

$(PY):
	@for python in $(PYTHON) python3 python3.14 python3.13 python3.12 python3.11; do \
		$$python -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || continue; \
		echo "Making a virtual environment with $$($$python --version)."; \
		exec $$python -m venv $(VENV); \
	done; \
	echo 'No Python 3.11 or newer with its venv module was found (on Debian: apt install python3-venv).' >&2; exit 1

$(RUNTIME): | $(PY)
	@echo 'Installing what the app needs (a minute the first time).'
	@$(PY) -m pip install --quiet --use-pep517 --requirement requirements.txt
	@rm -f $(VENV)/runtime-* && touch $@

$(DEVELOPMENT): | $(RUNTIME)
	@echo 'Installing what the tests need.'
	@$(PY) -m pip install --quiet --use-pep517 --requirement requirements-dev.txt
	@rm -f $(VENV)/development-* && touch $@
