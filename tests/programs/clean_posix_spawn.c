#define _GNU_SOURCE
#include <spawn.h>
#include <stdlib.h>
#include <sys/wait.h>

#include "check.h"

int main(void) {
  char *arguments[] = {"sh", "-c", "exit 7", NULL};
  for (int i = 0; i < 10; ++i) {
    posix_spawn_file_actions_t actions;
    pid_t child;
    int status = 0;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", 0, 0);
    CHECK(posix_spawnp(&child, "sh", &actions, NULL, arguments, environ) == 0);
    posix_spawn_file_actions_destroy(&actions);
    CHECK(waitpid(child, &status, 0) == child && WEXITSTATUS(status) == 7);
  }
  return 0;
}
