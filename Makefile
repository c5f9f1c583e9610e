# The usual commands. `make demo` and `make test` install missing system libraries themselves.

SWIFT ?= swift
DEMO_FLAGS ?=
BENCH_FLAGS ?=

.PHONY: help demo test examples bench docs api format lint sanitize soak fuzz embedder dependencies

help:
	@echo "make demo      run the Quickstart on a few hundred questions (simulated vendors unless a key is set)"
	@echo "make test      run the tests"
	@echo "make examples  test the examples that are packages of their own: the server, the integrations"
	@echo "make bench     measure the gateway against bare libcurl"
	@echo "make docs      build the documentation, warnings as errors"
	@echo "make api       name what changed in the public API since the last release, and fail on what the CHANGELOG does not tell"
	@echo "make format    format the sources; make lint only checks, the floors and the guides' examples too"
	@echo "make sanitize  run the tests under the thread and the address sanitizer"
	@echo "make soak      run the slow tests"
	@echo "make embedder  fetch the embedding model that tests and benchmarks use (90 MB)"
	@echo "make fuzz      fuzz the parsers for a minute each"

demo: dependencies
	$(SWIFT) run -c release Quickstart $(DEMO_FLAGS)

test: dependencies
	$(SWIFT) test

examples: dependencies
	Scripts/test-examples

bench: dependencies
	Scripts/bench $(BENCH_FLAGS)

docs: dependencies
	Scripts/build-docs

api: docs
	python3 Tests/Scripts/test_check_api.py
	Scripts/check-api

format:
	$(SWIFT) format --in-place --parallel --recursive Package.swift Sources Tests Examples

lint:
	$(SWIFT) format lint --strict --parallel --recursive Package.swift Sources Tests Examples
	Scripts/check-layers
	Scripts/check-guides

sanitize: dependencies
	$(SWIFT) test --sanitize=thread -Xswiftc -DSANITIZE_THREAD --scratch-path .build-thread
	LSAN_OPTIONS=suppressions=$(CURDIR)/Scripts/leaks.supp $(SWIFT) test --sanitize=address --scratch-path .build-address

soak: dependencies
	LLMKIT_SOAK=1 $(SWIFT) test --filter "[Ss]oak|Adaptive|Calibration|WordPiece|MiniLM|HashedNGram"

fuzz: dependencies
	Scripts/fuzz

embedder:
	Scripts/fetch-embedder

dependencies:
	@Scripts/install-system-libraries
