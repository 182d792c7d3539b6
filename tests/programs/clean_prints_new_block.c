#include <stdio.h>
#include <stdlib.h>

int main(void) {
  const unsigned char *block = malloc(48);
  printf("%02x %02x\n", block[0], block[47]);
  return 0;
}
