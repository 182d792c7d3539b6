#include "stack/private_imports.h"

#include <link.h>

#include <catch2/catch.hpp>
#include <memory>
#include <thread>

#include "stack/module_list.h"
#include "stack/test_module.h"
#include "support.h"

using namespace fencepost;
using stack::CaptureScope;

TEST_CASE("a capture is active while a scope lives, on its own thread only", "[stack]") {
  CHECK_FALSE(CaptureScope::active());
  {
    const CaptureScope outer;
    {
      const CaptureScope inner;
      CHECK(CaptureScope::active());
    }
    CHECK(CaptureScope::active());
    bool elsewhere = true;
    std::thread([&] { elsewhere = CaptureScope::active(); }).join();
    CHECK_FALSE(elsewhere);
  }
  CHECK_FALSE(CaptureScope::active());
}

TEST_CASE("redirected imports do nothing inside a capture, and all outside of it", "[stack]") {
  CHECK(test::holds_in_child([] {
    const test::TestModule module;
    stack::ModuleList list;
    stack::redirect_imports(*static_cast<const link_map*>(module.handle()), list);
    int ends[2] = {7, 7};
    {
      const CaptureScope scope;
      const std::string before = test::open_descriptors();
      if (module.open_pipe()(ends) != 0 || ends[0] != -1 || ends[1] != -1) return false;
      if (test::open_descriptors() != before) return false;
    }
    return module.open_pipe()(ends) == 0 && ends[0] >= 0 && ends[1] >= 0 && write(ends[1], "x", 1) == 1;
  }));
}
