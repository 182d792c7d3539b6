#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

static volatile char sink;

static void use(volatile char *page) { sink = page[4096]; }

/* The file ends a page before its mapping does. */
int main(void) {
  char path[] = "/tmp/fencepost-bus-error-XXXXXX";
  int file = mkstemp(path);
  unlink(path);
  if (ftruncate(file, 4096) != 0) return 1;
  use(mmap(NULL, 8192, PROT_READ, MAP_SHARED, file, 0));
  return 0;
}
