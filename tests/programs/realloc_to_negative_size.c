#include <errno.h>
#include <stdlib.h>

static volatile size_t used = 50;

static void *ask(char *block) { return realloc(block, 49 - used); }

int main(void) {
  char *block = malloc(48);
  if (ask(block) != NULL || errno != ENOMEM) return 1;
  free(block);
  return 0;
}
