# What is done often; `make` alone lists it. From a fresh clone nothing else is needed but Python.
#
#   make test ARGS="-k dockerfile"    more arguments for pytest
#   make test SPREAD=                 one test after the other, in one process
#   make test PYTHON=python3.13       another interpreter, for a new .venv

PYTHON ?= python3
ARGS ?=
SPREAD ?= --numprocesses logical --maxprocesses 8 --dist worksteal

BIN := .venv/bin
READY := .venv/ready
REGISTRIES := docker-registry skopeo
RUNTIMES := dockerd containerd
BROWSER := chromium

.DEFAULT_GOAL := help
.PHONY: help demo test lint format docs pictures site clean registries runtimes browser benchmarks

help: ## list what make can do
	@sed -n 's/^\([a-z]*\):[^#]*## \(.*\)/\1 \2/p' Makefile | while read -r name what; do printf '%-10s %s\n' "$$name" "$$what"; done

demo: $(READY) ## migrate the example, against stand-ins on this machine
	$(BIN)/hub2ar rehearse examples/storefront

test: $(READY) registries runtimes browser ## run the tests, some of them against real registries on this machine
	$(BIN)/python -m pytest $(SPREAD) $(ARGS)

lint: $(READY) ## check style and types, and that nothing here comes from Docker Hub
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/hub2ar scan --config .ci/hub2ar.toml --fail-on docker-hub,unresolved

format: $(READY) ## fix what tools can fix
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

docs: $(READY) ## write the parts of docs/ that come from the code, and run the notebooks
	$(BIN)/python .ci/schema.py docs/schema
	$(BIN)/python .ci/commands.py docs/commands.md docs/man
	$(BIN)/python .ci/documents.py docs/documents.md
	$(BIN)/python .ci/errors.py docs/errors.md
	$(BIN)/python .ci/licences.py docs/licences.md
	$(BIN)/python .ci/formats.py docs/formats.md
	$(BIN)/python .ci/mirror.py docs/mirror.md
	$(BIN)/python .ci/doctor.py docs/doctor.md
	$(BIN)/python .ci/exporting.py docs/exporting.md
	$(BIN)/python .ci/tables.py docs/reporting.md
	$(BIN)/python .ci/example.py notebooks/documents
	$(BIN)/python .ci/notebooks.py notebooks

pictures: $(READY) browser ## make the pictures of the README from the example
	$(BIN)/python .ci/pictures.py docs/pictures

site: $(READY) ## build the site of the documents into site/
	$(BIN)/mkdocs build --strict

benchmarks: $(READY) registries ## measure all, and write the figures that README and docs show (ARGS=--quick)
	$(BIN)/python benchmarks/measure.py $(ARGS)

clean: ## remove what the other targets made
	rm -rf .venv .mypy_cache .pytest_cache .ruff_cache .hypothesis .coverage build dist site
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

registries:
	@for name in $(REGISTRIES); do command -v "$$name" >/dev/null || exec .ci/packages $(REGISTRIES); done

runtimes: # only asked what they make of a file; they are not started
	@for name in $(RUNTIMES); do command -v "$$name" >/dev/null || exec .ci/packages docker.io; done

browser: # opens the HTML reports; nothing of it leaves the machine
	@command -v $(BROWSER) >/dev/null || exec .ci/packages $(BROWSER)

$(READY): pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit("Python 3.11 or newer is needed, $(PYTHON) is " + sys.version.split()[0] if sys.version_info < (3, 11) else 0)'
	@$(PYTHON) -c 'import ensurepip' 2>/dev/null || .ci/packages "$$($(PYTHON) -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])')"
	@$(BIN)/python -m pip --version >/dev/null 2>&1 || $(PYTHON) -m venv --clear .venv
	$(BIN)/python -m pip install --quiet --upgrade 'pip>=25.1'
	$(BIN)/python -m pip install --quiet --editable . --group dev
	$(BIN)/python -m compileall -q planner reports  # as an installation does; some machines never write bytecode
	@touch $(READY)
