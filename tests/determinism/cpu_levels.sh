#!/usr/bin/env bash
# Same bits on two CPU levels: builds the example for the oldest 64-bit Intel and for x86-64-v3 (AVX2, FMA), fits
# South German Credit with both, decides and prices with both, and compares what they print.
#
#   cpu_levels.sh PROFILE TARGET_FOLDER
set -euo pipefail
cd "$(dirname "$0")/../.."
profile=$1 target=$2

if [ "$(uname -m)" != x86_64 ]; then
	echo "CPU levels: left out, this machine is $(uname -m) and not x86_64"
	exit 0
fi
if [ -r /proc/cpuinfo ]; then
	for flag in avx avx2 bmi1 bmi2 f16c fma movbe; do
		if ! grep -qw "$flag" /proc/cpuinfo; then
			echo "CPU levels: left out, this CPU does not reach x86-64-v3 ($flag is missing)"
			exit 0
		fi
	done
fi

# The ordinary build is for x86-64, the oldest level; only the other one needs a folder of its own.
unset RUSTFLAGS CARGO_ENCODED_RUSTFLAGS
old=$target new=$target/cpu-x86-64-v3
CARGO_TARGET_DIR=$old cargo build -q --profile "$profile" -p scoreline --example south_german --example prices
RUSTFLAGS='-C target-cpu=x86-64-v3' CARGO_TARGET_DIR=$new cargo build -q --profile "$profile" -p scoreline --example south_german --example prices

data=tests/data/south_german_credit
run() { # FOLDER [EMULATOR …]
	local program=$1/$profile/examples/south_german prices=$1/$profile/examples/prices
	shift
	"$@" "$program" fit $data.config.json $data.csv "$new/model.json"
	sha256sum <"$new/model.json"
	"$@" "$program" decide tests/artefacts/v1/south_german_credit.json $data.csv 2026-11-21
	"$@" "$prices"
}
run "$old" >"$new/x86-64.txt"
run "$new" >"$new/x86-64-v3.txt"
if ! diff "$new/x86-64.txt" "$new/x86-64-v3.txt"; then
	echo 'CPU levels: x86-64 and x86-64-v3 differ' >&2
	exit 1
fi
# Libraries may also choose by the CPU they find: an emulated one without AVX and FMA must not make a difference.
if command -v qemu-x86_64 >/dev/null; then
	run "$old" qemu-x86_64 -cpu Nehalem >"$new/nehalem.txt"
	if ! diff "$new/x86-64.txt" "$new/nehalem.txt"; then
		echo 'CPU levels: a CPU without AVX and FMA decides differently' >&2
		exit 1
	fi
	echo 'CPU levels: an emulated CPU without AVX and FMA fits, decides and prices the same bits'
fi
# The second build must really use what the first may not.
if command -v objdump >/dev/null && [ "$(objdump -d "$new/$profile/examples/south_german" | grep -c ymm)" -lt 100 ]; then
	echo 'CPU levels: the build for x86-64-v3 does not use its registers' >&2
	exit 1
fi
echo 'CPU levels: x86-64 and x86-64-v3 fit, decide and price the same bits'
cat "$new/x86-64.txt"
