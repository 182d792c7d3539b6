#include <cstdlib>

extern "C" void release(int *number) { free(number); }

int main() {
  release(new int);
  return 0;
}
