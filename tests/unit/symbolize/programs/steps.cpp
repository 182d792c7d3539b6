// One function inlined into another, at a place that the symbol table names. With an argument it waits for the end of its
// standard input.
#include <unistd.h>

namespace steps {

template <typename T>
struct Buffer {
  T data[4];
  [[gnu::always_inline]] void put(T value) {
    asm volatile(".globl inside\ninside: nop" ::: "memory");  // innermost
    data[0] = value;
  }
};

Buffer<int> buffer;

[[gnu::noinline]] int fill(int value) {
  buffer.put(value);  // caller
  return value + buffer.data[0];
}

}  // namespace steps

extern "C" int plain(int value) { return steps::fill(value) + 1; }

int main(int argc, char**) {
  char byte = 0;
  if (argc > 1) return static_cast<int>(read(STDIN_FILENO, &byte, 1));
  return plain(argc) == 0;
}
