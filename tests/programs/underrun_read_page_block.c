#include <stdlib.h>

static volatile int sink;

static void underrun(const int *table) { sink = table[-1]; }

int main(void) {
  underrun(malloc(4096));
  return 0;
}
