#include <string.h>

static int use(void) {
  char array[20 << 20];
  memset(array, 1, sizeof array);
  return array[7];
}

int main(void) { return use(); }
