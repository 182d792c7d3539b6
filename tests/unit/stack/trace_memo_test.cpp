#include "stack/trace_memo.h"

#include <catch2/catch.hpp>
#include <memory>
#include <utility>

#include "support.h"

using namespace fencepost;
using stack::Frame;
using stack::TraceMemo;

namespace {

/// A stack, and a memo that has seen a walk of it.
struct Walked {
  explicit Walked(Size words = 3) {
    memo->begin(caller(), 5);
    for (Size i = 0; i < words; ++i) memo->note(caller().sp + i * 16, stack[2 * i]);
    memo->end(77);
  }

  [[nodiscard]] Frame caller() const { return {0x401000, test::address_of(stack), 0x1234}; }
  [[nodiscard]] TraceId find(Frame from, std::uint32_t generation = 5) const { return memo->find(from, generation); }

  Address stack[128] = {10, 11, 12, 13, 14, 15};
  std::unique_ptr<TraceMemo> memo = std::make_unique<TraceMemo>();
};

}  // namespace

TEST_CASE("a walk is known while what it read is the same", "[stack]") {
  Walked walked;
  CHECK(walked.find(walked.caller()) == 77);
  walked.stack[1] = 0;  // it did not read this one
  CHECK(walked.find(walked.caller()) == 77);
  for (const Size read : {Size{0}, Size{2}, Size{4}}) {
    const Address before = std::exchange(walked.stack[read], 99);
    CHECK(walked.find(walked.caller()) == 0);
    walked.stack[read] = before;
  }
  CHECK(walked.find(walked.caller()) == 77);
}

TEST_CASE("a walk from elsewhere, or by other rules, is another one", "[stack]") {
  const Walked walked;
  for (Address Frame::*part : {&Frame::pc, &Frame::sp, &Frame::bp}) {
    Frame other = walked.caller();
    other.*part += 8;
    CHECK(walked.find(other) == 0);
  }
  CHECK(walked.find(walked.caller(), 6) == 0);
}

TEST_CASE("a walk that did not end is not known", "[stack]") {
  Walked walked;
  walked.memo->begin(walked.caller(), 5);
  walked.memo->note(walked.caller().sp, walked.stack[0]);
  CHECK(walked.find(walked.caller()) == 0);
}

TEST_CASE("a walk that read too much is not kept", "[stack]") {
  CHECK(Walked(48).find(Walked().caller()) == 0);
  const Walked most(48);
  CHECK(most.find(most.caller()) == 77);
  const Walked more(49);
  CHECK(more.find(more.caller()) == 0);
}

TEST_CASE("a new memo knows nothing, not even of nothing", "[stack]") {
  const auto memo = std::make_unique<TraceMemo>();
  CHECK(memo->find({}, 0) == 0);
}
