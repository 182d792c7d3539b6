#include "heap/mismatch.h"

#include <bit>
#include <catch2/catch.hpp>
#include <vector>

using namespace fencepost;
using heap::Statement;
using record::Api;
using record::BlockRecord;
using record::Event;
using record::FaultRecord;

namespace {

/// What one family allocates and frees with.
struct Kin {
  std::vector<Api> allocate;
  std::vector<Api> release;
};

const std::vector<Kin> kKin = {
    {{Api::malloc, Api::calloc, Api::realloc, Api::reallocarray, Api::aligned_alloc, Api::memalign, Api::posix_memalign,
      Api::valloc, Api::pvalloc},
     {Api::free, Api::cfree, Api::realloc, Api::reallocarray}},
    {{Api::operator_new}, {Api::operator_delete}},
    {{Api::operator_new_array}, {Api::operator_delete_array}},
    {{Api::aligned_operator_new}, {Api::aligned_operator_delete}},
    {{Api::aligned_operator_new_array}, {Api::aligned_operator_delete_array}},
};

BlockRecord block_of(Api api, Size size = 40, Size alignment = 1) {
  return {.address = 0x6000,
          .size = size,
          .state = record::BlockState::freeing,
          .alloc_api = api,
          .alignment_shift = static_cast<std::uint8_t>(std::countr_zero(alignment))};
}

/// The event that a release leads to, or Event::access for none.
Event event_of(const BlockRecord& block, Api release, const Statement& statement = {}) {
  FaultRecord error;
  const bool matches = heap::matches(block, {release, 0, 0, statement}, error);
  CHECK(matches == (error.event == Event::access));
  CHECK(error.address == (matches ? 0 : block.address));
  return error.event;
}

}  // namespace

TEST_CASE("every function frees what its own family allocates, and nothing else", "[heap]") {
  for (const Kin& allocating : kKin) {
    for (const Kin& freeing : kKin) {
      const Event expected = &allocating == &freeing ? Event::access : Event::mismatched_family;
      for (const Api allocate : allocating.allocate) {
        for (const Api release : freeing.release) {
          CAPTURE(record::name(allocate), record::name(release));
          CHECK(event_of(block_of(allocate), release) == expected);
        }
      }
    }
  }
}

TEST_CASE("a function that is not known matches everything", "[heap]") {
  CHECK(event_of(block_of(Api::none), Api::operator_delete) == Event::access);
  CHECK(event_of(block_of(Api::operator_new), Api::none) == Event::access);
}

TEST_CASE("free_sized is for blocks without an alignment, free_aligned_sized for those with one", "[heap]") {
  CHECK(event_of(block_of(Api::malloc), Api::free_sized, {.size = 40}) == Event::access);
  CHECK(event_of(block_of(Api::calloc), Api::free_aligned_sized, {.size = 40, .alignment = 1}) ==
        Event::mismatched_family);
  const BlockRecord aligned = block_of(Api::aligned_alloc, 40, 64);
  CHECK(event_of(aligned, Api::free_sized, {.size = 40}) == Event::mismatched_family);
  CHECK(event_of(aligned, Api::free_aligned_sized, {.size = 40, .alignment = 64}) == Event::access);
}

TEST_CASE("a size that is told must be the block's", "[heap]") {
  for (const Size size : {Size{0}, Size{1}, Size{40}, Size{4096}}) {
    const BlockRecord block = block_of(Api::operator_new, size);
    CHECK(event_of(block, Api::operator_delete) == Event::access);
    CHECK(event_of(block, Api::operator_delete, {.size = size}) == Event::access);
    CHECK(event_of(block, Api::operator_delete, {.size = size + 1}) == Event::mismatched_size);
  }
  FaultRecord error;
  CHECK_FALSE(heap::matches(block_of(Api::malloc), {Api::free_sized, 0, 0, {.size = 39}}, error));
  CHECK(error.stated_size == 39);
  CHECK(error.has_block());
  CHECK(error.block.size == 40);
}

TEST_CASE("an alignment that is told must be the one asked for", "[heap]") {
  const BlockRecord block = block_of(Api::aligned_operator_new, 40, 64);
  CHECK(event_of(block, Api::aligned_operator_delete, {.size = 40, .alignment = 64}) == Event::access);
  for (const Size alignment : {Size{0}, Size{1}, Size{32}, Size{63}, Size{128}}) {
    CHECK(event_of(block, Api::aligned_operator_delete, {.alignment = alignment}) == Event::mismatched_alignment);
  }
  FaultRecord error;
  CHECK_FALSE(heap::matches(block, {Api::aligned_operator_delete, 0, 0, {.alignment = 128}}, error));
  CHECK(error.stated_alignment == 128);
}

TEST_CASE("the wrong family weighs more than what is said", "[heap]") {
  CHECK(event_of(block_of(Api::operator_new), Api::free_sized, {.size = 1}) == Event::mismatched_family);
}
