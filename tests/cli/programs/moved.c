/* moved [<file>]: its own file is deleted, or that file takes its place. Then it writes past the end of a block. */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static char *make_block(void) { return malloc(16); }

static void overrun(char *block) { block[16] = 1; }

int main(int argc, char **argv) {
  if ((argc > 1 ? rename(argv[1], argv[0]) : unlink(argv[0])) != 0) return 1;
  overrun(make_block());
  return 0;
}
