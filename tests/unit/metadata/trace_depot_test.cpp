#include "metadata/trace_depot.h"

#include <catch2/catch.hpp>
#include <memory>
#include <set>
#include <thread>
#include <vector>

#include "record/trace.h"

using namespace fencepost;
using metadata::TraceDepot;

namespace {

using Frames = std::vector<Address>;

std::unique_ptr<TraceDepot> depot_of(Size bytes) {
  auto depot = std::make_unique<TraceDepot>();
  if (!depot->reserve(bytes)) return nullptr;
  return depot;
}

/// A trace of its own for every number.
Frames trace(Address number, Size length = 5) {
  Frames frames(length, 0x400000);
  frames.back() = 0x500000 + number;
  return frames;
}

Frames loaded(const TraceDepot& depot, TraceId id) {
  const auto frames = depot.load(id);
  return {frames.begin(), frames.end()};
}

}  // namespace

TEST_CASE("a trace comes back as it was stored, at every depth", "[metadata]") {
  const auto depot = depot_of(Size{16} << 20);
  REQUIRE(depot);
  for (Size length = 1; length <= record::kMaxTraceDepth; ++length) {
    const TraceId id = depot->store(trace(length, length));
    CAPTURE(length);
    REQUIRE(id != 0);
    CHECK(loaded(*depot, id) == trace(length, length));
  }
  CHECK(depot->size() == record::kMaxTraceDepth);
}

TEST_CASE("a trace is stored once", "[metadata]") {
  const auto depot = depot_of(Size{16} << 20);
  REQUIRE(depot);
  const TraceId id = depot->store(trace(1));
  const Size used = depot->storage().used();
  for (int i = 0; i < 100; ++i) CHECK(depot->store(trace(1)) == id);
  CHECK(depot->size() == 1);
  CHECK(depot->storage().used() == used);
}

TEST_CASE("traces that differ in one frame, in order or in length are different", "[metadata]") {
  const auto depot = depot_of(Size{16} << 20);
  REQUIRE(depot);
  const Frames traces[] = {{1}, {2}, {1, 2}, {2, 1}, {1, 1}, {1, 1, 1}, {1, 2, 3}, {0}, {0, 0}};
  std::set<TraceId> ids;
  for (const Frames& frames : traces) {
    const TraceId id = depot->store(frames);
    CHECK(loaded(*depot, id) == frames);
    ids.insert(id);
  }
  CHECK(ids.size() == 9);
  CHECK(ids.count(0) == 0);
}

TEST_CASE("many traces, more than there are buckets, are all found again", "[metadata]") {
  const auto depot = depot_of(Size{64} << 20);
  REQUIRE(depot);
  constexpr Address kTraces = 200000;
  std::vector<TraceId> ids;
  for (Address number = 0; number < kTraces; ++number) ids.push_back(depot->store(trace(number)));
  CHECK(std::set<TraceId>(ids.begin(), ids.end()).size() == kTraces);
  CHECK(depot->size() == kTraces);
  Size wrong = 0;
  for (Address number = 0; number < kTraces; ++number) {
    wrong += depot->store(trace(number)) == ids[number] && loaded(*depot, ids[number]) == trace(number) ? 0 : 1;
  }
  CHECK(wrong == 0);
}

TEST_CASE("no trace has no id", "[metadata]") {
  const auto depot = depot_of(Size{16} << 20);
  REQUIRE(depot);
  CHECK(depot->store({}) == 0);
  CHECK(depot->load(0).empty());
  CHECK(depot->size() == 0);
}

TEST_CASE("a depot that was never reserved gives every trace id 0", "[metadata]") {
  const auto depot = std::make_unique<TraceDepot>();
  CHECK(depot->store(trace(1)) == 0);
  CHECK(depot->load(0).empty());
}

TEST_CASE("a full depot gives new traces id 0 and keeps the old ones", "[metadata]") {
  const auto depot = depot_of(Size{1} << 20);
  REQUIRE(depot);
  std::vector<TraceId> ids;
  for (;;) {
    const TraceId id = depot->store(trace(ids.size(), 64));
    if (id == 0) break;
    ids.push_back(id);
    REQUIRE(ids.size() < 4096);
  }
  CHECK(ids.size() > 1000);
  CHECK(depot->store(trace(1000000, 64)) == 0);
  CHECK(depot->size() == ids.size());
  for (Size i = 0; i < ids.size(); ++i) {
    REQUIRE(depot->store(trace(i, 64)) == ids[i]);
    REQUIRE(loaded(*depot, ids[i]) == trace(i, 64));
  }
}

TEST_CASE("threads that store the same traces all get them back", "[metadata]") {
  const auto depot = depot_of(Size{64} << 20);
  REQUIRE(depot);
  std::atomic<int> wrong = 0;
  std::vector<std::thread> threads;
  for (int thread = 0; thread < 4; ++thread) {
    threads.emplace_back([&] {
      for (Address round = 0; round < 3; ++round) {
        for (Address number = 0; number < 5000; ++number) {
          const TraceId id = depot->store(trace(number));
          if (id == 0 || loaded(*depot, id) != trace(number)) ++wrong;
        }
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  CHECK(wrong == 0);
  // A race may leave a second copy of a trace, at most one for each further thread.
  CHECK(depot->size() >= 5000);
  CHECK(depot->size() <= 20000);
  const Size settled = depot->size();
  for (Address number = 0; number < 5000; ++number) static_cast<void>(depot->store(trace(number)));
  CHECK(depot->size() == settled);
}
