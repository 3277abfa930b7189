# Everything a developer or operator types. `make` alone lists it.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.PHONY: help run test bench bench-documents release contact-sheet fmt lint settings env clean-data setup-run setup-test suite

help: ## list these commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: setup-run ## set up, build, and open a demo county on http://127.0.0.1:8080 (data in ./data)
	cargo build --locked
	GONGKAI_LOG_FORMAT=$${GONGKAI_LOG_FORMAT:-text} cargo run --locked --quiet -- serve --demo

test: setup-test lint suite ## set up, check format, lints and docs, run the whole suite on both databases

suite: export GONGKAI_TEST_POSTGRES = require
suite: export GONGKAI_TEST_OFFICE = require
suite: # each test of the store and of the server runs on SQLite and on PostgreSQL by itself
	@if cargo nextest --version >/dev/null 2>&1; then set -x; cargo nextest run --locked; \
	else set -x; cargo test --locked; fi

bench: setup-test ## measure; the figures belong in docs/performance.md
	scripts/bench.sh

bench-documents: ## measure our documents against docxtpl with LibreOffice and WeasyPrint
	scripts/bench-documents.sh

release: setup-run ## build the optimised program (target/release/gongkai)
	cargo build --locked --release

contact-sheet: setup-run ## draw every document small, into docs/contact-sheet-*.png
	rm -f docs/contact-sheet-*.png
	cargo run --locked --quiet -- specimens --to docs --contact-sheet

fmt: ## format the code
	cargo fmt

lint: ## check format, lints and docs
	cargo fmt --check
	cargo clippy --locked --all-targets -- -D warnings
	RUSTDOCFLAGS="-D warnings" cargo doc --locked --no-deps --document-private-items

settings: ## write docs/settings.md anew from the settings table
	cargo run --locked --quiet -- config list --markdown > docs/settings.md.new
	mv docs/settings.md.new docs/settings.md

env: ## make .env for docker compose, with fresh random passwords
	@scripts/env.sh

clean-data: ## delete ./data (the demo county and everything filed in it)
	rm -rf data

setup-run:
	@scripts/setup.sh run

setup-test:
	@scripts/setup.sh test
