# A debugger, and with it the program it debugs.
program gdb gdb
program gcc gcc

make_input() {
  cat >small.c <<'C'
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
static char* copy_of_text(const char* text) {
  char* const made = malloc(strlen(text) + 1);
  return strcpy(made, text);
}
int main(void) {
  FILE* const file = fopen("small.pid", "w");
  fprintf(file, "%d\n", (int)getpid());
  fclose(file);
  char* const text = copy_of_text("guarded");
  printf("%s\n", text);
  free(text);
  return 3;
}
C
  gcc -g -O0 small.c -o small
}

steps() {
  run debug gdb -nx --batch -ex 'break copy_of_text' -ex run -ex bt -ex finish -ex next -ex 'print text' -ex continue ./small
  says debug 'Breakpoint 1, copy_of_text'
  covers debug small.pid
  run static gdb -nx --batch -ex 'info line main' -ex 'ptype copy_of_text' -ex 'disassemble copy_of_text' ./small
  run python gdb -nx --batch -ex 'python print(sum(range(10)))'
}

# The debuggee's addresses are the debugger's to choose, but blocks lie elsewhere under Fencepost.
normalize() { sed -E 's/0x[0-9a-f]+/0x-/g; s/\(process [0-9]+\)/(process -)/g; s/process [0-9]+/process -/g'; }
