#!/usr/bin/env bash
# Runs a real program without and with Fencepost, and compares what can be seen of it from outside.
#
#   real.sh <case> <libfencepost.so> <engine>...
#
# FENCEPOST_REAL_KEEP=1 keeps the temporary directory, FENCEPOST_REAL_STEP_SECONDS bounds each command.
set -u

suite=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
failures=0
declare -A started=() failing=() expected_text=() limited=() covered_too=() silent=()

# shellcheck source=lib.sh
source "$suite/lib.sh"

[[ $# -ge 3 ]] || die "usage: real.sh <case> <libfencepost.so> <engine>..."
case=$1 library=$(realpath -- "$2")
shift 2
[[ -e $library ]] || die "there is no $library"
[[ -e $suite/cases/$case.sh ]] || die "there is no case $case"

unset LD_PRELOAD FENCEPOST_OPTIONS
scratch=$(mktemp -d "${TMPDIR:-/tmp}/fencepost-real-$case.XXXXXX")
plain=$scratch/plain
export HOME=$scratch/home LC_ALL=C.UTF-8 TZ=UTC TERM=dumb

clean_up() {
  local step
  for step in "${!started[@]}"; do
    kill -KILL "$(<"$pass/$step.pid")" "${started[$step]}" 2>/dev/null
  done
  cd /
  if [[ -n ${FENCEPOST_REAL_KEEP-} ]]; then
    echo "kept: $scratch"
  else
    rm -rf "$scratch"
  fi
}
trap clean_up EXIT
trap 'exit 1' HUP INT TERM

mkdir -p "$scratch/input" "$scratch/home"
# shellcheck source=/dev/null
source "$suite/cases/$case.sh"
if ! { cd "$scratch/input" && make_input; }; then die "the input could not be made"; fi
run_pass plain no
for each in "$@"; do
  run_pass "$each" yes
  compare_pass
done

[[ $failures -eq 0 ]] || exit 1
