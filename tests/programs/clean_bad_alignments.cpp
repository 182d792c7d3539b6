#include <initializer_list>
#include <new>

#include "check.h"

/* As libstdc++ answers: the new-handler is not asked. */
int main() {
  std::set_new_handler([] { CHECK(false); });
  for (std::size_t bytes : {0, 3, 24, 48, 4095}) {
    const auto alignment = std::align_val_t(bytes);
    CHECK(operator new(100, alignment, std::nothrow) == nullptr);
    CHECK(operator new[](100, alignment, std::nothrow) == nullptr);
    bool thrown = false;
    try {
      operator new[](100, alignment);
    } catch (const std::bad_alloc &) {
      thrown = true;
    }
    CHECK(thrown);
  }
  return 0;
}
