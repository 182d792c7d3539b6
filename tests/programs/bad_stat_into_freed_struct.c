#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>

static int use(struct stat *status) { return stat("/", status); }

int main(void) {
  struct stat *status = malloc(sizeof *status);
  free(status);
  return use(status) == -1 && errno == EFAULT ? 0 : 1;
}
