/* A table of squares, and a loop that counts one too far. */
#include <stdio.h>
#include <stdlib.h>

static void fill(int *table, int entries) {
  for (int i = 0; i <= entries; ++i) table[i] = i * i;
}

int main(void) {
  int *table = malloc(12 * sizeof *table);
  fill(table, 12);
  printf("%d\n", table[11]);
  free(table);
  return 0;
}
