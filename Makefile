# The same few commands on a laptop and in CI. `make help` lists them.
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
SHELL := /bin/bash

PYTHON ?= python3
BIN := .venv/bin
STAMP := .venv/.installed
EXEC := $(BIN)/python -m tools.launcher exec
ARGS ?=

# What `check --deploy` looks at: production's own defaults. Nothing answers at these addresses and nothing is asked.
PRODUCTION := env -u DEMO -u INSECURE_COOKIES BEHIND_TLS_PROXY=1 ALLOWED_HOSTS=pathways.example \
	SITE_URL=https://pathways.example CSRF_TRUSTED_ORIGINS=https://pathways.example \
	DATABASE_URL=postgres://pathways_app@127.0.0.1:1/pathways REDIS_URL=redis://127.0.0.1:1/0 \
	SECRET_KEY=$$($(BIN)/python -c 'import secrets; print(secrets.token_urlsafe(50))')

.PHONY: help run check fix test bench drill seed clean lock setup

help: ## Print each command with one line
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-6s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: setup ## Start everything and keep it up until ctrl-C (PORT=8001 make run for another port)
	@exec $(BIN)/python -m tools.launcher run

check: setup ## Read the code: style, types, layers, doors, migrations, generated documents, production settings
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(EXEC) --ephemeral -- $(BIN)/python -m tools.check
	$(PRODUCTION) $(BIN)/python manage.py check --deploy --fail-level WARNING

fix: setup ## Mend what can be mended by machine: order of imports, layout
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

test: setup ## Run every test (make test ARGS="-k word" for some)
	$(EXEC) --ephemeral -- $(BIN)/python -m tools.tests $(ARGS)

bench: setup ## Measure, and write docs/performance.md
	$(EXEC) --ephemeral -- $(BIN)/python -m pytest tests -m bench -p no:cacheprovider --timeout 3600 -s $(ARGS)

drill: setup ## Kill things under load and time the recovery
	$(EXEC) --ephemeral -- $(BIN)/python -m pytest tests -m drill --timeout 900 -s $(ARGS)

seed: setup ## Make up people in the database of make run (once)
	$(EXEC) -- bash -c '$(BIN)/python manage.py migrate && { $(BIN)/python manage.py seed --check || $(BIN)/python manage.py seed --patients 1500 --years 10 --seed 1; }'

clean: ## Remove everything that was made here: .venv, .data, node_modules, built files
	@$(PYTHON) tools/clean.py

lock: setup ## Choose versions again within the .in files, and write the hashes
	$(BIN)/uv pip compile -q --upgrade --universal --python-version 3.11 --generate-hashes --no-header --no-strip-extras \
		--no-emit-index-url --no-emit-find-links requirements.in -o requirements.txt
	$(BIN)/uv pip compile -q --upgrade --universal --python-version 3.11 --generate-hashes --no-header --no-strip-extras \
		--no-emit-index-url --no-emit-find-links -c requirements.txt requirements-dev.in -o requirements-dev.txt
	npm install --package-lock-only --ignore-scripts

setup: $(STAMP)

# Stamped with the lock itself, so that an unchanged lock costs nothing and a changed one is noticed.
$(STAMP): requirements-dev.txt
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed.")'
	@if ! cmp -s requirements-dev.txt $(STAMP); then \
		echo "Installing the locked requirements"; \
		if $(BIN)/python -c 'import uv' 2>/dev/null; then $(BIN)/uv pip install -q --python $(BIN)/python --require-hashes -r requirements-dev.txt; \
		else $(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements-dev.txt; fi; \
	fi
	@cp requirements-dev.txt $(STAMP)
