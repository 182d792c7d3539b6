#include <stdlib.h>

char *plugin_make_and_release(void) {
  char *block = malloc(48);
  free(block);
  return block;
}
