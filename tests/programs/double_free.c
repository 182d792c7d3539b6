#include <stdlib.h>

static void first_free(char *block) { free(block); }

static void second_free(char *block) { free(block); }

int main(void) {
  char *block = malloc(48);
  first_free(block);
  second_free(block);
  return 0;
}
