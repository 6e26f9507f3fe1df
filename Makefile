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

.PHONY: help demo test bench build python node need-rust need-python need-node test-rust test-python test-node test-c \
	test-cobol test-wheel test-cpu header types wheel install-c lint clean

help:
	@echo 'make demo       what the library does, in every language'
	@echo 'make test       every test; parts: test-rust test-python test-node test-c test-cobol'
	@echo 'make bench      the benchmarks'
	@echo 'make lint       format, clippy, mypy'
	@echo 'make header     bindings-c/include/scoreline.h from the sources'
	@echo 'make types      bindings-node/index.d.ts and index.js from the sources'
	@echo 'make wheel      a Python wheel in dist/; make test-wheel tries one in an empty environment'
	@echo 'make test-cpu   fits and decides with builds for two CPU levels and compares the bits'
	@echo 'make install-c  the C library, PREFIX=/usr/local'

demo: python node need-rust
	@echo "scoreline $$($(VPY) -c 'import scoreline; print(scoreline.version())') in Python"
	echo "scoreline $$(node -p 'require("./bindings-node").version()') in Node"

test: test-rust test-python test-node test-c test-cobol

bench: need-rust
	cargo bench

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
test-cobol: build
	@if ! command -v cobc >/dev/null && command -v apt-get >/dev/null && $(SUDO) true 2>/dev/null; then
		$(SUDO) apt-get update -q && $(SUDO) apt-get install -qy --no-install-recommends gnucobol3 libcob4-dev || true
	fi
	if command -v cobc >/dev/null; then
		bindings-c/tests/cobol.sh '$(BUILT)' '$(TARGET)/c'
	else
		echo 'COBOL is left out: GnuCOBOL (cobc) is not here and could not be installed. Rust, Python, Node and C stand.'
	fi

test-wheel: need-rust $(VENV)/.ready
	rm -rf '$(TARGET)/wheel'
	'$(VENV)/bin/maturin' build -q -m bindings-python/Cargo.toml --profile $(PROFILE) --out '$(TARGET)/wheel'
	$(PYTHON) -m venv '$(TARGET)/wheel/env'
	'$(TARGET)/wheel/env/bin/python' -m pip install -q --no-index --no-deps '$(TARGET)'/wheel/*.whl
	cd '$(TARGET)/wheel'
	env/bin/python -c 'import scoreline; print("the wheel of scoreline", scoreline.version(), "works")'

# Two builds of the core in folders of their own: slow the first time.
test-cpu: need-rust
	@tests/determinism/cpu_levels.sh '$(PROFILE)' '$(TARGET)'

lint: need-rust $(VENV)/.ready
	cargo fmt --all --check
	cargo clippy --profile $(PROFILE) --all-targets -- -D warnings
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
