/* For each writable mapping of the process, Fencepost's own among them, but for the stack: a child in which it becomes
   inaccessible, and which then overruns a block. Prints how each of them ended. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

enum { kMost = 4096, kSeconds = 30 };

static struct {
  char *begin;
  size_t size;
} mappings[kMost];
static int known;

static void find_mappings(void) {
  FILE *const maps = fopen("/proc/self/maps", "r");
  char line[5000], permissions[5];
  unsigned long begin, end;
  while (known < kMost && fgets(line, sizeof line, maps) != NULL) {
    if (sscanf(line, "%lx-%lx %4s", &begin, &end, permissions) != 3) exit(1);
    if (permissions[1] != 'w' || strstr(line, "[stack]") != NULL) continue;
    mappings[known].begin = (char *)begin;
    mappings[known++].size = end - begin;
  }
  fclose(maps);
}

static void overrun(char *block) { block[16] = 1; }

static void lose_and_overrun(char *block, int lost) {
  alarm(kSeconds);
  mprotect(mappings[lost].begin, mappings[lost].size, PROT_NONE);
  overrun(block);
  _exit(0);
}

int main(void) {
  char *const block = malloc(16);
  find_mappings();
  for (int lost = 0; lost < known; ++lost) {
    int status = 0;
    fflush(stdout);
    const pid_t child = fork();
    if (child == 0) lose_and_overrun(block, lost);
    waitpid(child, &status, 0);
    const int signalled = WIFSIGNALED(status);
    printf("%s %d\n", signalled ? "signal" : "exit", signalled ? WTERMSIG(status) : WEXITSTATUS(status));
  }
  return 0;
}
