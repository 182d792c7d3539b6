#include <errno.h>
#include <poll.h>
#include <stdlib.h>

static int use(struct pollfd *files) { return poll(files, 2, 0); }

int main(void) {
  struct pollfd *files = calloc(2, sizeof *files);
  free(files);
  return use(files) == -1 && errno == EFAULT ? 0 : 1;
}
