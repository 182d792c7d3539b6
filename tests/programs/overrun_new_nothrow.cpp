#include <new>

extern "C" void overrun(int *table) { table[12] = 1; }

int main() {
  overrun(new (std::nothrow) int[12]);
  return 0;
}
