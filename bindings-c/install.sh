#!/bin/sh
# Installs library, header, COBOL copybooks and pkg-config file. usage: install.sh <folder of cargo's output> <prefix>
set -eu
built=$1 prefix=$2
here=$(cd "$(dirname "$0")" && pwd)
version=$(sed -n 's/^#define SCORELINE_VERSION "\(.*\)"/\1/p' "$here/include/scoreline.h")

mkdir -p "$prefix/lib/pkgconfig" "$prefix/include" "$prefix/share/scoreline/cobol"
cp "$here/include/scoreline.h" "$prefix/include/"
cp "$here"/cobol/*.cpy "$prefix/share/scoreline/cobol/"
cp "$built/libscoreline_c.a" "$prefix/lib/libscoreline.a"
if [ -e "$built/libscoreline_c.dylib" ]; then
    cp "$built/libscoreline_c.dylib" "$prefix/lib/libscoreline.0.dylib"
    ln -sf libscoreline.0.dylib "$prefix/lib/libscoreline.dylib"
else
    # A new file, not new contents: programs that run keep the old one.
    rm -f "$prefix/lib/libscoreline.so.$version"
    cp "$built/libscoreline_c.so" "$prefix/lib/libscoreline.so.$version"
    ln -sf "libscoreline.so.$version" "$prefix/lib/libscoreline.so.0"
    ln -sf libscoreline.so.0 "$prefix/lib/libscoreline.so"
fi
sed -e "s|@prefix@|$prefix|" -e "s|@version@|$version|" "$here/scoreline.pc.in" >"$prefix/lib/pkgconfig/scoreline.pc"
