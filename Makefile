# Everything runs in .venv, created from requirements/dev.txt at the first use.
PYTHON ?= python3
VENV := .venv
PY := $(VENV)/bin/python
READY := $(VENV)/.ready
PRISM := $(VENV)/prism/.ready
SITE := $(VENV)/docs/.ready
# Words to avoid, and the folders that are free of them; phrases are in tests/docs/test_language.py.
WORDS := scripts/words/dialect.txt
SPELLED := .github CHANGELOG.md README.md docs examples generated generator-config.yaml openapi.json scripts tests/pipeline tests/prism \
	vocobase vocobase_sandbox

# Where it is set, as in many containers, each process that imports the packages compiles all of them.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help setup prism docs demo test cov lint format types sync generate new-operation check-generated drift spec record record-check \
	bench-call bench-otel bench-cold bench-import bench-sandbox bench-uploads bench-contacts bench-exports bench-plan bench-records bench-reports bench-cli bench-lambda \
	build sandbox-pyz release-check clean

help: ## Show this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /\1\t/' | expand -t 18

$(READY): requirements/dev.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed; run make PYTHON=/path/to/python3.11"; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(PY) -m pip install --quiet --disable-pip-version-check -r requirements/dev.txt
	$(PY) -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

setup: $(READY) ## Create .venv with all dependencies, pinned

$(PRISM): requirements/npm.txt | $(READY)
	NODE_OPTIONS=--use-openssl-ca npm install --loglevel error --engine-strict --ignore-scripts --no-package-lock --no-save --no-audit --no-fund \
		--prefix $(VENV)/prism $$(cat $<)
	@touch $@

prism: $(PRISM) ## Install Prism, the validating proxy of tests/prism; needs node and npm

$(SITE): requirements/docs.txt | $(READY)
	$(PYTHON) -m venv $(VENV)/docs
	$(VENV)/docs/bin/python -m pip install --quiet --disable-pip-version-check -r $<
	@touch $@

docs: $(READY) $(SITE) ## Build the documentation into site/; needs no network once the tools are installed
	$(PY) scripts/site_build.py

demo: $(READY) ## Run examples/quickstart.py against the sandbox: no key, no call, no cost
	$(PY) -m vocobase_sandbox exec -- $(PY) examples/quickstart.py

test: $(READY) ## Run all tests, on all cores
	$(PY) $(RUN) -m pytest -n auto --dist loadfile --no-loadscope-reorder

cov: $(READY) ## Run all tests, and fail if a line or branch of vocobase/ was not reached
	rm -f .coverage .coverage.*
	$(MAKE) test RUN="-m coverage run"
	$(PY) -m coverage combine --quiet
	$(PY) -m coverage report --show-missing --skip-covered

lint: $(READY) ## Check style, words and workflows
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .
	$(PY) -m codespell_lib --dictionary - --dictionary $(WORDS) $(SPELLED)
	$(VENV)/bin/zizmor --offline --quiet --no-progress --min-severity medium .

format: $(READY) ## Fix style
	$(PY) -m ruff check --fix .
	$(PY) -m ruff format .

types: $(READY) ## Check types with mypy and pyright, both strict
	$(PY) -m mypy
	$(PY) -m pyright

sync: $(READY) ## Derive every folder sync/ of vocobase/ and tests/ from the folder aio/ next to it
	$(PY) scripts/derive_sync.py

generate: $(READY) ## Write generated/vocobase_raw, the tables of docs/ and docs/reference from openapi.json
	PYTHON=$(PY) scripts/generate.sh
	$(PY) scripts/api_page.py
	$(PY) scripts/cli_page.py
	$(PY) scripts/reference_pages.py

new-operation: $(READY) ## Write row and stubs of an operation of openapi.json without a row (KEY=calls.hold, ROUTE="POST /calls/{id}/hold")
	$(PY) scripts/new_operation.py $(KEY) $(if $(ROUTE),--route "$(ROUTE)")

check-generated: $(READY) ## Fail if a derived file is out of date
	$(PY) scripts/check_generated.py

drift: $(READY) ## Compare openapi.json with the published document (SOURCE=url or file)
	$(PY) scripts/drift.py $(if $(SOURCE),--source $(SOURCE))

spec: $(READY) ## Replace openapi.json with the published document, after showing the changes (SOURCE=url or file)
	$(PY) scripts/update_spec.py $(if $(SOURCE),--source $(SOURCE))

record: $(READY) ## Record tests/cassettes again: against the sandbox, or the real API when VOCOBASE_API_KEY is set
	$(PY) -m scripts.record $(PARTS)

record-check: $(READY) ## Fail if a cassette differs from the current responses of the sandbox
	$(PY) -m scripts.record --check

bench-call: $(READY) ## Measure the cost of a call, compared with a bare httpx.Client
	$(PY) benchmarks/bench_call.py --output benchmarks/call.json
	$(PY) scripts/benchmarks_table.py

bench-otel: $(READY) ## Measure what tracing adds to a call
	$(PY) benchmarks/bench_otel.py --output benchmarks/otel.json
	$(PY) scripts/benchmarks_table.py

bench-cold: $(READY) ## Measure the time from the start of an interpreter to its first response
	$(PY) benchmarks/bench_cold.py --output benchmarks/cold.json
	$(PY) scripts/benchmarks_table.py

bench-import: $(READY) ## Measure the cost of imports and of a client
	$(PY) benchmarks/bench_import.py --output benchmarks/import.json
	$(PY) scripts/benchmarks_table.py

bench-sandbox: $(READY) ## Measure start, memory and requests per second of the sandbox
	$(PY) benchmarks/bench_sandbox.py --output benchmarks/sandbox.json
	$(PY) scripts/benchmarks_table.py

bench-uploads: $(READY) ## Measure how much memory uploads take (Linux)
	$(PY) benchmarks/bench_uploads.py --output benchmarks/uploads.json
	$(PY) scripts/benchmarks_table.py

bench-records: $(READY) ## Measure the table of calls
	$(PY) benchmarks/bench_records.py --output benchmarks/records.json
	$(PY) scripts/benchmarks_table.py

bench-exports: $(READY) ## Measure exports of the table of calls
	$(PY) benchmarks/bench_exports.py
	$(PY) scripts/benchmarks_table.py

bench-contacts: $(READY) ## Measure reading contacts and importing them into a campaign
	$(PY) benchmarks/bench_contacts.py --output benchmarks/contacts.json
	$(PY) scripts/benchmarks_table.py

bench-plan: $(READY) ## Measure the plan of a long list of jobs
	$(PY) benchmarks/bench_plan.py --output benchmarks/plan.json
	$(PY) scripts/benchmarks_table.py

bench-reports: $(READY) ## Measure reports over the calls of a year
	$(PY) benchmarks/bench_reports.py --output benchmarks/reports.json
	$(PY) scripts/benchmarks_table.py

bench-cli: $(READY) ## Measure the start of the command line
	$(PY) benchmarks/bench_cli.py --output benchmarks/cli.json
	$(PY) scripts/benchmarks_table.py

bench-lambda: $(READY) ## Measure the cold start of examples/lambda_function (needs redis-server)
	$(PY) benchmarks/bench_lambda.py --output benchmarks/lambda.json
	$(PY) scripts/benchmarks_table.py

build: $(READY) ## Build wheel and sdist into dist/
	rm -rf dist
	$(PY) -m build --no-isolation

sandbox-pyz: $(READY) ## Write the sandbox as one file that python3 starts, out/vocobase-sandbox.pyz
	$(PY) scripts/sandbox_zip.py out/vocobase-sandbox.pyz

release-check: $(READY) ## Check the promises of a release: public API, documentation, wheel and sdist (AGAINST=commit)
	$(PY) scripts/install_commands.py --check
	$(PY) scripts/check_generated.py
	$(PY) scripts/api_gate.py $(if $(AGAINST),--against "$(AGAINST)")
	$(PY) -m pytest tests/release

clean: ## Remove .venv and all output
	rm -rf $(VENV) build dist out site .cache .mypy_cache .pytest_cache .ruff_cache .coverage .hypothesis htmlcov
