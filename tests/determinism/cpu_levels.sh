#!/usr/bin/env bash
# Same bits on two CPU levels: builds the example for the oldest 64-bit Intel and for x86-64-v3 (AVX2, FMA), fits
# South German Credit with both, decides with both, and compares what they print.
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

data=tests/data/south_german_credit
for level in x86-64 x86-64-v3; do
	folder=$target/cpu-$level
	RUSTFLAGS="-C target-cpu=$level" CARGO_TARGET_DIR=$folder cargo build -q --profile "$profile" -p scoreline --example south_german
	{
		"$folder/$profile/examples/south_german" fit $data.config.json $data.csv "$folder/model.json"
		"$folder/$profile/examples/south_german" decide tests/artefacts/v1/south_german_credit.json $data.csv 2026-11-21
	} >"$folder/hashes"
done
if ! diff "$target/cpu-x86-64/hashes" "$target/cpu-x86-64-v3/hashes" || ! cmp "$target/cpu-x86-64/model.json" "$target/cpu-x86-64-v3/model.json"; then
	echo 'CPU levels: x86-64 and x86-64-v3 differ' >&2
	exit 1
fi
# The second build must really use what the first may not.
if command -v objdump >/dev/null && [ "$(objdump -d "$target/cpu-x86-64-v3/$profile/examples/south_german" | grep -c ymm)" -lt 100 ]; then
	echo 'CPU levels: the build for x86-64-v3 does not use its registers' >&2
	exit 1
fi
echo 'CPU levels: x86-64 and x86-64-v3 fit and decide the same bits'
cat "$target/cpu-x86-64/hashes"
