#include <new>

#include "check.h"

static volatile std::size_t huge = std::size_t{1} << 62;
static const auto kLine = std::align_val_t(64);
static int calls = 0;

struct OwnError : std::bad_alloc {};

static void gives_up_the_third_time() {
  if (++calls == 3) std::set_new_handler(nullptr);
}

static void throws() {
  ++calls;
  throw OwnError();
}

template <typename Call>
static void check_handler_is_called(Call call) {
  calls = 0;
  std::set_new_handler(gives_up_the_third_time);
  try {
    CHECK(call() == nullptr);
  } catch (const std::bad_alloc &) {
  }
  CHECK(calls == 3);
}

template <typename Call>
static bool throws_own_error(Call call) {
  calls = 0;
  std::set_new_handler(throws);
  try {
    CHECK(call() == nullptr);
  } catch (const OwnError &) {
    return true;
  }
  CHECK(calls == 1);
  return false;
}

int main() {
  check_handler_is_called([] { return operator new(huge); });
  check_handler_is_called([] { return operator new[](huge); });
  check_handler_is_called([] { return operator new(huge, kLine); });
  check_handler_is_called([] { return operator new(huge, std::nothrow); });
  check_handler_is_called([] { return operator new[](huge, std::nothrow); });
  check_handler_is_called([] { return operator new(huge, kLine, std::nothrow); });
  CHECK(throws_own_error([] { return operator new(huge); }));
  CHECK(throws_own_error([] { return operator new[](huge, kLine); }));
  CHECK(!throws_own_error([] { return operator new(huge, std::nothrow); }));
  CHECK(!throws_own_error([] { return operator new[](huge, std::nothrow); }));
  CHECK(!throws_own_error([] { return operator new(huge, kLine, std::nothrow); }));
  return 0;
}
