#include <malloc.h>

/* pvalloc rounds 5,000 up to 8,192. */
static void overrun(char *block) { block[8192] = 1; }

int main(void) {
  overrun(pvalloc(5000));
  return 0;
}
