#!/usr/bin/env bash
# Installs what is missing, builds Fencepost with warnings as errors, and runs all tests.
# Arguments go to ctest, for example: test.sh -R unit
set -u
source "$(dirname "$0")/common.sh"

install_missing "$root/cmake/scripts/packages.txt" "$root/tests/real/packages.txt" \
  "$root/tests/packages.txt" || exit 1
mkdir -p "$build"
build_all -DFENCEPOST_TESTS=ON -DFENCEPOST_EXAMPLES=ON -DFENCEPOST_WARNINGS_AS_ERRORS=ON || exit 1
exec ctest --test-dir "$build" --output-on-failure --parallel "${FENCEPOST_JOBS:-$(nproc)}" "$@"
