#include <stdlib.h>

int plugin_number(void) {
  int *number = calloc(1, sizeof(int));
  *number += 42;
  const int result = *number;
  free(number);
  return result;
}
