#include <new>

static volatile long count = -7;

extern "C" int *ask() { return new int[count]; }

int main() {
  try {
    ask();
  } catch (const std::bad_array_new_length &) {
    return 0;
  }
  return 1;
}
