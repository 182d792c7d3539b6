# What the cases of the real suite are written with. Sourced by real.sh.
#
# A case is a file in cases/ that says
#
#   program <command> <Debian package>    what must be installed; first of all
#   make_input() { ... }                  optional: makes files in the current directory, once, without Fencepost
#   steps() { ... }                       what is compared, in a fresh copy of the input, once plain and once per engine
#   normalize() { ... }                   optional: a filter for the output of step $1, for what differs by nature
#
# and in steps, with <step> a short name of its own for each:
#
#   run <step> <command...>               runs it; standard output, standard error and exit status are compared
#   run_on <file> <step> <command...>     the same, with the file as standard input
#   run_status <step> <command...>        the same, but only the exit status is compared
#   check <step> <command...>             runs it without Fencepost in every pass, and compares likewise
#   begin <step> <command...>             starts it in the background ...
#   finish <step>                         ... and waits for its end; only the exit status is compared
#
# A step must succeed, and its program must tell its coverage, unless said otherwise (before or after it):
#
#   fails <step>                          it ends with another exit status than 0
#   says <step> <text>                    its output contains this, so that it did what it is here for
#   meets_limit <step>                    it holds more blocks than engines that spend mappings can guard
#   covers <step> <file>                  the process whose id the step wrote to this file tells its coverage, too
#   quiet <step>                          it ends without running exit handlers, so it can't tell its coverage

# One run of one step takes no longer; a program that hangs is ended, and its status then differs.
readonly step_seconds=${FENCEPOST_REAL_STEP_SECONDS:-240}

fail() {
  printf 'FAILED: %s\n' "$*"
  failures=$((failures + 1))
}

die() {
  printf 'FAILED: %s\n' "$*"
  exit 1
}

program() {
  grep -qx -- "$2" "$suite/packages.txt" || die "$2 is missing from tests/real/packages.txt"
  command -v -- "$1" >/dev/null || die "$1 is not installed; it is in the Debian package $2 (apt-get install $2)"
}

make_input() { :; }
normalize() { cat; }

# --- running -------------------------------------------------------------------------------------------------

# Starts a step's command with its output in files; its process id goes to a file, so that its log can be told
# from those of its children.
launch() {
  local input=$1 step=$2 with_fencepost=$3
  shift 3
  local settings=()
  if [[ $with_fencepost == yes ]]; then
    mkdir -p "$pass/$step.logs"
    settings=("LD_PRELOAD=$library"
      "FENCEPOST_OPTIONS=verbosity=1:log_path=$pass/$step.logs/fp.%p:engine=${engine/+batch/:fence=batch}")
  fi
  # shellcheck disable=SC2016  # for the inner shell
  exec timeout --kill-after=10 "$step_seconds" bash -c 'echo $$ >"$0"; exec env "$@"' "$pass/$step.pid" \
    "${settings[@]}" "$@" <"$input" >"$pass/$step.out" 2>"$pass/$step.err"
}

seconds_between() { awk -v from="$1" -v to="$2" 'BEGIN { printf "%.1f", to - from }'; }

measure() {
  local step=$2 before=$EPOCHREALTIME status=0
  { (launch "$@") || status=$?; } 2>/dev/null  # bash tells of killed commands
  echo "$status" >"$pass/$step.status"
  seconds_between "$before" "$EPOCHREALTIME" >"$pass/$step.seconds"
}

compare_as() {
  [[ $engine != plain ]] || echo "$1 $2" >>"$plain/steps"
}

run_on() {
  compare_as all "$2"
  measure "$1" "$2" "$guarded" "${@:3}"
}

run() { run_on /dev/null "$@"; }

run_status() {
  compare_as status "$1"
  measure /dev/null "$1" "$guarded" "${@:2}"
}

check() {
  compare_as all "$1"
  measure /dev/null "$1" no "${@:2}"
}

begin() {
  compare_as status "$1"
  (launch /dev/null "$1" "$guarded" "${@:2}") &
  started[$1]=$!
  echo "$EPOCHREALTIME" >"$pass/$1.started"
}

finish() {
  local status=0
  wait "${started[$1]}" || status=$?
  unset "started[$1]"
  echo "$status" >"$pass/$1.status"
  seconds_between "$(<"$pass/$1.started")" "$EPOCHREALTIME" >"$pass/$1.seconds"
}

fails() { failing[$1]=yes; }
says() { expected_text[$1]=$2; }
meets_limit() { limited[$1]=yes; }
covers() { covered_too[$1]=$2; }
quiet() { silent[$1]=yes; }

# Repeats a command until it succeeds.
await() {
  local tries
  for ((tries = 0; tries < 300; ++tries)); do
    "$@" >/dev/null 2>&1 && return
    sleep 0.1
  done
  die "this never came true: $*"
}

free_port() {
  local port
  for ((;;)); do
    port=$((20000 + RANDOM % 12000))
    (: <"/dev/tcp/127.0.0.1/$port") 2>/dev/null || break
  done
  echo "$port"
}

# --- comparing -----------------------------------------------------------------------------------------------

compare_text() {
  local step=$1 kind=$2 difference
  if ! difference=$(diff <(normalize "$step" <"$plain/$step.$kind") <(normalize "$step" <"$pass/$step.$kind")); then
    fail "$step: $kind differs (< plain, > with Fencepost):"
    head -n 20 <<<"$difference"
  fi
}

compare_step() {
  local what=$1 step=$2 expected actual
  expected=$(<"$plain/$step.status")
  actual=$(<"$pass/$step.status")
  printf '  %-14s %6s s plain %7s s guarded\n' "$step" "$(<"$plain/$step.seconds")" "$(<"$pass/$step.seconds")"
  if [[ $expected != "$actual" ]]; then
    fail "$step: exit status $expected without Fencepost, $actual with it; standard error:"
    tail -n 20 "$pass/$step.err"
  fi
  judge_plain "$step" "$expected"
  if [[ $what == all ]]; then
    compare_text "$step" out
    compare_text "$step" err
  fi
  [[ ! -d $pass/$step.logs ]] || judge_logs "$step"
}

# A step that goes wrong by itself compares nothing.
judge_plain() {
  local step=$1 status=$2
  if [[ $status == 0 && -n ${failing[$step]-} ]]; then
    fail "$step: should fail, but succeeded without Fencepost"
  elif [[ $status != 0 && -z ${failing[$step]-} ]]; then
    fail "$step: exit status $status even without Fencepost; standard error:"
    tail -n 20 "$plain/$step.err"
  fi
  [[ -z ${expected_text[$step]-} ]] || grep -qF -- "${expected_text[$step]}" "$plain/$step.out" ||
    fail "$step: does not say '${expected_text[$step]}' even without Fencepost"
}

# --- Fencepost's own words ------------------------------------------------------------------------------------

# At verbosity=1 every line of a healthy program is a note; whatever else stands in a log is a report, or worse.
judge_logs() {
  local step=$1 logs=$pass/$1.logs unexpected unexplained
  unexpected=$(grep -rhv '^==[0-9]*==Fencepost: ' "$logs")
  if [[ -n $unexpected ]]; then
    fail "$step: Fencepost reported:"
    head -n 80 <<<"$unexpected"
  fi
  unexplained=$(grep -rh 'Fencepost: coverage: ' "$logs" | grep -v ' 100\.0% guarded' | grep -v 'unguarded because ')
  [[ -z $unexplained ]] || fail "$step: coverage without a reason: $unexplained"
  judge_coverage "$step" "$logs/fp.$(<"$pass/$step.pid")"
}

judge_coverage() {
  local step=$1 own_log=$2 own others
  own=$(grep -hs 'Fencepost: coverage: ' "$own_log")
  others=$(grep -rhs --exclude="${own_log##*/}" 'Fencepost: coverage: ' "${own_log%/*}")
  if [[ -z $own && -z ${silent[$step]-} ]]; then
    fail "$step: no coverage line; its log says: $(cat "$own_log" 2>&1)"
  fi
  [[ -z $own ]] || sed 's/^==[0-9]*==Fencepost: /      /' <<<"$own"
  if [[ -n $others ]]; then
    printf '      and %d more processes; the one with most allocations:\n' "$(wc -l <<<"$others")"
    sed 's/^==[0-9]*==Fencepost: coverage: //' <<<"$others" | sort -t ';' -k 2,2nr | head -n 1 | sed 's/^/        /'
  fi
  if [[ -n ${covered_too[$step]-} ]]; then
    grep -qs 'Fencepost: coverage: ' "${own_log%/*}/fp.$(<"$scratch/work/${covered_too[$step]}")" ||
      fail "$step: no coverage line of the process in ${covered_too[$step]}"
  fi
  if [[ -n ${limited[$step]-} && $engine == mprotect ]]; then
    grep -q 'unguarded because .*vm\.max_map_count' <<<"$own$others" ||
      fail "$step: meets the limit of mappings, but the coverage does not say so"
  fi
}

# --- one pass ------------------------------------------------------------------------------------------------

# The steps run in the same place each time: paths in their output are then the same, too.
run_pass() {
  engine=$1 guarded=$2 pass=$scratch/$1
  mkdir -p "$pass"
  rm -rf "$scratch/work"
  cp -a "$scratch/input" "$scratch/work"
  cd "$scratch/work" || exit
  steps
  cd "$scratch" || exit
}

compare_pass() {
  local what step
  printf 'engine %s:\n' "$engine"
  while read -r what step; do
    compare_step "$what" "$step"
  done <"$plain/steps"
}
