#!/bin/sh
# Compiles and runs the COBOL programs against the library.
# usage: cobol.sh <folder of cargo's output> <scratch folder> <python with scoreline>
set -eu
built=$1 scratch=$2 python=$3
here=$(cd "$(dirname "$0")" && pwd)
mkdir -p "$scratch"
scratch=$(cd "$scratch" && pwd) prefix=$scratch/prefix
"$here/../install.sh" "$built" "$prefix"
examples=$here/../examples

# GnuCOBOL 3.2 refuses tabs in text files unless told otherwise.
export COB_LS_VALIDATE=false
compile() {
    program=$1
    shift
    cobc -x -free -Wall -I "$prefix/share/scoreline/cobol" -o "$scratch/$program" "$@" -L"$prefix/lib" -lscoreline -Q "-Wl,-rpath,$prefix/lib"
}

# Tests read models and vectors by their paths from the root of the repository.
cd "$here/../.."
for source in "$here"/*.cob; do
    name=$(basename "$source" .cob)
    compile "$name-cobol" "$source" "$examples/canonical.cob"
    "$scratch/$name-cobol"
done

model=tests/artefacts/v1/south_german_credit.json data=tests/data/south_german_credit.csv day=2026-11-21
compile south_german-cobol "$examples/south_german.cob" "$examples/canonical.cob"
"$scratch/south_german-cobol" $model $data $day >"$scratch/south_german-cobol.txt"
${CC:-cc} -std=c11 -I"$prefix/include" "$examples/south_german.c" -o "$scratch/south_german" -L"$prefix/lib" -lscoreline -lm -Wl,-rpath,"$prefix/lib"
"$scratch/south_german" $model $data $day | sed 's/^c    /cobol/' | diff - "$scratch/south_german-cobol.txt" || {
    echo "FAILED: COBOL and C decide differently" >&2
    exit 1
}
echo "ok: example, the same hashes as in C"

# The book of the C program: the same bytes in one go and when stopped in between, and the same totals.
model=tests/artefacts/v1/nightly.json book=$scratch/cobol-book
${CC:-cc} -std=c11 "$examples/nightly_data.c" -o "$scratch/nightly_data"
${CC:-cc} -std=c11 -I"$prefix/include" "$examples/nightly.c" -o "$scratch/nightly" -L"$prefix/lib" -lscoreline -lm "-Wl,-rpath,$prefix/lib"
compile nightly-cobol "$examples/nightly.cob"
rm -f "$book".*
"$scratch/nightly_data" 120000 "$book"
refuse() { echo "FAILED: nightly, $1" >&2; exit 1; }
"$scratch/nightly" "$model" "$book" "$book.c" $day -1 >"$book.c.txt" 2>>"$book.log"
"$scratch/nightly-cobol" "$model" "$book" "$book.parts" $day 500 - 1 >"$book.parts.txt" 2>>"$book.log" && refuse stopped
"$scratch/nightly-cobol" "$model" "$book" "$book.parts" $day 500 >"$book.parts.txt" 2>>"$book.log" && refuse breaker
[ ! -e "$book.parts" ] || refuse "written in spite of the breaker"
"$scratch/nightly-cobol" "$model" "$book" "$book.parts" $day 500 "J. Doe" >"$book.parts.txt" 2>>"$book.log"
"$scratch/nightly-cobol" "$model" "$book" "$book.whole" $day -1 >"$book.whole.txt" 2>>"$book.log"
for way in parts whole; do
    cmp "$book.c" "$book.$way" && diff "$book.c.txt" "$book.$way.txt" || refuse "$way differs from C"
done
echo "ok: nightly, restart, breaker, the same as in C"

# Python reads the same records by itself and comes to the same; totals that are not those of the book are told from them.
compared=$scratch/nightly-compared.txt
"$examples/nightly.sh" "$built" "$scratch" "$python" 10000 >"$compared" 2>&1 || { cat "$compared" >&2; refuse "Python differs from COBOL"; }
sed 's/^\(forced .*\)[0-9]$/\1x/' "$scratch/nightly-book.totals" >"$scratch/nightly-wrong.totals"
"$python" bindings-python/examples/nightly.py "$model" "$scratch/nightly-book" $day "$scratch/nightly-wrong.totals" >"$compared" 2>&1 && refuse "a wrong total passed"
grep -q 'differ in: forced$' "$compared" || refuse "another total than the wrong one differs"
echo "ok: nightly, the same totals and hash in Python"
