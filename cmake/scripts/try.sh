#!/usr/bin/env bash
# Installs what is missing, builds Fencepost, and shows it at work: on a program with a bug, then on a real one.
set -u
source "$(dirname "$0")/common.sh"

install_missing "$root/cmake/scripts/packages.txt" || exit 1
mkdir -p "$build"
build_all -DFENCEPOST_TESTS=OFF -DFENCEPOST_EXAMPLES=ON || exit 1

echo
echo '$ build/fencepost run -- build/examples/01-overrun'
"$build/fencepost" run -- "$build/examples/01-overrun"
echo "(exit status $?: there were findings)"
echo
echo '$ build/fencepost run --verbosity 1 -- sort --numeric-sort --reverse (of 5,000 lines)'
seq 5000 | "$build/fencepost" run --verbosity 1 -- sort --numeric-sort --reverse | tail -3
echo
echo "From here on: LD_PRELOAD=$build/libfencepost.so your-program, or build/fencepost run -- your-program"
