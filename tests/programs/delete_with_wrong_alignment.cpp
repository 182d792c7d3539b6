#include <new>

extern "C" void release(void *block) { operator delete(block, std::align_val_t(128)); }

int main() {
  release(operator new(256, std::align_val_t(64)));
  return 0;
}
