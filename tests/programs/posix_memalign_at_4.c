#include <errno.h>
#include <stdlib.h>

static int ask(void **block) { return posix_memalign(block, 4, 100); }

int main(void) {
  void *block = NULL;
  return ask(&block) != EINVAL || block != NULL;
}
