#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/uio.h>
#include <unistd.h>

static long use(char *first, char *second) {
  int ends[2];
  const struct iovec pieces[] = {{first, 16}, {second, 20}};
  return pipe(ends) == 0 ? writev(ends[1], pieces, 2) : 0;
}

int main(void) {
  char *first = memset(malloc(16), 'x', 16);
  return use(first, memset(malloc(16), 'y', 16)) == -1 && errno == EFAULT ? 0 : 1;
}
