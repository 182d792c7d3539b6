#include <errno.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

static int use(int *waiting) {
  int ends[2];
  return pipe(ends) == 0 ? ioctl(ends[0], FIONREAD, waiting) : 0;
}

int main(void) { return use((int *)malloc(4) + 1) == -1 && errno == EFAULT ? 0 : 1; }
