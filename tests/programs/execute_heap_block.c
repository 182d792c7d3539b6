#include <stdlib.h>
#include <string.h>

static void call(void (*code)(void)) { code(); }

int main(void) {
  void *block = malloc(4096);
  memset(block, 0xc3, 4096);
  call(block);
  return 0;
}
