# The few commands a person needs. `make help` lists them.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
OPA_IAM := $(BIN)/opa-iam

.DEFAULT_GOAL := help
.PHONY: help setup tools demo test test-rego test-python test-properties bench lint wheel lock clean

help: ## show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-15s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

##@ Use

demo: setup ## compile, bundle, start OPA, and ask it what a reader of AWS's page would ask
	@echo "== compile: bundle.yaml and policies/ to Rego data"
	@$(OPA_IAM) compile
	@echo "== build: data and Rego to an OPA bundle"
	@$(OPA_IAM) build
	@echo "== decide: a real OPA answers"
	@$(OPA_IAM) test examples/incident-manager.iam.yaml --bundle build/bundle.tar.gz --explain

tools: setup ## obtain OPA and Conftest, and say where they are
	@$(OPA_IAM) tools

##@ Develop

test: setup test-rego test-python ## everything that proves it

test-rego: setup ## the Rego tests under OPA (every line covered) and under Conftest's older OPA
	@echo "== Rego tests"
	@opa=$$($(OPA_IAM) tools opa --path) && $$opa test --timeout 60s --bundle rego && \
		$$opa test --timeout 60s --bundle rego --coverage --threshold 100 --format json >/dev/null
	@conftest=$$($(OPA_IAM) tools conftest --path) && $$conftest verify --policy rego/iam
	@opa=$$($(OPA_IAM) tools opa --path) && $$opa test --timeout 60s deploy/opa/policy && \
		$$opa test --timeout 60s deploy/opa/policy --coverage --threshold 100 --format json >/dev/null

test-python: setup ## the Python tests, with a real OPA
	@echo "== Python tests"
	@$(BIN)/pytest

test-properties: setup ## the property tests with 20,000 examples each, others at every run; takes minutes
	@$(BIN)/pytest tests/model --hypothesis-profile=long

bench: setup ## measure it beside what a server costs in any case, and fail where a target is missed; takes minutes
	@$(BIN)/python -m bench

lint: setup ## formatting, style and types of Python and Rego
	@echo "== Python: ruff, mypy"
	@$(BIN)/ruff check
	@$(BIN)/ruff format --check
	@$(BIN)/mypy
	@echo "== Rego: opa fmt, opa check"
	@opa=$$($(OPA_IAM) tools opa --path) && $$opa fmt --list --fail rego deploy && \
		$$opa check --strict --schema rego/schemas rego/iam && $$opa check --strict deploy/opa/policy

wheel: setup ## build the wheel, and decide and lint with it in an empty environment
	@echo "== wheel"
	@rm -rf dist build/empty
	@$(BIN)/python -m build --no-isolation --outdir dist >/dev/null
	@$(PYTHON) -m venv build/empty
	@build/empty/bin/pip install --quiet --disable-pip-version-check dist/*.whl
	@cd build/empty && bin/opa-iam decide --check --explain --action ssm-incidents:StartIncident \
		--principal arn:aws:sts::111122223333:assumed-role/OnCallEngineer/ana
	@echo "== the same without an OPA; it has no policy-sentry in any case"
	@cd build/empty && OPA_IAM_OPA= OPA_IAM_TOOLS_WITHOUT=path,cache,release,build OPA_IAM_CACHE=cache \
		bin/opa-iam decide --engine wasm --check --action ssm-incidents:StartIncident \
		--principal arn:aws:sts::111122223333:assumed-role/OnCallEngineer/ana
	@cd build/empty && OPA_IAM_OPA= OPA_IAM_TOOLS_WITHOUT=path,cache,release,build OPA_IAM_CACHE=cache bin/opa-iam lint

lock: setup ## pin anew what requirements-dev.lock pins
	@$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --group dev \
		--all-extras pyproject.toml --output-file requirements-dev.lock

clean: ## remove what was built here; the cache of OPA and Conftest stays
	@rm -rf $(VENV) build dist

# Set-up: the virtual environment, made anew when what it is made from changes.

setup: $(VENV)/ready ## a virtual environment with everything pinned, and opa-iam in it

$(VENV)/ready: requirements-dev.lock pyproject.toml hatch_build.py
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "opa-iam needs Python 3.11 or later; set PYTHON=… to name one"; exit 1; }
	@echo "== set-up: a virtual environment in $(VENV)"
	@$(PYTHON) -m venv --clear $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --requirement requirements-dev.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-build-isolation --no-deps --editable .
	@touch $@
