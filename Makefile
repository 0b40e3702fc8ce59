# Everything needs only Python >= 3.11, make and a package index; `make install` fetches the rest.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
EXTRAS := postgres js fit dev

.PHONY: install run test check demo lint types contracts lock peers wheel clean

install: $(READY)

# Two steps, since pip refuses an editable install together with hashes.
$(READY): requirements.lock pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit("rasd needs Python 3.11 or newer" if sys.version_info < (3, 11) else 0)'
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation -e .
	touch $(READY)

run: install
	mkdir -p -m 700 var
	$(BIN)/rasd run

demo:
	@test -f $(READY) || echo "rasd is installed into $(VENV) first: a few minutes, about 1 GB with all extras; then the demo: a minute"
	@$(MAKE) --no-print-directory install
	@$(BIN)/python -m tests.demo

test: install
	$(BIN)/python -m pytest -n 2 --dist worksteal --hypothesis-profile=thorough

check: install lint types contracts test

lint: install
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: install
	$(BIN)/mypy

contracts: install
	$(BIN)/lint-imports

lock: install
	$(BIN)/uv pip compile --universal --generate-hashes --no-emit-index-url --no-emit-find-links \
	  --no-header --quiet $(addprefix --extra ,$(EXTRAS)) pyproject.toml -o requirements.lock

# The peers that benchmarks measure beside us are no part of the project: they stand in no lock.
peers: install
	$(BIN)/uv pip install --quiet --python $(BIN)/python $(shell $(BIN)/python -c "import tomllib; print(*(repr(r) for r in tomllib.load(open('pyproject.toml','rb'))['project']['optional-dependencies']['bench']))")

wheel: install
	$(BIN)/python -m pip wheel --quiet --no-deps --no-build-isolation -w dist .

clean:
	rm -rf $(VENV) dist var
