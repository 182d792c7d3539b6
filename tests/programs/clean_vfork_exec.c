#define _GNU_SOURCE
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include "check.h"

int main(void) {
  for (int i = 0; i < 20; ++i) {
    int status = 1;
    char *block = malloc(100);
    const pid_t child = vfork();
    if (child == 0) {
      execl("/bin/true", "true", (char *)NULL);
      _exit(127);
    }
    CHECK(waitpid(child, &status, 0) == child && status == 0);
    memset(block, 1, 100);
    free(block);
  }
  return 0;
}
