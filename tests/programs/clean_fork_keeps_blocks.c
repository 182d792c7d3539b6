#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include "check.h"

static void use_and_free(char **blocks, char expected) {
  for (int i = 0; i < 100; ++i) {
    CHECK(blocks[i][i] == expected);
    memset(blocks[i], 2, 100);
    if (i % 2 == 0) blocks[i] = realloc(blocks[i], 300);
    free(blocks[i]);
  }
}

int main(void) {
  char *blocks[100];
  int status = 1;
  for (int i = 0; i < 100; ++i) memset(blocks[i] = malloc(100), 1, 100);
  const pid_t child = fork();
  use_and_free(blocks, 1);
  if (child == 0) _exit(0);
  CHECK(waitpid(child, &status, 0) == child && status == 0);
  return 0;
}
