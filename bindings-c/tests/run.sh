#!/bin/sh
# Installs the library into a scratch prefix and tests it there as users meet it: symbols, soname, shared and static
# linking, C and C++. usage: run.sh <folder of cargo's output> <scratch folder>
set -eu
built=$1 scratch=$2
here=$(cd "$(dirname "$0")" && pwd)
mkdir -p "$scratch"
scratch=$(cd "$scratch" && pwd) prefix=$scratch/prefix
"$here/../install.sh" "$built" "$prefix"

cc=${CC:-cc}
warnings="-std=c11 -Wall -Wextra -Werror -pedantic"
export PKG_CONFIG_PATH="$prefix/lib/pkgconfig"
if command -v pkg-config >/dev/null; then
    cflags=$(pkg-config --cflags scoreline) libs=$(pkg-config --libs scoreline)
    system=$(pkg-config --static --libs-only-l scoreline | sed 's/-lscoreline//')
else
    cflags=-I$prefix/include libs="-L$prefix/lib -lscoreline" system=$(sed -n 's/^Libs.private: //p' "$prefix/lib/pkgconfig/scoreline.pc")
fi

passed=0
ok() { passed=$((passed + 1)); echo "ok: $1"; }
fail() { echo "FAILED: $1" >&2; echo "$passed passed, 1 failed"; exit 1; }

if [ "$(uname)" = Linux ]; then
    nm -D --defined-only "$prefix/lib/libscoreline.so" | awk '$2 == "T" {print $3}' | sed 's/@.*//' | sort >"$scratch/symbols.txt"
    diff -u "$here/../abi/symbols.txt" "$scratch/symbols.txt" || fail "the exported symbols are not those of abi/symbols.txt (symbols are only added)"
    ok "exported symbols"
    readelf -d "$prefix/lib/libscoreline.so" | grep -q 'soname: \[libscoreline.so.0\]' || fail "soname"
    ok "soname"
fi

# Tests read models and vectors by their paths from the root of the repository.
cd "$here/../.."
for source in "$here"/*.c; do
    name=$(basename "$source" .c)
    # shellcheck disable=SC2086
    $cc $warnings $cflags "$source" -o "$scratch/$name" $libs -lm -lpthread -Wl,-rpath,"$prefix/lib"
    "$scratch/$name" || fail "$name, shared"
    ok "$name, shared"
    # shellcheck disable=SC2086
    $cc $warnings $cflags "$source" "$prefix/lib/libscoreline.a" $system -o "$scratch/$name-static"
    "$scratch/$name-static" || fail "$name, static"
    ok "$name, static"
done

model=tests/artefacts/v1/south_german_credit.json data=tests/data/south_german_credit.csv day=2026-11-21
# shellcheck disable=SC2086
$cc $warnings $cflags "$here/../examples/south_german.c" -o "$scratch/south_german" $libs -lm -Wl,-rpath,"$prefix/lib"
"$scratch/south_german" $model $data $day >"$scratch/south_german.txt" || fail "example"
cargo run -q --profile "$(basename "$built")" --target-dir "$(dirname "$built")" -p scoreline --example south_german -- decide $model $data $day |
    sed 's/^rust/c   /' | diff - "$scratch/south_german.txt" || fail "C and Rust decide differently"
ok "example, the same hashes as in Rust"

# A book in one go, and stopped in between, comes to the same; too many moves stop it.
# shellcheck disable=SC2086
$cc $warnings $cflags "$here/../examples/nightly_data.c" -o "$scratch/nightly_data"
# shellcheck disable=SC2086
$cc $warnings $cflags "$here/../examples/nightly.c" -o "$scratch/nightly" $libs -lm -Wl,-rpath,"$prefix/lib"
book=$scratch/book
rm -f "$book".*
"$scratch/nightly_data" 120000 "$book"
nightly() { "$scratch/nightly" tests/artefacts/v1/nightly.json "$book" "$@" 2>>"$book.log"; }
nightly "$book.whole" $day 500 && fail "nightly, breaker"
[ ! -e "$book.whole" ] || fail "nightly, written in spite of the breaker"
nightly "$book.whole" $day 500 "J. Doe" >"$book.whole.txt" || fail "nightly"
nightly "$book.parts" $day -1 - 1 >"$book.parts.txt" && fail "nightly, stopped"
nightly "$book.parts" $day -1 >"$book.parts.txt" || fail "nightly, taken up"
cmp "$book.whole" "$book.parts" && diff "$book.whole.txt" "$book.parts.txt" || fail "nightly, the same when taken up"
ok "nightly, restart and breaker"

if command -v valgrind >/dev/null; then
    # With a backtrace Rust keeps 32 MB of symbols, and misuse reads memory that was given back.
    export RUST_BACKTRACE=0
    for name in errors conformance reviews events bad review calculate; do
        valgrind -q --leak-check=full --show-leak-kinds=all --errors-for-leak-kinds=all --error-exitcode=9 "$scratch/$name" >"$scratch/valgrind.txt" 2>&1 || {
            cat "$scratch/valgrind.txt"
            fail "$name, valgrind"
        }
        ok "$name, valgrind"
    done
fi

if command -v "${CXX:-c++}" >/dev/null; then
    cat >"$scratch/cpp.cpp" <<'END'
#include <scoreline.h>
int main() {
    scoreline_decision decision = SCORELINE_DECISION_INIT;
    static_assert(sizeof decision == 136, "the size is part of the interface");
    return scoreline_decide(nullptr, nullptr, SCORELINE_NO_DATE, &decision, nullptr) == SCORELINE_INVALID_DATA
                   && decision.status == SCORELINE_INVALID_DATA && decision.limit == SCORELINE_NO_MONEY
               ? 0 : 1;
}
END
    # shellcheck disable=SC2086
    "${CXX:-c++}" -std=c++11 -Wall -Wextra -Werror -pedantic $cflags "$scratch/cpp.cpp" -o "$scratch/cpp" $libs -Wl,-rpath,"$prefix/lib"
    "$scratch/cpp" || fail "C++"
    ok "C++"
fi
echo "$passed passed, 0 failed"
