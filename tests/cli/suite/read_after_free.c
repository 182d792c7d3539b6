#include <stdlib.h>

static int last(const int *numbers) { return numbers[3]; }

int main(void) {
  int *numbers = calloc(4, sizeof *numbers);
  free(numbers);
  return last(numbers);
}
