#include <stdlib.h>

static void call(void (*code)(void)) { code(); }

int main(void) {
  void *block = malloc(48);
  free(block);
  call(block);
  return 0;
}
