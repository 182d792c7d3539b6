#include <stdlib.h>
#include <string.h>

static int answer(void) { return 42; }

static int wrong_answer(void) { return -1; }

/* Runs while the loader still relocates libraries. */
static int (*resolve(void))(void) {
  char *block = malloc(100);
  memset(block, 1, 100);
  const int good = block[99] == 1;
  free(block);
  return good ? answer : wrong_answer;
}

int early_answer(void) __attribute__((ifunc("resolve")));

int early_blocks(void) { return 100; }
