#include <stdlib.h>

static void free_again(char *block) { free(block); }

static void churn(int blocks) {
  while (blocks-- > 0) free(malloc(48));
}

/* What is near to a block that lives on does not expire. */
int main(void) {
  churn(2000);
  char *block = malloc(48);
  free(block);
  churn(10000);
  free_again(block);
  return 0;
}
