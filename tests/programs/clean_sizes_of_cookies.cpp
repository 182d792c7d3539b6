#include <cstddef>
#include <memory_resource>
#include <string>
#include <vector>

#include "check.h"

struct Item {
  ~Item() { ++destroyed; }
  int number;
  static int destroyed;
};
int Item::destroyed = 0;
struct alignas(64) Line : Item {};
struct Base {
  virtual ~Base() = default;
  int number;
};
struct Derived : Base {
  std::string text = std::string(100, 'x');
};

/* Whatever a compiler says of sizes and alignments by itself is true. */
int main() {
  static volatile std::size_t none = 0;
  delete[] new Item[7];
  delete[] new Line[3];
  delete[] new Item[none];
  delete[] new char[none];
  CHECK(Item::destroyed == 10);
  delete new Line;
  Base *derived = new Derived;
  delete derived;
  { std::vector<Line> lines(5); }
  { std::vector<std::string> texts(100, std::string(50, 'y')); }
  for (std::size_t alignment : {1, 2, 4, 8, 16, 32, 4096}) {
    std::pmr::memory_resource *const heap = std::pmr::new_delete_resource();
    heap->deallocate(heap->allocate(100, alignment), 100, alignment);
  }
  std::pmr::monotonic_buffer_resource buffer;
  for (int i = 0; i < 100; ++i) static_cast<void>(buffer.allocate(100, 8));
  return 0;
}
