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

for source in "$here"/*.c; do
    name=$(basename "$source" .c)
    # shellcheck disable=SC2086
    $cc $warnings $cflags "$source" -o "$scratch/$name" $libs -Wl,-rpath,"$prefix/lib"
    "$scratch/$name" || fail "$name, shared"
    ok "$name, shared"
    # shellcheck disable=SC2086
    $cc $warnings $cflags "$source" "$prefix/lib/libscoreline.a" $system -o "$scratch/$name-static"
    "$scratch/$name-static" || fail "$name, static"
    ok "$name, static"
done

if command -v "${CXX:-c++}" >/dev/null; then
    echo '#include <scoreline.h>
int main() { return scoreline_error_code(nullptr) == SCORELINE_OK ? 0 : 1; }' >"$scratch/cpp.cpp"
    # shellcheck disable=SC2086
    "${CXX:-c++}" -Wall -Wextra -Werror -pedantic $cflags "$scratch/cpp.cpp" -o "$scratch/cpp" $libs -Wl,-rpath,"$prefix/lib"
    "$scratch/cpp" || fail "C++"
    ok "C++"
fi
echo "$passed passed, 0 failed"
