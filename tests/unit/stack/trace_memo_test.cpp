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
  void note_another(TraceId trace) {
    memo->begin(caller(), 5);
    memo->note(caller().sp, stack[0]);
    memo->end(trace);
  }

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
  for (Address Frame::*part : {&Frame::pc, &Frame::sp}) {
    Frame other = walked.caller();
    other.*part += 8;
    CHECK(walked.find(other) == 0);
  }
  CHECK(walked.find(walked.caller(), 6) == 0);
}

TEST_CASE("the frame pointer matters to a walk that used it", "[stack]") {
  Walked walked;
  Frame other = walked.caller();
  other.bp += 8;
  CHECK(walked.find(other) == 77);
  walked.stack[0] = 99;
  walked.memo->begin(walked.caller(), 5);
  walked.memo->note(walked.caller().sp, walked.stack[0]);
  walked.memo->note_frame_pointer();
  walked.memo->end(78);
  CHECK(walked.find(walked.caller()) == 78);
  CHECK(walked.find(other) == 0);
  // It is forgotten with the walk.
  walked.stack[0] = 100;
  walked.note_another(79);
  walked.stack[0] = 101;
  walked.note_another(80);
  CHECK(walked.find(other) == 80);
}

TEST_CASE("two walks from the same frame are both known, and of three the two that were used last", "[stack]") {
  Walked walked;
  walked.stack[0] = 1;
  walked.note_another(101);
  CHECK(walked.find(walked.caller()) == 101);
  walked.stack[0] = 10;
  CHECK(walked.find(walked.caller()) == 77);
  walked.stack[0] = 2;
  CHECK(walked.find(walked.caller()) == 0);
  walked.note_another(102);
  CHECK(walked.find(walked.caller()) == 102);
  walked.stack[0] = 10;
  CHECK(walked.find(walked.caller()) == 77);
  walked.stack[0] = 1;
  CHECK(walked.find(walked.caller()) == 0);
}

TEST_CASE("a walk that did not end is not known", "[stack]") {
  Walked walked;
  walked.stack[0] = 99;
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
