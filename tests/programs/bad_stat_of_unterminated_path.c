#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static int use(const char *path) {
  struct stat status;
  return stat(path, &status);
}

int main(void) { return use(memcpy(malloc(4), "/tmp", 4)) == -1 && errno == EFAULT ? 0 : 1; }
