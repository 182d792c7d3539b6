#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include "check.h"

int main(void) {
  for (int depth = 0; depth < 20; ++depth) {
    int status = 1;
    char *block = malloc(100);
    const pid_t child = fork();
    memset(block, depth, 100);
    free(block);
    if (child == 0) continue;
    CHECK(waitpid(child, &status, 0) == child && status == 0);
    return 0;
  }
  return 0;
}
