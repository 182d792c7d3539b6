#include <stdlib.h>
#include <string.h>

static volatile long sink;

/* Eight bytes, the last two of them past the end. */
static void overrun(const char *block) { sink = *(const volatile long *)(block + 42); }

int main(void) {
  overrun(malloc(48));
  return 0;
}
