#include <new>

static volatile std::size_t used = 50;

extern "C" void *ask() { return operator new(48 - used); }

int main() {
  try {
    ask();
  } catch (const std::bad_alloc &) {
    return 0;
  }
  return 1;
}
