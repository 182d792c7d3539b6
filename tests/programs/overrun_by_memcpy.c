#include <stdlib.h>
#include <string.h>

static const char text[65];
static void *(*volatile copy)(void *, const void *, size_t) = memcpy;

static void overrun(char *block) { copy(block, text, sizeof text); }

int main(void) {
  overrun(malloc(64));
  return 0;
}
