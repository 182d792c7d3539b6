#include <stdlib.h>

static void *next(void) { return malloc(100); }

/* The block is never freed, and the program does not end by itself. */
int main(void) {
  char *block = malloc(13);
  block[13] = 1;
  next();
  _Exit(0);
}
