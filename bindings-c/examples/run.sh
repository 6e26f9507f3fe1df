#!/bin/sh
# Builds the example in C, and in COBOL where GnuCOBOL is installed, against an installed library, and runs them.
# usage: run.sh <folder of cargo's output> <scratch folder> MODEL.json DATA.csv AS_OF
set -eu
built=$1 scratch=$2
shift 2
here=$(cd "$(dirname "$0")" && pwd)
mkdir -p "$scratch"
prefix=$(cd "$scratch" && pwd)/prefix
"$here/../install.sh" "$built" "$prefix" >/dev/null
rpath=-Wl,-rpath,$prefix/lib

${CC:-cc} -std=c11 -O2 -I"$prefix/include" "$here/south_german.c" -o "$scratch/demo-c" -L"$prefix/lib" -lscoreline -lm "$rpath"
"$scratch/demo-c" "$@"

if command -v cobc >/dev/null; then
    # GnuCOBOL 3.2 refuses tabs in text files unless told otherwise.
    export COB_LS_VALIDATE=false
    cobc -x -free -I "$prefix/share/scoreline/cobol" -o "$scratch/demo-cobol" "$here/south_german.cob" "$here/canonical.cob" \
        -L"$prefix/lib" -lscoreline -Q "$rpath"
    "$scratch/demo-cobol" "$@"
else
    echo "COBOL is left out: GnuCOBOL (cobc) is not here" >&2
fi
