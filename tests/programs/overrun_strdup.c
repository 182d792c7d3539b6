#include <stdlib.h>
#include <string.h>

static volatile char sink;

static void overrun(const char *text) { sink = text[16]; }

int main(void) {
  overrun(strdup("fifteen letters"));
  return 0;
}
