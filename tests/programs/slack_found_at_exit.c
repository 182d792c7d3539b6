#include <stdlib.h>

static char *kept;

static char *make_block(void) { return malloc(13); }

int main(void) {
  kept = make_block();
  kept[13] = 1;
  return 0;
}
