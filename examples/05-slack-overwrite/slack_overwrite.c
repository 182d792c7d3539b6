/* A string without room for its terminating zero: 16 bytes of alignment hide it from the MMU, free() finds it. */
#include <stdlib.h>
#include <string.h>

static char *duplicate(const char *text) {
  char *copy = malloc(strlen(text));
  strcpy(copy, text);
  return copy;
}

int main(void) {
  char *copy = duplicate("eighteen letters..");
  free(copy);
  return 0;
}
