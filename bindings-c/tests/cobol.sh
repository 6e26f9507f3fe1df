#!/bin/sh
# Compiles and runs the COBOL programs against the library. usage: cobol.sh <folder of cargo's output> <scratch folder>
set -eu
built=$1 scratch=$2
here=$(cd "$(dirname "$0")" && pwd)
mkdir -p "$scratch"
scratch=$(cd "$scratch" && pwd) prefix=$scratch/prefix
"$here/../install.sh" "$built" "$prefix"

for source in "$here"/*.cob; do
    name=$(basename "$source" .cob)
    cobc -x -free -Wall -I "$here/../include" -o "$scratch/$name-cobol" "$source" -L"$prefix/lib" -lscoreline -Q "-Wl,-rpath,$prefix/lib"
    "$scratch/$name-cobol"
done
