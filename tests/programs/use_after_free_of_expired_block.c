#include <stdlib.h>

static volatile char sink;

static void use(const char *block) { sink = block[0]; }

static void churn(int blocks) {
  while (blocks-- > 0) free(malloc(48));
}

/* What is near to a block that lives on does not expire. */
int main(void) {
  churn(2000);
  char *block = malloc(48);
  free(block);
  churn(10000);
  use(block);
  return 0;
}
