#include <new>
#include <string>
#include <vector>

#include "check.h"

static volatile std::size_t huge = std::size_t{1} << 62;
static const auto kLine = std::align_val_t(64);

template <typename Call>
static bool throws_bad_alloc(Call call) {
  try {
    call();
  } catch (const std::bad_alloc &) {
    return true;
  }
  return false;
}

int main() {
  CHECK(throws_bad_alloc([] { return operator new(huge); }));
  CHECK(throws_bad_alloc([] { return operator new[](huge); }));
  CHECK(throws_bad_alloc([] { return operator new(huge, kLine); }));
  CHECK(throws_bad_alloc([] { return operator new[](huge, kLine); }));
  CHECK(throws_bad_alloc([] { return new char[huge]; }));
  CHECK(throws_bad_alloc([] { return new int[huge]; }));
  CHECK(throws_bad_alloc([] { std::vector<char> v(huge); }));
  CHECK(throws_bad_alloc([] { return operator new(~std::size_t{0}); }));
  CHECK(operator new(huge, std::nothrow) == nullptr);
  CHECK(operator new[](huge, std::nothrow) == nullptr);
  CHECK(operator new(huge, kLine, std::nothrow) == nullptr);
  CHECK(operator new[](huge, kLine, std::nothrow) == nullptr);
  return 0;
}
