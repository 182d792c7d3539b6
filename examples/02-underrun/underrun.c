/* Strips trailing blanks, and does not stop at the start of a line that has nothing else. */
#include <stdlib.h>
#include <string.h>

static void strip(char *line) {
  char *end = line + strlen(line) - 1;
  while (*end == ' ') *end-- = '\0';
}

int main(void) {
  char *line = malloc(4096);
  memset(line, ' ', 4095);
  line[4095] = '\0';
  strip(line);
  free(line);
  return 0;
}
