#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

/* B or E for each block: at the beginning of its page or at the end. */
int main(void) {
  char sides[65] = "";
  for (int i = 0; i < 64; ++i) sides[i] = (uintptr_t)malloc(16) % 4096 == 0 ? 'B' : 'E';
  puts(sides);
  return 0;
}
