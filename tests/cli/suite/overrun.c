#include <stdlib.h>

static void fill(char *name, int size) {
  for (int i = 0; i <= size; ++i) name[i] = 'x';
}

int main(void) {
  char *name = malloc(32);
  fill(name, 32);
  free(name);
  return 0;
}
