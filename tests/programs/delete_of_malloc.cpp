#include <cstdlib>
#include <new>

extern "C" void release(int *number) { delete number; }

int main() {
  release(new (malloc(sizeof(int))) int);
  return 0;
}
