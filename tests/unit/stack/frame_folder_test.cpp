#include "stack/frame_folder.h"

#include <catch2/catch.hpp>
#include <vector>

using namespace fencepost;
using record::FoldedTrace;
using stack::FrameFolder;

namespace {

FoldedTrace fold(const std::vector<Address>& frames) {
  FoldedTrace trace;
  FrameFolder folder(trace);
  for (const Address pc : frames) static_cast<void>(folder.add(pc));
  folder.finish();
  return trace;
}

/// `count` frames that repeat `cycle`, then `outer`.
std::vector<Address> recursion(const std::vector<Address>& cycle, Size count, const std::vector<Address>& outer) {
  std::vector<Address> frames;
  for (Size i = 0; i < count; ++i) frames.push_back(cycle[i % cycle.size()]);
  frames.insert(frames.end(), outer.begin(), outer.end());
  return frames;
}

std::vector<Address> all(const record::Trace& trace) { return {trace.view().begin(), trace.view().end()}; }

}  // namespace

TEST_CASE("a short stack is not folded", "[stack]") {
  for (Size count = 0; count <= 48; ++count) {
    const FoldedTrace trace = fold(recursion({0x6000}, count, {}));
    CHECK(trace.folded == 0);
    CHECK(trace.head.size + trace.tail.size == count);
    CHECK(trace.complete);
  }
}

TEST_CASE("a recursion is folded between its first frames and those that led to it", "[stack]") {
  const FoldedTrace trace = fold(recursion({0x6000}, 10000, {0x7000, 0x8000, 0x9000}));
  CHECK(all(trace.head) == std::vector<Address>(16, 0x6000));
  CHECK(trace.folded == 10000 - 16);
  CHECK(all(trace.kinds) == std::vector<Address>{0x6000});
  CHECK(all(trace.tail) == std::vector<Address>{0x7000, 0x8000, 0x9000});
}

TEST_CASE("a recursion of several functions is folded as one", "[stack]") {
  for (const Size count : {1000, 1001, 1002}) {
    const FoldedTrace trace = fold(recursion({0x6000, 0x6100, 0x6200}, count, {0x7000}));
    CHECK(trace.folded == count - 16);
    CHECK(all(trace.kinds) == std::vector<Address>{0x6100, 0x6200, 0x6000});
    CHECK(all(trace.tail) == std::vector<Address>{0x7000});
  }
}

TEST_CASE("no frame is lost or told twice", "[stack]") {
  for (Size count = 0; count < 200; ++count) {
    for (const Size outer : {0, 1, 31, 32, 33, 60}) {
      std::vector<Address> callers;
      for (Size i = 0; i < outer; ++i) callers.push_back(0x10000 + i);
      const FoldedTrace trace = fold(recursion({0x6000, 0x6100}, count, callers));
      REQUIRE(trace.head.size + trace.folded + trace.tail.size == count + outer);
    }
  }
}

TEST_CASE("more kinds of frames than there is room for are counted", "[stack]") {
  std::vector<Address> frames;
  for (Address pc = 1; pc <= 1000; ++pc) frames.push_back(pc);
  const FoldedTrace trace = fold(frames);
  CHECK(trace.folded == 1000 - 16 - 32);
  CHECK(trace.kinds.size == record::kMaxTraceDepth);
  CHECK(trace.tail.size == 32);
}

TEST_CASE("a stack without end is given up", "[stack]") {
  FoldedTrace trace;
  FrameFolder folder(trace);
  std::uint64_t taken = 0;
  while (folder.add(0x6000)) ++taken;
  folder.finish();
  CHECK(taken == FrameFolder::kMost);
  CHECK_FALSE(trace.complete);
  CHECK(trace.folded == FrameFolder::kMost - 16);
}
