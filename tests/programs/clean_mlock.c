#include <sys/mman.h>

#include "check.h"
#include "locked.h"

int main(void) {
  use_blocks(10000, mlock);
  return 0;
}
