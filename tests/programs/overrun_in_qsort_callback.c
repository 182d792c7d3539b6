#include <stdlib.h>

static int *limits;

static int compare(const void *a, const void *b) {
  return limits[4] + *(const int *)a - *(const int *)b;
}

int main(void) {
  int numbers[] = {3, 1, 2};
  limits = malloc(4 * sizeof(int));
  qsort(numbers, 3, sizeof(int), compare);
  return 0;
}
