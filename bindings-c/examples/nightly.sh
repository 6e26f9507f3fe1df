#!/bin/sh
# A book of accounts in packed decimals, reviewed in COBOL and in Python: control totals and hash must be the same.
# usage: nightly.sh <folder of cargo's output> <scratch folder> <python with scoreline> <number of accounts>
set -eu
built=$1 scratch=$2 python=$3 accounts=$4
here=$(cd "$(dirname "$0")" && pwd)
mkdir -p "$scratch"
scratch=$(cd "$scratch" && pwd) prefix=$scratch/prefix
"$here/../install.sh" "$built" "$prefix"
cd "$here/../.."
model=tests/artefacts/v1/nightly.json day=2026-11-21 book=$scratch/nightly-book

${CC:-cc} -std=c11 -O2 "$here/nightly_data.c" -o "$scratch/nightly_data"
cobc -x -free -Wall -I "$prefix/share/scoreline/cobol" -o "$scratch/nightly-cobol" "$here/nightly.cob" -L"$prefix/lib" -lscoreline -Q "-Wl,-rpath,$prefix/lib"
rm -f "$book" "$book".*

# Runs a step and says how long it took.
step() {
    what=$1 began=$(date +%s)
    shift
    "$@"
    echo "$what: $(($(date +%s) - began)) s"
}
step "$accounts accounts made" "$scratch/nightly_data" "$accounts" "$book"
review() { "$scratch/nightly-cobol" "$model" "$book" "$book.out" $day -1 >"$book.totals" 2>"$book.log"; }
step 'reviewed in COBOL' review || { cat "$book.log" >&2; exit 1; }
step 'reviewed in Python and compared' "$python" bindings-python/examples/nightly.py "$model" "$book" $day "$book.totals"
