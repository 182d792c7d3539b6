#include "stack/rule_cache.h"

#include <catch2/catch.hpp>
#include <memory>
#include <vector>

#include "stack/test_module.h"
#include "stack/unwind_table.h"
#include "support.h"

using namespace fencepost;

namespace {

struct Caches {
  stack::ModuleList modules;
  stack::RuleCache rules{modules};
};

std::unique_ptr<Caches> reserved_caches() {
  auto caches = std::make_unique<Caches>();
  return caches->modules.reserve() && caches->rules.reserve() ? std::move(caches) : nullptr;
}

}  // namespace

TEST_CASE("a cached rule is the one that the tables give, whatever else shares its set", "[stack]") {
  const auto caches = reserved_caches();
  REQUIRE(caches != nullptr);
  os::Module libc;
  REQUIRE(os::find_module(test::address_of(reinterpret_cast<void*>(&qsort)), libc));
  // Many times what the cache holds, so that entries are replaced again and again.
  for (int turn = 0; turn < 2; ++turn) {
    for (Address code = libc.range.begin + kPageSize; code < libc.range.end; code += 5) {
      if (caches->rules.find(code) != stack::find_frame_rule(code)) FAIL(code - libc.range.begin);
    }
  }
}

TEST_CASE("modules that rules come from are learnt, and nothing is known after clear", "[stack]") {
  const auto caches = reserved_caches();
  REQUIRE(caches != nullptr);
  test::TestModule module;
  const Address code = module.code() + 1;
  const stack::FrameRule rule = caches->rules.find(code);
  CHECK(rule.kind == stack::FrameRule::Kind::stack_pointer);
  CHECK(caches->modules.find(code) != nullptr);
  module.unload();
  CHECK(caches->rules.find(code) == rule);
  CHECK(caches->modules.forget_unloaded());
  caches->rules.clear();
  CHECK(caches->rules.find(code).kind == stack::FrameRule::Kind::unknown);
}
