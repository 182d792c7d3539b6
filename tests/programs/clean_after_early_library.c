#include <stdlib.h>

#include "check.h"

/* Preloaded beside Fencepost: its constructor and its ifunc resolver allocate before anyone is ready. */
__attribute__((weak)) int early_answer(void);
__attribute__((weak)) int early_blocks(void);

int main(void) {
  CHECK(early_answer != NULL && early_answer() == 42);
  CHECK(early_blocks() == 100);
  free(malloc(1));
  return 0;
}
