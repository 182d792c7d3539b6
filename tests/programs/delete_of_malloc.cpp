#include <cstdlib>

extern "C" void release(int *number) { delete number; }

int main() {
  release(static_cast<int *>(malloc(sizeof(int))));
  return 0;
}
