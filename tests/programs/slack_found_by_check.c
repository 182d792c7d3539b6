#include <fencepost/fencepost.h>
#include <stdlib.h>

static int check(void) { return fencepost_check_all(); }

/* Each damage is told once. */
int main(void) {
  char *block = malloc(13);
  if (check() != 0) return 1;
  block[13] = 1;
  if (check() != 1 || check() != 0) return 2;
  free(block);
  return 0;
}
