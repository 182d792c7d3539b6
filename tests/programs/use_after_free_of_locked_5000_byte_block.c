#include <stdlib.h>
#include <sys/mman.h>

static volatile char sink;

static void use(const char *block) { sink = block[4500]; }

int main(void) {
  if (mlockall(MCL_CURRENT | MCL_FUTURE) != 0) return 1;
  char *block = malloc(5000);
  free(block);
  use(block);
  return 0;
}
