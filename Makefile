# claims-audit: `make audit` audits the sample export; `make help` lists the rest.
# Needs python3 (3.11 or newer, with venv) and make. PYTHON=/path/to/python picks another interpreter.

BIN := .venv/bin
PYTHON ?=
export PYTHON

.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: audit quick test check lint docs wheel-test bench signals kills year both-engines mutate mutate-report lock clean help env-audit env-dev env-spark

audit: env-audit  ## audit data_samples/ and say where the report lies
	@report=$$($(BIN)/claims-audit run data_samples/claims_*.csv --config data_samples/audit.toml --out out) && \
		printf 'The report is %s\n' "$(CURDIR)/$$report"

quick: env-dev  ## run the tests of what changed, and the short ones: a minute at most
	@$(BIN)/python -m tests.quick

test: env-dev  ## run all tests
	@$(BIN)/python -m pytest -n auto --dist worksteal

check: lint wheel-test test  ## everything that CI holds a change to

lint: env-dev  ## style, types, SQL, import direction, docs that drifted
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/sqlfluff lint --disable-progress-bar queries/
	$(BIN)/lint-imports
	$(BIN)/python docs/generate.py --check

docs: env-dev  ## write docs/rules/ and the README's table from the SQL
	@$(BIN)/python docs/generate.py

wheel-test: env-dev  ## build the wheel, install it elsewhere, audit with it
	@sh .ci/wheel-test

bench: env-dev  ## measure an audit of a million lines against Polars, pandas and a bare scan, its reading, report, notes and samples
	@$(BIN)/python -m benchmarks.compare --lines $(or $(LINES),1000000) --json benchmarks/measured/$(or $(LINES),1000000).json
	@$(BIN)/python -m benchmarks.performance
	@$(BIN)/python -m benchmarks.measure
	@$(BIN)/python -m benchmarks.intake
	@$(BIN)/python -m benchmarks.slow_ways
	@$(BIN)/python -m benchmarks.report
	@$(BIN)/python -m benchmarks.notes
	@$(BIN)/python -m benchmarks.sampling

signals: env-dev  ## stop 60 runs at random moments and see that each leaves nothing
	@$(BIN)/python -m tests.signals

year: env-dev  ## live through twelve months of three jobs by the crontab of docs/cron.md, and see that mails and index tell
	@$(BIN)/python -m tests.year

kills: env-dev  ## kill 60 runs at random moments and see that no month is lost
	@$(BIN)/python -m tests.killed

both-engines: env-spark  ## audit the sample on one machine and on a cluster of two workers, and see that no byte differs (needs Java 17)
	@$(BIN)/python -m tests.both_engines data_samples/ --config data_samples/audit.toml --partitions 4 $(if $(LINES),--lines $(LINES)) $(if $(CASES),--cases $(CASES)) $(if $(KILL),--kill)

mutate: env-dev  ## change each rule's SQL and see that a case notices
	@$(BIN)/python -m tests.mutate_rules

mutate-report: env-dev  ## change the report's modules and templates and see that a test notices (long)
	@$(BIN)/python -m tests.mutate_report

lock: env-dev  ## resolve the locks again; UPGRADE=1 takes newer releases
	@sh requirements/lock.sh $(if $(UPGRADE),--upgrade)

clean:  ## remove what make made
	@rm -rf .venv build dist out .mypy_cache .pytest_cache .ruff_cache .hypothesis .import_linter_cache

help:  ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

env-audit:
	@sh requirements/install.sh audit

env-dev:
	@sh requirements/install.sh dev

# PySpark comes as a source archive, so it is built here, by the pinned tools.
env-spark: env-dev  ## add PySpark, for the tests of the engine on a cluster (needs Java 17)
	@$(BIN)/python -m pip install -qq --no-input --disable-pip-version-check --no-build-isolation --require-hashes \
		--requirement requirements/spark.txt
