#include <errno.h>
#include <malloc.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"

int main(void) {
  char text[4096] = "";
  const struct mallinfo2 before = mallinfo2();
  void *blocks[1000];
  for (int i = 0; i < 1000; ++i) blocks[i] = malloc(100);
  const struct mallinfo2 between = mallinfo2();
  CHECK(between.uordblks >= before.uordblks + 100000 && between.uordblks <= before.uordblks + 200000);
  CHECK((size_t)mallinfo().uordblks == mallinfo2().uordblks);
  for (int i = 0; i < 1000; ++i) free(blocks[i]);
  CHECK(mallinfo2().uordblks <= before.uordblks + 1000);

  FILE *file = tmpfile();
  CHECK(malloc_info(1, file) == EINVAL);
  CHECK(malloc_info(0, file) == 0);
  rewind(file);
  CHECK(fread(text, 1, sizeof text - 1, file) > 0);
  CHECK(strncmp(text, "<malloc version=", 16) == 0 && strstr(text, "</malloc>") != NULL);
  fclose(file);

  CHECK(mallopt(M_MMAP_THRESHOLD, 1 << 20) == 1);
  CHECK(malloc_trim(0) == 0 || malloc_trim(0) == 1);
  malloc_stats();
  return 0;
}
