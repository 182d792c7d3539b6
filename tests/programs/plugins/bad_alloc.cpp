#include <new>
#include <string>
#include <vector>

static volatile std::size_t huge = std::size_t{1} << 62;

extern "C" int plugin_catches_bad_alloc() {
  int caught = 0;
  for (int i = 0; i < 5; ++i) {
    try {
      const std::string text(100, 'x');
      std::vector<char> bytes(huge);
    } catch (const std::bad_alloc &) {
      ++caught;
    }
  }
  return new (std::nothrow) char[huge] == nullptr ? caught : -1;
}
