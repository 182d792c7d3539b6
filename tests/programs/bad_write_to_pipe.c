#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Two pages go into the pipe, the third is the fence. */
static long use(const char *block) {
  int ends[2];
  return pipe(ends) == 0 ? write(ends[1], block, 12000) : 0;
}

int main(void) { return use(memset(malloc(8192), 'x', 8192)) == 8192 ? 0 : 1; }
