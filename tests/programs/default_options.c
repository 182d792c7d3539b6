#include <stdlib.h>

const char *fencepost_default_options(void) { return "on_error=exit:exitcode=9:verbosity=1"; }

static void overrun(char *block) { block[16] = 1; }

int main(void) {
  overrun(malloc(16));
  return 0;
}
