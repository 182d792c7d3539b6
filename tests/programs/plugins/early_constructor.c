#include <stdlib.h>
#include <string.h>

static int blocks;

/* Runs before the constructors of the libraries that are preloaded in front of this one. */
static void __attribute__((constructor(101))) allocate_early(void) {
  for (int i = 0; i < 100; ++i) {
    char *block = realloc(memset(malloc(100), 1, 100), 200);
    blocks += block[99] == 1;
    free(block);
  }
}

int early_blocks(void) { return blocks; }

int early_answer(void) { return 42; }
