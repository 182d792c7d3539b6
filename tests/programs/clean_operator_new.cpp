#include <cstdint>
#include <cstring>
#include <initializer_list>
#include <new>

#include "check.h"

static void check(void *block, std::size_t size, std::size_t alignment) {
  CHECK(block != nullptr && reinterpret_cast<std::uintptr_t>(block) % alignment == 0);
  std::memset(block, 1, size);
}

int main() {
  for (std::size_t size : {1, 8, 16, 100, 4096, 5000, 1000001}) {
    void *p = operator new(size);
    check(p, size, 1), operator delete(p);
    p = operator new[](size);
    check(p, size, 1), operator delete[](p);
    p = operator new(size);
    operator delete(p, size);
    p = operator new[](size);
    operator delete[](p, size);
    p = operator new(size, std::nothrow);
    check(p, size, 1), operator delete(p, std::nothrow);
    p = operator new[](size, std::nothrow);
    check(p, size, 1), operator delete[](p, std::nothrow);
    for (std::size_t bytes : {32, 64, 4096, 65536}) {
      const auto alignment = std::align_val_t(bytes);
      p = operator new(size, alignment);
      check(p, size, bytes), operator delete(p, alignment);
      p = operator new[](size, alignment);
      check(p, size, bytes), operator delete[](p, alignment);
      p = operator new(size, alignment);
      operator delete(p, size, alignment);
      p = operator new[](size, alignment);
      operator delete[](p, size, alignment);
      p = operator new(size, alignment, std::nothrow);
      check(p, size, bytes), operator delete(p, alignment, std::nothrow);
      p = operator new[](size, alignment, std::nothrow);
      check(p, size, bytes), operator delete[](p, alignment, std::nothrow);
    }
  }
  CHECK(operator new(0) != operator new(0));
  operator delete(nullptr);
  operator delete[](nullptr);
  operator delete(nullptr, std::align_val_t(64));
  return 0;
}
