#include <new>

extern "C" void *ask() { return operator new(100, std::align_val_t(48)); }

int main() {
  try {
    ask();
  } catch (const std::bad_alloc &) {
    return 0;
  }
  return 1;
}
