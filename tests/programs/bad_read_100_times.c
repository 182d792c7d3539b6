#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

static void use(int zeros, char *block) { read(zeros, block, 32); }

int main(void) {
  const int zeros = open("/dev/zero", O_RDONLY);
  for (int i = 0; i < 100; ++i) use(zeros, malloc(16));
  return 0;
}
