# Everything a person does with the project, by name. `make` alone lists it.
.DEFAULT_GOAL := help
SHELL := /bin/sh
BIN := .venv/bin

help: ## this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

setup: ## prepare .venv (takes seconds when nothing changed)
	@scripts/setup

run: setup ## start the whole platform on this machine; Ctrl-C stops it
	@$(BIN)/constancia run

demo: setup ## one certificate from request to verification, without a browser
	@$(BIN)/constancia demo --out build/demo

test: setup ## all tests
	$(BIN)/pytest -n auto --dist worksteal

browser: setup ## the tests of the site in Chromium alone; leaves build/pages
	$(BIN)/pytest -n auto --dist worksteal tests/browser
	@echo "pictures of the pages: build/pages"

fuzz: setup ## the fuzzers TIMES (20) as long as CI lets them, at other cases each time
	CONSTANCIA_FUZZ=$(or $(TIMES),20) $(BIN)/pytest -n auto --dist worksteal -o timeout=0 tests/fuzz

lint: setup ## lint, format, types and architecture
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports

check: lint ## lint and the fast tests
	$(BIN)/pytest -n auto -m "not slow and not e2e"

bench: setup ## compare speed and size with ReportLab, Typst and WeasyPrint; writes build/bench.json
	@scripts/bench

load: setup ## drive the local platform with locust, 1 request to 20 verifications; writes build/load.json
	@scripts/load

format: setup ## format the code
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

openapi: setup ## write docs/openapi.json from the code
	$(BIN)/python -m infra.openapi

messages: setup ## gather the pages' texts, update and compile the message catalogues
	$(BIN)/python -m infra.messages

sam-validate: setup ## judge the templates with SAM, cfn-lint and checkov (offline)
	@scripts/sam validate --lint
	@scripts/lint-templates

lint-workflows: setup ## judge the workflows (offline)
	@scripts/lint-workflows

build: ## build functions and layers for `sam deploy`
	@scripts/build

deploy: setup ## build, deploy STAGE (dev, staging, prod), try it, put back what stood where it does not work
	@scripts/deploy $(STAGE)

deploy-check: setup ## build, deploy to an AWS on this machine, issue, update, roll back; no Docker, no account
	@scripts/deploy-check

judges: ## install the outside judges of the tests (apt, as root); tests skip those that are missing
	@scripts/judges

pictures: setup ## write the reference pictures of tests/data/pictures anew
	$(BIN)/python -m tests.judges.pictures

lock: ## compile the pinned requirements anew
	@scripts/lock

.PHONY: help setup run demo test browser fuzz lint check bench load format openapi messages sam-validate lint-workflows build deploy deploy-check judges pictures lock
