#include <fencepost/fencepost.h>
#include <stdlib.h>

static int check(void) { return fencepost_check_all(); }

/* With fence=batch, which leaves the block open for a moment. */
int main(void) {
  char *block = malloc(48);
  free(block);
  block[7] = 1;
  return check() == 1 ? 0 : 1;
}
