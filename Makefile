# make demo · make test · make bench: each sets up what it needs, and is quick the second time.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.ONESHELL:
MAKEFLAGS += --no-print-directory

# One profile and one folder for everything, so that Rust, Python, Node and C share what is compiled.
PROFILE ?= quick
TARGET := $(or $(CARGO_TARGET_DIR),$(CURDIR)/target)
BUILT := $(TARGET)/$(PROFILE)
PYTHON ?= python3
VENV := $(CURDIR)/.venv
VPY := $(VENV)/bin/python
NODE_READY := bindings-node/node_modules/.package-lock.json
SUDO := $(shell [ "$$(id -u)" = 0 ] || echo sudo -n)

# Where the Node add-on's compiler leaves its type definitions.
export NAPI_TYPE_DEF_TMP_FOLDER := $(TARGET)/types

.PHONY: help demo nightly test bench build python node cobol need-rust need-python need-node test-rust test-python test-node test-c \
	test-cobol test-wheel test-cpu header types wheel install-c lint clean bench-peers

help:
	@echo 'make demo       what the library does, in every language'
	@echo 'make nightly    a book of ACCOUNTS=1000000 in packed decimals, re-tiered in COBOL and in Python: the same totals and hash'
	@echo 'make test       every test; parts: test-rust test-python test-node test-c test-cobol'
	@echo 'make bench      the benchmarks'
	@echo 'make bench-peers  the same work done by other libraries: see benches/peers/README.md'
	@echo 'make lint       format, clippy, mypy'
	@echo 'make header     bindings-c/include/scoreline.h from the sources'
	@echo 'make types      bindings-node/index.d.ts and index.js from the sources'
	@echo 'make wheel      a Python wheel in dist/; make test-wheel tries one in an empty environment'
	@echo 'make test-cpu   fits and decides with builds for two CPU levels and compares the bits'
	@echo 'make install-c  the C library, PREFIX=/usr/local'

# One pipeline, fitted in Rust and in Python, then run by five languages: every hash must be the same.
DEMO := $(TARGET)/demo
DATA := tests/data/south_german_credit
AS_OF := 2026-11-21

demo: python node cobol
	@mkdir -p '$(DEMO)'
	$(VPY) bindings-python/examples/south_german.py fit $(DATA).config.json $(DATA).csv '$(DEMO)/model.json'
	echo; echo 'The same file in every language: 1,000 decisions, one by one and in one batch'
	cargo run -q --profile $(PROFILE) --example south_german -- fit $(DATA).config.json $(DATA).csv '$(DEMO)/rust.json' | tee '$(DEMO)/rust.txt'
	cmp '$(DEMO)/model.json' '$(DEMO)/rust.json'
	{
		cargo run -q --profile $(PROFILE) --example south_german -- decide '$(DEMO)/model.json' $(DATA).csv $(AS_OF)
		$(VPY) bindings-python/examples/south_german.py decide '$(DEMO)/model.json' $(DATA).csv $(AS_OF)
		node bindings-node/examples/south_german.mjs '$(DEMO)/model.json' $(DATA).csv $(AS_OF)
		bindings-c/examples/run.sh '$(BUILT)' '$(TARGET)/c' '$(DEMO)/model.json' $(DATA).csv $(AS_OF)
	} | tee '$(DEMO)/hashes.txt'
	[ "$$(awk '{print $$3}' '$(DEMO)/hashes.txt' | sort -u | wc -l)" = 1 ] || { echo 'The decisions differ' >&2; exit 1; }
	echo "All $$(wc -l <'$(DEMO)/hashes.txt') are equal."

# A book as a mainframe keeps it, re-tiered in COBOL and in Python.
ACCOUNTS ?= 1000000

nightly: python cobol
	@if command -v cobc >/dev/null; then bindings-c/examples/nightly.sh '$(BUILT)' '$(TARGET)/c' '$(VPY)' $(ACCOUNTS); fi

test: test-rust test-python test-node test-c test-cobol

# What ships is measured: the release profile.
bench: PROFILE := release
bench: need-rust $(VENV)/.ready
	export PYTHONPATH='$(TARGET)/bench/python'
	mkdir -p '$(NAPI_TYPE_DEF_TMP_FOLDER)' '$(TARGET)/bench/python'
	rm -f '$(TARGET)'/bench/*.json
	cargo build --release --workspace --exclude scoreline-header --exclude scoreline-tests
	cargo bench -p scoreline-benches --bench core
	'$(TARGET)/release/prepare' '$(TARGET)/bench'
	for kind in score decide; do '$(TARGET)/release/memory' $$kind; done >'$(TARGET)/bench/memory.rows.json'
	bindings-c/install.sh '$(TARGET)/release' '$(TARGET)/bench/c' >/dev/null
	$${CC:-cc} -O2 -I'$(TARGET)/bench/c/include' benches/calls/call.c -o '$(TARGET)/bench/call' -L'$(TARGET)/bench/c/lib' -lscoreline -Wl,-rpath,'$(TARGET)/bench/c/lib'
	'$(TARGET)/bench/call' '$(TARGET)/bench' >'$(TARGET)/bench/c.calls.json'
	cp -r bindings-python/python/scoreline '$(TARGET)/bench/python/'
	cp '$(TARGET)/release/lib_scoreline.so' '$(TARGET)/bench/python/scoreline/_scoreline.abi3.so'
	$(VPY) benches/calls/call.py '$(TARGET)/bench' >'$(TARGET)/bench/python.calls.json'
	node bindings-node/scripts/place.mjs '$(TARGET)/release'
	node benches/calls/call.mjs '$(TARGET)/bench' >'$(TARGET)/bench/node.calls.json'
	'$(TARGET)/release/summary' '$(TARGET)/criterion' '$(TARGET)/bench'

# The peers live in environments of their own. PEERS names the families to run, SCORELINE_DATA the real data sets.
PEERS ?= one_column capacity sixty scoring logistic windows retier lifetime capital accuracy
PEERS_READY := benches/peers/.venv/.ready benches/peers/.venv-scorecardpy/.ready

bench-peers: need-rust $(PEERS_READY)
	mkdir -p '$(NAPI_TYPE_DEF_TMP_FOLDER)' '$(TARGET)/bench/python'
	cargo build --release -p scoreline-python -p scoreline-benches --bins --lib
	cp -r bindings-python/python/scoreline '$(TARGET)/bench/python/'
	cp '$(TARGET)/release/lib_scoreline.so' '$(TARGET)/bench/python/scoreline/_scoreline.abi3.so'
	export PYTHONPATH='$(TARGET)/bench/python'
	for family in $(PEERS); do
		program=
		if [ $$family = logistic ]; then program='$(TARGET)/release/peers_logistic'; fi
		nice benches/peers/.venv/bin/python benches/peers/$$family.py $$program
	done
	benches/peers/.venv/bin/python benches/peers/table.py

benches/peers/.venv/.ready: benches/peers/requirements.txt
benches/peers/.venv-scorecardpy/.ready: benches/peers/requirements-scorecardpy.txt
$(PEERS_READY): | $(VENV)/.ready
	'$(VENV)/bin/uv' venv -q --clear --python $(PYTHON) '$(@D)'
	'$(VENV)/bin/uv' pip install -q --python '$(@D)/bin/python' -r $<
	touch $@

# --- building --------------------------------------------------------------------------------------------------------

need-rust:
	@command -v cargo >/dev/null || { echo 'Rust 1.88 or newer is needed: see rustup.rs' >&2; exit 1; }
	command -v "$${CC:-cc}" >/dev/null || { echo 'A C compiler is needed: apt-get install build-essential' >&2; exit 1; }

need-python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || {
		echo 'Python 3.11 or newer is needed: apt-get install python3 python3-venv, or make PYTHON=/path/to/python3' >&2
		exit 1
	}

need-node:
	@{ node -e 'process.exit(Number(process.versions.node.split(".")[0] < 20))' && command -v npm; } >/dev/null 2>&1 || {
		echo 'Node 20 or newer with npm is needed: see nodejs.org' >&2
		exit 1
	}

build: need-rust
	mkdir -p '$(NAPI_TYPE_DEF_TMP_FOLDER)'
	cargo build --profile $(PROFILE)

$(VENV)/.ready: bindings-python/requirements-dev.txt | need-python
	if ! $(PYTHON) -m venv '$(VENV)'; then
		echo 'This Python cannot make an environment; trying to install python3-venv'
		command -v apt-get >/dev/null && $(SUDO) apt-get update -q && $(SUDO) apt-get install -qy python3-venv
		$(PYTHON) -m venv --clear '$(VENV)'
	fi
	$(VPY) -m pip install -q --disable-pip-version-check uv==0.13.9 || true
	'$(VENV)/bin/uv' pip install -q --python $(VPY) -r $< || $(VPY) -m pip install -q -r $<
	$(VPY) -c 'import pathlib, sysconfig; pathlib.Path(sysconfig.get_path("purelib"), "scoreline.pth").write_text("$(CURDIR)/bindings-python/python\n")'
	touch $@

# The module where Python looks for it: the sources' folder is on the environment's path.
python: build $(VENV)/.ready
	@for library in '$(BUILT)/lib_scoreline.so' '$(BUILT)/lib_scoreline.dylib'; do
		place=bindings-python/python/scoreline/_scoreline.abi3.so
		if [ -e "$$library" ] && ! cmp -s "$$library" "$$place"; then rm -f "$$place"; cp "$$library" "$$place"; fi
	done

$(NODE_READY): bindings-node/package.json bindings-node/package-lock.json | need-node
	npm ci --prefix bindings-node --no-audit --no-fund --loglevel=error
	touch $@

node: build need-node
	@node bindings-node/scripts/place.mjs '$(BUILT)'

# --- testing ---------------------------------------------------------------------------------------------------------

test-rust: build
	cargo test --profile $(PROFILE)

test-python: python
	cd bindings-python
	$(VPY) -m pytest
	$(VPY) -m mypy.stubtest scoreline._scoreline --mypy-config-file pyproject.toml

test-node: node $(NODE_READY)
	node bindings-node/scripts/types.mjs '$(NAPI_TYPE_DEF_TMP_FOLDER)' --check
	npm test --prefix bindings-node

test-c: build
	cargo run -q --profile $(PROFILE) -p scoreline-header -- --check
	bindings-c/tests/run.sh '$(BUILT)' '$(TARGET)/c'

# COBOL is the one language that a machine without apt may lack: it is then left out, and said so.
cobol:
	@if ! command -v cobc >/dev/null && command -v apt-get >/dev/null && $(SUDO) true 2>/dev/null; then
		{ $(SUDO) apt-get update -q && $(SUDO) apt-get install -qy --no-install-recommends gnucobol3 libcob4-dev; } >/dev/null || true
	fi
	command -v cobc >/dev/null || echo 'COBOL is left out: GnuCOBOL (cobc) is not here and could not be installed. Rust, Python, Node and C stand.'

test-cobol: python cobol
	@if command -v cobc >/dev/null; then bindings-c/tests/cobol.sh '$(BUILT)' '$(TARGET)/c' '$(VPY)'; fi

test-wheel: need-rust $(VENV)/.ready
	rm -rf '$(TARGET)/wheel'
	'$(VENV)/bin/maturin' build -q -m bindings-python/Cargo.toml --profile $(PROFILE) --out '$(TARGET)/wheel'
	$(PYTHON) -m venv '$(TARGET)/wheel/env'
	'$(TARGET)/wheel/env/bin/python' -m pip install -q --no-index --no-deps '$(TARGET)'/wheel/*.whl
	cd '$(TARGET)/wheel'
	env/bin/python -c 'import scoreline; print("the wheel of scoreline", scoreline.version(), "works")'

# One more build of the core, in a folder of its own: slow the first time.
test-cpu: need-rust
	@tests/determinism/cpu_levels.sh '$(PROFILE)' '$(TARGET)'

lint: need-rust $(VENV)/.ready
	cargo fmt --all --check
	cargo clippy --profile $(PROFILE) --all-targets -- -D warnings
	RUSTDOCFLAGS='-D warnings' cargo doc -q --profile $(PROFILE) --no-deps -p scoreline
	cd bindings-python && $(VPY) -m mypy

# --- what is generated or packed ----------------------------------------------------------------------------------------

header: need-rust
	cargo run -q --profile $(PROFILE) -p scoreline-header

types: node $(NODE_READY)
	node bindings-node/scripts/types.mjs '$(NAPI_TYPE_DEF_TMP_FOLDER)'

wheel: need-rust $(VENV)/.ready
	'$(VENV)/bin/maturin' build -m bindings-python/Cargo.toml --release --out dist

install-c: need-rust
	cargo build --release -p scoreline-c
	bindings-c/install.sh '$(TARGET)/release' '$(or $(PREFIX),/usr/local)'

clean:
	cargo clean
	rm -rf '$(VENV)' dist bindings-node/node_modules bindings-node/*.node bindings-python/python/scoreline/*.so
