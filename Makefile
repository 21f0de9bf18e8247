# Two commands from a fresh clone: `make demo` and `make test`. Everything lives in .venv.
PYTHON ?= python3
BIN := .venv/bin

.PHONY: demo test check docs translations samples browser terminal clean

demo: .venv/installed  ## run the main job on the sample batches
	@$(BIN)/python sample_scans/demo.py

test: .venv/installed  ## all tests that need no server, no browser and no terminal, on every core
	$(BIN)/python -m pytest -q -n logical --dist worksteal

browser: .venv/installed  ## the tests that need Debian's Chromium
	$(BIN)/python -m pytest -q -m browser

terminal: .venv/installed  ## the tests that need a terminal, that of tmux
	$(BIN)/python -m pytest -q -m terminal

check: .venv/installed  ## style, types, import contracts, generated documents
	$(BIN)/ruff check .
	$(BIN)/ruff format --check --quiet .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python docs/build_checks.py --check
	$(BIN)/python docs/build_translations.py --check

docs: .venv/installed  ## write docs/checks/ again from the classes
	$(BIN)/python docs/build_checks.py

translations: .venv/installed  ## compile the Chinese messages
	$(BIN)/python docs/build_translations.py

samples: .venv/installed  ## draw sample_scans/ again
	$(BIN)/python sample_scans/make_samples.py

.venv/installed: pyproject.toml constraints.txt
	@echo 'Making .venv, once; this takes some minutes. 正在建立 .venv（仅此一次，需要几分钟）……'
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --upgrade 'pip>=25.1'
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt --group dev -e .
	@touch $@

clean:
	rm -rf .venv demo-report build dist
