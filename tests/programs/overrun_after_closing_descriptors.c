#include <stdlib.h>
#include <unistd.h>

static void overrun(char *block) { block[16] = 1; }

int main(void) {
  char *block = malloc(16);
  for (int descriptor = 3; descriptor < 1024; ++descriptor) close(descriptor);
  overrun(block);
  return 0;
}
