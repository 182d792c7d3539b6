# A shell script with about everything that forks.
program bash bash

make_input() {
  cat >script.sh <<'BASH'
set -u
trap 'echo "leaving with $?"' EXIT
trap 'echo "told by USR1"' USR1
declare -A colour=([apple]=red [pear]=green)
for fruit in $(printf '%s\n' "${!colour[@]}" | sort); do echo "$fruit is ${colour[$fruit]}"; done
seq 1 1000 | while read -r n; do ((n % 250)) || echo "pipe $n"; done
( cd / && echo "subshell in $PWD"; exit 3 ) || echo "status $?"
cat <<EOF | tr a-z A-Z
here is $(echo a document) with $((6 * 7))
EOF
cat <<<"here is a string" | sed 's/string/word/'
diff <(printf 'a\nb\n') <(printf 'a\nc\n')
for n in 1 2 3; do { sleep 0.0$n; exit "$n"; } & jobs[n]=$!; done
for n in 1 2 3; do wait "${jobs[n]}"; echo "job $n ended with $?"; done
kill -USR1 $$
coproc doubler { while read -r n; do echo $((n * 2)); done; }
echo 21 >&"${doubler[1]}"; read -r answer <&"${doubler[0]}"; echo "$answer"
exec {doubled}>&"${doubler[1]}"; exec {doubled}>&-
text=$(printf 'x%.0s' {1..20000}); echo "${#text} ${text//x/yy}" | wc -c
f() { local depth=$1; if ((depth > 0)); then f $((depth - 1)); else echo bottom; fi; }; f 200
[[ "2024-05-06" =~ ^([0-9]+)-([0-9]+) ]] && echo "${BASH_REMATCH[2]}"
mapfile -t lines < <(seq 5); echo "${lines[@]:1:3}"
false | true; echo "${PIPESTATUS[@]}"
bash -c 'kill -TERM $$'; echo "killed: $?"
command_that_is_not_there; echo "missing: $?"
echo "to standard error" >&2
exit 5
BASH
}

steps() {
  fails script
  run script bash script.sh
  fails syntax
  run syntax bash -c 'if then'
  fails killed
  run killed bash -c 'kill -KILL $$'
  quiet killed
  # dash ends by _exit, so it says nothing.
  fails sh
  run sh sh -c 'for i in 1 2 3; do echo $i | cat; done; (exit 4)'
  quiet sh
}
