# make app   set up what is missing and open the tutor
# make test  all checks and all tests
PYTHON ?= python3
VENV ?= .venv
# Address of PyTorch's CPU wheel index (see README); empty takes the package index's own build.
TORCH_INDEX ?=

ifeq ($(OS),Windows_NT)
BIN := $(VENV)/Scripts
else
BIN := $(VENV)/bin
endif
RUN := $(BIN)/python
PIP := $(RUN) -m pip --disable-pip-version-check

# Tests never touch a learner's own data or weights.
TEST_ENV = TUTOR_HOME=$(CURDIR)/build/test-home TUTOR_CACHE=$(or $(TUTOR_TEST_CACHE),$(CURDIR)/build/cache)

.PHONY: app test unit pulled checks clean

app: $(VENV)/.installed
	$(RUN) -m tutor models pull
	$(RUN) ingest.py || test $$? -eq 1
	$(RUN) app.py --open

test: checks
	$(MAKE) -j2 pulled unit
	$(TEST_ENV) $(RUN) -m pytest -n 2 --dist loadfile -m "weights and not browser" --durations=10
	$(TEST_ENV) $(RUN) -m pytest -m browser --durations=10

unit: $(VENV)/.installed-dev
	$(TEST_ENV) $(RUN) -m pytest -n 2 -m "not weights and not browser" --durations=5

pulled: $(VENV)/.installed-dev
	$(TEST_ENV) $(RUN) -m tutor models pull
	$(TEST_ENV) $(RUN) -m tutor models pull qwen2.5-coder-0.5b-instruct

checks: $(VENV)/.installed-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

$(VENV)/.installed: pyproject.toml constraints.txt
	$(PYTHON) -c "import sys; v=sys.version_info; sys.exit(0 if v >= (3,11) else f'Python: expected 3.11 or newer, found {v.major}.{v.minor}. Set PYTHON=/path/to/python3.11')"
	test -x $(RUN) || $(PYTHON) -m venv $(VENV)
	$(PIP) install -c constraints.txt $(if $(TORCH_INDEX),--index-url $(TORCH_INDEX)) torch
	$(PIP) install -c constraints.txt -e .
	touch $@

$(VENV)/.installed-dev: $(VENV)/.installed
	$(PIP) install -c constraints.txt -e ".[dev]"
	touch $@

clean:
	rm -rf build $(VENV) .mypy_cache .ruff_cache .pytest_cache .import_linter_cache
