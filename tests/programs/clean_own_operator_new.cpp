#include <cstdlib>
#include <new>
#include <string>

#include "check.h"

alignas(16) static char pool[65536];
static std::size_t used = 0;
static int news = 0, deletes = 0;

void *operator new(std::size_t size) {
  ++news;
  used += (size + 15) / 16 * 16;
  return pool + used - (size + 15) / 16 * 16;
}

void operator delete(void *block) noexcept {
  CHECK(block >= pool && block < pool + used);
  ++deletes;
}

/* Every other form calls these two, by default: [new.delete] of the standard. */
int main() {
  { std::string text(100, 'x'); }
  delete new int;
  CHECK(news == 2 && deletes == 2);
  delete[] new int[10];
  CHECK(news == 3 && deletes == 3);
  delete new (std::nothrow) int;
  CHECK(news == 4 && deletes == 4);
  delete[] new (std::nothrow) std::string[3];
  CHECK(news == 5 && deletes == 5);
  return 0;
}
