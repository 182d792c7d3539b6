# A tracer, guarded, and the guarded program that it traces.
program strace strace

make_input() { seq 1 1000 >text; }

steps() {
  run trace strace -f -o trace -e trace=execve,openat,exit_group -- sh -c 'echo $$ >sort.pid; exec sort -n text'
  covers trace sort.pid
  # What the traced program did with its file; Fencepost's own calls are not its.
  check calls bash -c "grep -oE 'openat\(AT_FDCWD, \"text\".*|exit_group.*' trace | sed -E 's/ = [0-9?]+$//'"
  run count bash -c 'strace -c -o counts true'
  fails error
  run error strace -o trace absent
}
