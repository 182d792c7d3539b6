#include "os/stack_switch.h"

#include <catch2/catch.hpp>
#include <memory>

#include "support.h"

using namespace fencepost;

namespace {

constexpr Size kStackSize = 256 << 10;

class OwnStack {
 public:
  [[nodiscard]] Range range() const {
    const Address begin = test::address_of(memory_.get());
    return {begin, begin + kStackSize};
  }

 private:
  std::unique_ptr<char[]> memory_ = std::make_unique<char[]>(kStackSize);
};

struct Visit {
  int calls = 0;
  Address frame = 0;
  double product = 1;
  Range inner_stack;
  Visit* inner = nullptr;
};

[[gnu::noinline]] void visit(void* argument) {
  auto& made = *static_cast<Visit*>(argument);
  ++made.calls;
  made.frame = test::address_of(__builtin_frame_address(0));
  for (int i = 1; i <= 10; ++i) made.product *= i;
  if (made.inner != nullptr) os::call_on_stack(made.inner_stack, visit, made.inner);
}

}  // namespace

TEST_CASE("a function runs on the stack it is given, aligned as the ABI wants", "[os]") {
  const OwnStack stack;
  for (Size less = 0; less < 16; less += 5) {
    Visit made;
    os::call_on_stack({stack.range().begin, stack.range().end - less}, visit, &made);
    CHECK(made.calls == 1);
    CHECK(made.product == 3628800);
    CHECK(stack.range().contains(made.frame));
    CHECK(stack.range().end - made.frame < 256);
    CHECK(made.frame % 16 == 0);
  }
}

TEST_CASE("the caller's variables survive, however often the stack is switched", "[os]") {
  const OwnStack stack;
  std::uint64_t sum = 0;
  double ratio = 1;
  Visit made;
  for (std::uint64_t i = 0; i < 1000; ++i) {
    const std::uint64_t before = sum + i;
    os::call_on_stack(stack.range(), visit, &made);
    sum = before;
    ratio += 0.5;
  }
  CHECK(made.calls == 1000);
  CHECK(sum == 499500);
  CHECK(ratio == 501);
}

TEST_CASE("a stack may be switched on a switched stack", "[os]") {
  const OwnStack first;
  const OwnStack second;
  Visit inner;
  Visit outer{.inner_stack = second.range(), .inner = &inner};
  os::call_on_stack(first.range(), visit, &outer);
  CHECK(first.range().contains(outer.frame));
  CHECK(second.range().contains(inner.frame));
}
