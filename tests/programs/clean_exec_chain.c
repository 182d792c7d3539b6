#include <stdlib.h>
#include <string.h>

#include "check.h"

/* Runs itself five times over, in one process. */
int main(int count, char **arguments) {
  char *program = strdup(arguments[0]);
  char *next = calloc(1, 8);
  const int round = count > 1 ? atoi(arguments[1]) : 0;
  if (round == 5) return puts("fifth") < 0;
  next[0] = (char)('0' + round + 1);
  execl(program, program, next, (char *)NULL);
  return 1;
}
