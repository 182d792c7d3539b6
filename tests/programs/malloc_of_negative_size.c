#include <errno.h>
#include <stdlib.h>

static volatile size_t used = 50;

static void *ask(size_t capacity) { return malloc(capacity - used); }

int main(void) {
  for (int i = 0; i < 3; ++i) {
    errno = 0;
    if (ask(8) != NULL || errno != ENOMEM) return 1;
  }
  return 0;
}
