#include "diagnosis/diagnose.h"

#include <catch2/catch.hpp>
#include <utility>

using namespace fencepost;
using diagnosis::diagnose;
using record::Api;
using record::BlockRecord;
using record::BlockState;
using record::Event;
using record::FaultRecord;
using record::Finding;
using record::FindingKind;
using record::Neighbours;
using record::Relation;

namespace {

constexpr long kDistances[] = {-4097, -17, -16, -1, 0, 1, 7, 8, 15, 16, 4095, 4096, 8191};

/// 40 bytes in the page at 0x16000, ending at the fence at 0x17000.
BlockRecord block_at_end(BlockState state = BlockState::live) {
  return {.address = 0x16fd8, .size = 40, .data_pages = 1, .state = state};
}

/// 24 bytes in the page at 0x18000, right after that fence.
BlockRecord block_at_begin(BlockState state = BlockState::live) {
  return {.address = 0x18000, .size = 24, .data_pages = 1, .state = state};
}

Neighbours only_below(const BlockRecord& block) {
  return {.in_arena = true, .has_below = true, .has_above = false, .below = block, .above = {}};
}

Neighbours only_above(const BlockRecord& block) {
  return {.in_arena = true, .has_below = false, .has_above = true, .below = {}, .above = block};
}

Neighbours between(const BlockRecord& below, const BlockRecord& above) {
  return {.in_arena = true, .has_below = true, .has_above = true, .below = below, .above = above};
}

FaultRecord access_at(Address address) { return {.event = Event::access, .address = address, .damage = {}}; }

FaultRecord call_of(Api api, Address address) {
  return {.event = Event::call, .api = api, .address = address, .damage = {}};
}

struct Expected {
  FindingKind kind;
  Relation relation;
  Size distance;
};

/// What an access at `block.address + offset` is to a live block of `size` bytes.
Expected expected_of_live(long offset, long size) {
  if (offset < 0) return {FindingKind::heap_buffer_underflow, Relation::before, static_cast<Size>(-offset)};
  if (offset < size) return {FindingKind::wild_access, Relation::inside, static_cast<Size>(offset)};
  return {FindingKind::heap_buffer_overflow, Relation::after, static_cast<Size>(offset - size)};
}

void check_offset(const BlockRecord& block, long offset, const Neighbours& around) {
  const Finding finding = diagnose(access_at(block.address + static_cast<Address>(offset)), around);
  Expected expected = expected_of_live(offset, static_cast<long>(block.size));
  if (block.is_freed()) expected.kind = FindingKind::use_after_free;
  CAPTURE(offset);
  CHECK(finding.kind == expected.kind);
  CHECK(finding.relation == expected.relation);
  CHECK(finding.distance == expected.distance);
  CHECK(finding.block.address == block.address);
}

}  // namespace

TEST_CASE("accesses around a block are told by distance from its start and end", "[diagnosis]") {
  for (const BlockState state : {BlockState::live, BlockState::freeing, BlockState::freed}) {
    for (const BlockRecord& block : {block_at_end(state), block_at_begin(state)}) {
      for (const long distance : kDistances) {
        check_offset(block, distance, only_below(block));
        check_offset(block, distance, only_above(block));
        check_offset(block, static_cast<long>(block.size) + distance, only_below(block));
        check_offset(block, static_cast<long>(block.size) + distance, only_above(block));
      }
    }
  }
}

TEST_CASE("the first byte of the fence is 0 bytes after the block", "[diagnosis]") {
  const Finding finding = diagnose(access_at(0x17000), only_below(block_at_end()));
  CHECK(finding.kind == FindingKind::heap_buffer_overflow);
  CHECK(finding.relation == Relation::after);
  CHECK(finding.distance == 0);
}

TEST_CASE("the last byte before a block is 1 byte before it", "[diagnosis]") {
  const Finding finding = diagnose(access_at(0x17fff), only_above(block_at_begin()));
  CHECK(finding.kind == FindingKind::heap_buffer_underflow);
  CHECK(finding.relation == Relation::before);
  CHECK(finding.distance == 1);
}

TEST_CASE("an address in a fence belongs to the nearer neighbour", "[diagnosis]") {
  const Neighbours around = between(block_at_end(), block_at_begin());
  struct Case {
    Address address;
    FindingKind kind;
    Size distance;
  };
  const Case cases[] = {
      {0x17000, FindingKind::heap_buffer_overflow, 0},      {0x17010, FindingKind::heap_buffer_overflow, 0x10},
      {0x177ff, FindingKind::heap_buffer_overflow, 0x7ff},  {0x17800, FindingKind::heap_buffer_overflow, 0x800},
      {0x17801, FindingKind::heap_buffer_underflow, 0x7ff}, {0x17fff, FindingKind::heap_buffer_underflow, 1},
  };
  for (const Case& one : cases) {
    const Finding finding = diagnose(access_at(one.address), around);
    CAPTURE(one.address);
    CHECK(finding.kind == one.kind);
    CHECK(finding.distance == one.distance);
  }
}

TEST_CASE("an address in a block's own pages belongs to it, however near another one is", "[diagnosis]") {
  const BlockRecord below{.address = 0x14000, .size = 1, .data_pages = 4, .state = BlockState::live};
  BlockRecord above = block_at_begin();
  above.address = 0x18100;
  const Finding finding = diagnose(access_at(0x17fff), between(below, above));
  CHECK(finding.kind == FindingKind::heap_buffer_overflow);
  CHECK(finding.block.address == below.address);
  CHECK(finding.distance == 0x3ffe);
}

TEST_CASE("slack in front of a block is before it, not after the block below", "[diagnosis]") {
  const Finding finding = diagnose(access_at(0x16000), between(block_at_end(), block_at_begin()));
  CHECK(finding.kind == FindingKind::heap_buffer_underflow);
  CHECK(finding.distance == 0xfd8);
}

TEST_CASE("the nearer neighbour decides between overflow and use after free", "[diagnosis]") {
  const Neighbours freed_above = between(block_at_end(), block_at_begin(BlockState::freed));
  CHECK(diagnose(access_at(0x17000), freed_above).kind == FindingKind::heap_buffer_overflow);
  CHECK(diagnose(access_at(0x17fff), freed_above).kind == FindingKind::use_after_free);
  const Neighbours freed_below = between(block_at_end(BlockState::freed), block_at_begin());
  CHECK(diagnose(access_at(0x17000), freed_below).kind == FindingKind::use_after_free);
  CHECK(diagnose(access_at(0x17fff), freed_below).kind == FindingKind::heap_buffer_underflow);
}

TEST_CASE("any access to a block of zero bytes is after its end", "[diagnosis]") {
  const BlockRecord block{.address = 0x6000, .size = 0, .data_pages = 0, .state = BlockState::live};
  const Finding first = diagnose(access_at(0x6000), only_below(block));
  CHECK(first.kind == FindingKind::heap_buffer_overflow);
  CHECK(first.distance == 0);
  CHECK(diagnose(access_at(0x6fff), only_below(block)).distance == 0xfff);
}

TEST_CASE("an address outside the arena, or without neighbours, is wild", "[diagnosis]") {
  Neighbours outside = only_below(block_at_end());
  outside.in_arena = false;
  for (const Neighbours& around : {outside, Neighbours{.in_arena = true, .below = {}, .above = {}}}) {
    const Finding finding = diagnose(access_at(0x17000), around);
    CHECK(finding.kind == FindingKind::wild_access);
    CHECK_FALSE(finding.has_block());
  }
}

TEST_CASE("an address that the kernel did not tell is about no block", "[diagnosis]") {
  FaultRecord fault = access_at(0x17000);
  fault.address_known = false;
  const Finding finding = diagnose(fault, only_below(block_at_end()));
  CHECK(finding.kind == FindingKind::wild_access);
  CHECK_FALSE(finding.has_block());
}

TEST_CASE("freeing the start of a freed block again is a double free", "[diagnosis]") {
  for (const BlockState state : {BlockState::freeing, BlockState::freed}) {
    const Finding finding = diagnose(call_of(Api::free, 0x16fd8), only_below(block_at_end(state)));
    CHECK(finding.kind == FindingKind::double_free);
    CHECK(finding.relation == Relation::inside);
    CHECK(finding.distance == 0);
  }
}

TEST_CASE("freeing anything else is an invalid free, with the block it is near to", "[diagnosis]") {
  struct Case {
    Address address;
    Relation relation;
    Size distance;
  };
  const Case cases[] = {{0x16fe0, Relation::inside, 8}, {0x16fd0, Relation::before, 8}, {0x17004, Relation::after, 4}};
  for (const BlockState state : {BlockState::live, BlockState::freed}) {
    for (const Case& one : cases) {
      const Finding finding = diagnose(call_of(Api::free, one.address), only_below(block_at_end(state)));
      CAPTURE(one.address);
      CHECK(finding.kind == FindingKind::invalid_free);
      CHECK(finding.relation == one.relation);
      CHECK(finding.distance == one.distance);
    }
  }
}

TEST_CASE("freeing what was never ours is an invalid free without a block", "[diagnosis]") {
  const Finding finding = diagnose(call_of(Api::free, 0x16fd8), Neighbours{.below = {}, .above = {}});
  CHECK(finding.kind == FindingKind::invalid_free);
  CHECK_FALSE(finding.has_block());
}

TEST_CASE("asking a freed block for its size is a use after free", "[diagnosis]") {
  const FaultRecord call = call_of(Api::malloc_usable_size, 0x16fd8);
  CHECK(diagnose(call, only_below(block_at_end(BlockState::freed))).kind == FindingKind::use_after_free);
}

TEST_CASE("reallocating a freed block is a double free", "[diagnosis]") {
  const FaultRecord call = call_of(Api::realloc, 0x16fd8);
  CHECK(diagnose(call, only_below(block_at_end(BlockState::freed))).kind == FindingKind::double_free);
}

TEST_CASE("changed slack is told by its side of the block", "[diagnosis]") {
  FaultRecord fault;
  fault.event = Event::changed_slack;
  fault.address = 0x16fd0;
  const Finding before = diagnose(fault, only_below(block_at_end()));
  CHECK(before.kind == FindingKind::slack_overwritten);
  CHECK(before.relation == Relation::before);
  CHECK(before.distance == 8);
  fault.address = 0x18018;
  const Finding after = diagnose(fault, between(block_at_begin(), {.address = 0x1a000, .data_pages = 1}));
  CHECK(after.kind == FindingKind::slack_overwritten);
  CHECK(after.relation == Relation::after);
  CHECK(after.distance == 0);
}

TEST_CASE("a finding carries the fault record as it was", "[diagnosis]") {
  FaultRecord fault = access_at(0x17004);
  fault.access = record::Access::write;
  fault.pc = 0x401234;
  fault.sp = 0x7ffe1000;
  fault.thread = 3;
  fault.signal = 11;
  const Finding finding = diagnose(fault, only_below(block_at_end()));
  CHECK(finding.fault.access == record::Access::write);
  CHECK(finding.fault.address == 0x17004);
  CHECK(finding.fault.pc == 0x401234);
  CHECK(finding.fault.sp == 0x7ffe1000);
  CHECK(finding.fault.thread == 3);
  CHECK(finding.fault.signal == 11);
}

TEST_CASE("an access to what expired is a use after free of a block unknown", "[diagnosis]") {
  const Finding finding = diagnose(access_at(0x17000), {.in_arena = true, .expired = true, .below = {}, .above = {}});
  CHECK(finding.kind == FindingKind::use_after_free);
  CHECK(finding.history_expired);
  CHECK_FALSE(finding.has_block());
  CHECK(finding.fault.address == 0x17000);
}

TEST_CASE("freeing what expired is a double free of a block unknown", "[diagnosis]") {
  const Neighbours expired{.in_arena = true, .expired = true, .below = {}, .above = {}};
  for (const Api api : {Api::free, Api::realloc, Api::operator_delete}) {
    const Finding finding = diagnose(call_of(api, 0x16fd8), expired);
    CHECK(finding.kind == FindingKind::double_free);
    CHECK(finding.history_expired);
  }
}

TEST_CASE("asking what expired for its size is a use after free", "[diagnosis]") {
  const Neighbours expired{.in_arena = true, .expired = true, .below = {}, .above = {}};
  const Finding finding = diagnose(call_of(Api::malloc_usable_size, 0x16fd8), expired);
  CHECK(finding.kind == FindingKind::use_after_free);
  CHECK(finding.history_expired);
}

TEST_CASE("an error found with its block is about that one, whatever is there by now", "[diagnosis]") {
  constexpr std::pair<Event, FindingKind> kFound[] = {
      {Event::changed_slack, FindingKind::slack_overwritten},
      {Event::changed_poison, FindingKind::use_after_free},
      {Event::mismatched_family, FindingKind::mismatched_deallocation},
      {Event::mismatched_alignment, FindingKind::mismatched_deallocation},
      {Event::mismatched_size, FindingKind::mismatched_size},
  };
  const Neighbours expired{.in_arena = true, .expired = true, .below = {}, .above = {}};
  for (const auto& [event, kind] : kFound) {
    FaultRecord fault = call_of(Api::free, 0x16fd8);
    fault.event = event;
    fault.block = block_at_end(BlockState::freeing);
    for (const Neighbours& around : {expired, only_below(block_at_begin()), Neighbours{}}) {
      const Finding finding = diagnose(fault, around);
      CHECK(finding.kind == kind);
      CHECK(finding.block.address == fault.block.address);
      CHECK(finding.block.is_freed() == (event == Event::changed_poison));
      CHECK_FALSE(finding.history_expired);
    }
  }
}

TEST_CASE("changed poison is a use after free of the block that held it", "[diagnosis]") {
  FaultRecord fault;
  fault.event = Event::changed_poison;
  fault.access = record::Access::write;
  fault.address = 0x16fe0;
  const Finding finding = diagnose(fault, between(block_at_end(BlockState::freed), block_at_begin()));
  CHECK(finding.kind == FindingKind::use_after_free);
  CHECK(finding.relation == Relation::inside);
  CHECK(finding.distance == 8);
  CHECK(finding.block.address == 0x16fd8);
  CHECK(finding.block.state == BlockState::freed);
  CHECK_FALSE(finding.history_expired);
}

TEST_CASE("what did not expire says so", "[diagnosis]") {
  CHECK_FALSE(diagnose(access_at(0x17000), only_below(block_at_end(BlockState::freed))).history_expired);
}

TEST_CASE("memory that the kernel could not use is a bad buffer, of whatever block", "[diagnosis]") {
  FaultRecord fault = access_at(0x17004);
  fault.event = Event::system_call;
  fault.system_call = record::SystemCall::read;
  fault.argument = 2;
  for (const BlockState state : {BlockState::live, BlockState::freed}) {
    const Finding finding = diagnose(fault, only_below(block_at_end(state)));
    CHECK(finding.kind == FindingKind::bad_syscall_buffer);
    CHECK(finding.relation == Relation::after);
    CHECK(finding.distance == 4);
    CHECK(finding.block.state == state);
    CHECK(finding.fault.system_call == record::SystemCall::read);
    CHECK(finding.fault.argument == 2);
  }
  const Finding expired = diagnose(fault, {.in_arena = true, .expired = true, .below = {}, .above = {}});
  CHECK(expired.kind == FindingKind::bad_syscall_buffer);
  CHECK(expired.history_expired);
}

TEST_CASE("a release that does not go with its block is told of a block that lives", "[diagnosis]") {
  struct Case {
    Event event;
    FindingKind kind;
  };
  const Case cases[] = {{Event::mismatched_family, FindingKind::mismatched_deallocation},
                        {Event::mismatched_alignment, FindingKind::mismatched_deallocation},
                        {Event::mismatched_size, FindingKind::mismatched_size}};
  const BlockRecord empty{.address = 0x6000, .size = 0, .data_pages = 0, .state = BlockState::freed};
  for (const Case& one : cases) {
    for (const BlockRecord& block : {block_at_end(BlockState::freed), block_at_begin(BlockState::freed), empty}) {
      const FaultRecord fault{.event = one.event, .api = Api::free, .address = block.address, .damage = {}};
      const Finding finding = diagnose(fault, only_below(block));
      CHECK(finding.kind == one.kind);
      CHECK(finding.relation == Relation::inside);
      CHECK(finding.distance == 0);
      CHECK(finding.block.state == BlockState::live);
    }
  }
}

TEST_CASE("wrong arguments are about no block, wherever blocks are", "[diagnosis]") {
  for (const auto& [event, kind] : {std::pair{Event::excessive_size, FindingKind::allocation_size_overflow},
                                    std::pair{Event::bad_alignment, FindingKind::invalid_alignment}}) {
    const FaultRecord fault{.event = event, .api = Api::malloc, .damage = {}};
    const Neighbours expired{.in_arena = true, .expired = true, .below = {}, .above = {}};
    for (const Neighbours& around : {only_above(block_at_end()), expired}) {
      const Finding finding = diagnose(fault, around);
      CHECK(finding.kind == kind);
      CHECK_FALSE(finding.has_block());
      CHECK_FALSE(finding.history_expired);
    }
  }
}

namespace {

/// A store at `address` in the gap below the stack [0x100000, 0x180000).
FindingKind kind_below_stack(Address address, Address sp, record::Place place = record::Place::closed) {
  FaultRecord fault = access_at(address);
  fault.access = record::Access::write;
  fault.place = place;
  fault.sp = sp;
  fault.open_above = {0x100000, 0x180000};
  return diagnose(fault, Neighbours{.below = {}, .above = {}}).kind;
}

}  // namespace

TEST_CASE("an access near the stack pointer, below the stack, is a stack overflow", "[diagnosis]") {
  for (const record::Place gap : {record::Place::closed, record::Place::unmapped}) {
    CHECK(kind_below_stack(0xffff8, 0x100000, gap) == FindingKind::stack_overflow);  // a push
    CHECK(kind_below_stack(0xffff8, 0xfffe0, gap) == FindingKind::stack_overflow);   // a variable
    CHECK(kind_below_stack(0xff000, 0xff008, gap) == FindingKind::stack_overflow);   // a probe
    CHECK(kind_below_stack(0xfc000, 0x100100, gap) == FindingKind::stack_overflow);  // ahead of a large frame
    CHECK(kind_below_stack(0xfff00, 0x20000, gap) == FindingKind::stack_overflow);   // a large frame's upper end
  }
}

TEST_CASE("an access below a stack is wild if the stack pointer is elsewhere", "[diagnosis]") {
  CHECK(kind_below_stack(0xffff8, 0x17ff00) == FindingKind::wild_access);  // far up in the stack
  CHECK(kind_below_stack(0xffff8, 0x180000) == FindingKind::wild_access);  // on another one
  CHECK(kind_below_stack(0x1000, 0x100000) == FindingKind::wild_access);
  CHECK(kind_below_stack(0xffff8, 0x100000, record::Place::mapped) == FindingKind::wild_access);
}

TEST_CASE("a jump below the stack, or an access that is not known, is no stack overflow", "[diagnosis]") {
  FaultRecord fault = access_at(0xffff8);
  fault.place = record::Place::closed;
  fault.sp = 0x100000;
  fault.open_above = {0x100000, 0x180000};
  fault.access = record::Access::execute;
  CHECK(diagnose(fault, Neighbours{.below = {}, .above = {}}).kind == FindingKind::wild_access);
  fault.access = record::Access::unknown;
  fault.address_known = false;
  CHECK(diagnose(fault, Neighbours{.below = {}, .above = {}}).kind == FindingKind::wild_access);
  fault.address_known = true;
  fault.open_above = {};
  CHECK(diagnose(fault, Neighbours{.below = {}, .above = {}}).kind == FindingKind::wild_access);
}
