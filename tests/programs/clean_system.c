#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include "check.h"

int main(void) {
  char line[100] = "";
  CHECK(WEXITSTATUS(system("exit 9")) == 9);
  CHECK(system("echo from system") == 0);
  FILE *pipe = popen("echo from popen; exit 3", "r");
  CHECK(fgets(line, sizeof line, pipe) == line && strcmp(line, "from popen\n") == 0);
  CHECK(WEXITSTATUS(pclose(pipe)) == 3);
  pipe = popen("cat", "w");
  CHECK(fputs("to popen\n", pipe) >= 0 && pclose(pipe) == 0);
  return 0;
}
