#include <new>

extern "C" void release(void *block) { operator delete(block, std::align_val_t(64)); }

int main() {
  release(operator new(128));
  return 0;
}
