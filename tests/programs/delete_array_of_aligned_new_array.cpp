#include <new>

extern "C" void release(void *block) { operator delete[](block); }

int main() {
  release(operator new[](128, std::align_val_t(64)));
  return 0;
}
