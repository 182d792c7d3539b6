// Every form of allocation, each released by its own counterpart: nothing to report.
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <new>
#include <string>
#include <vector>

struct alignas(64) Line {
  char bytes[64];
};

int main() {
  std::vector<std::string> words(1000, "a string that is too long for the small-string optimisation");
  auto lines = std::make_unique<Line[]>(10);
  int* const numbers = static_cast<int*>(std::calloc(10, sizeof(int)));
  int* const more = static_cast<int*>(std::realloc(numbers, 100 * sizeof(int)));
  std::free(more);
  delete new (std::nothrow) Line;
  std::printf("%zu words, line at a multiple of 64: %d\n", words.size(),
              reinterpret_cast<std::size_t>(lines.get()) % 64 == 0);
}
