// The diagnosis of any event at any address of any heap: the block it names, where it says the address lies,
// and the kind, held against the heap itself.
#include <fuzzer/FuzzedDataProvider.h>

#include <algorithm>
#include <vector>

#include "diagnosis/diagnose.h"
#include "diagnosis/wording.h"
#include "heap/placement.h"
#include "property.h"

using namespace fencepost;
using fuzz::must_hold;
using record::BlockRecord;
using record::BlockState;
using record::Event;
using record::FaultRecord;
using record::Finding;
using record::FindingKind;
using record::Neighbours;
using record::Relation;

namespace {

constexpr Address kArena = 0x100000;

Size any_size(FuzzedDataProvider& input) {
  const auto pages = input.ConsumeIntegralInRange<Size>(0, 3);
  return input.ConsumeBool() ? pages * kPageSize : input.ConsumeIntegralInRange<Size>(0, (pages + 1) * kPageSize);
}

/// Slots in address order, with and without unused space between them.
std::vector<BlockRecord> any_heap(FuzzedDataProvider& input) {
  std::vector<BlockRecord> blocks;
  Address next = kArena;
  for (int count = input.ConsumeIntegralInRange(0, 6); count > 0; --count) {
    next += input.ConsumeIntegralInRange<Size>(0, 2) * kPageSize;
    const Size size = any_size(input);
    const Size alignment = heap::effective_alignment(size, Size{1} << input.ConsumeIntegralInRange(0, 13), 0);
    const auto side = input.ConsumeBool() ? heap::Side::end : heap::Side::begin;
    const heap::Placement placement = heap::place(size, alignment, side);
    const BlockRecord block{.address = align_up(next, placement.slot_alignment()) + placement.offset,
                            .size = size,
                            .data_pages = static_cast<std::uint32_t>(placement.data_pages),
                            .state = input.PickValueInArray({BlockState::live, BlockState::freeing, BlockState::freed}),
                            .alloc_api = record::Api::malloc};
    blocks.push_back(block);
    next = block.slot().end;
  }
  return blocks;
}

Address any_address(FuzzedDataProvider& input, const std::vector<BlockRecord>& blocks) {
  const Size distance = input.ConsumeIntegralInRange<Size>(0, 20) * (input.ConsumeBool() ? 1 : 512);
  if (blocks.empty() || input.ConsumeBool()) return kArena + input.ConsumeIntegralInRange<Size>(0, Size{1} << 17);
  const BlockRecord& block = blocks[input.ConsumeIntegralInRange<Size>(0, blocks.size() - 1)];
  const Address edge = input.PickValueInArray({block.address, block.bytes().end, block.data().begin, block.slot().end});
  return input.ConsumeBool() ? edge + distance : edge - distance;
}

FaultRecord any_event(FuzzedDataProvider& input, Address address) {
  FaultRecord fault;
  fault.event = static_cast<Event>(input.ConsumeIntegralInRange(0, static_cast<int>(Event::system_call)));
  fault.access = static_cast<record::Access>(input.ConsumeIntegralInRange(0, 3));
  fault.api = static_cast<record::Api>(input.ConsumeIntegralInRange(0, static_cast<int>(record::Api::thread_exit)));
  fault.place = static_cast<record::Place>(input.ConsumeIntegralInRange(0, static_cast<int>(record::Place::data)));
  fault.address_known = input.ConsumeIntegralInRange(0, 9) != 0;
  fault.address = address;
  fault.sp =
      input.ConsumeBool() ? address + input.ConsumeIntegralInRange<Size>(0, 1 << 17) : input.ConsumeIntegral<Address>();
  fault.open_above.begin = input.ConsumeIntegral<std::uint32_t>();
  fault.open_above.end = fault.open_above.begin + input.ConsumeIntegral<std::uint16_t>();
  return fault;
}

Neighbours around(const std::vector<BlockRecord>& blocks, Address address, FuzzedDataProvider& input) {
  Neighbours around;
  around.in_arena = input.ConsumeIntegralInRange(0, 9) != 0;
  around.expired = around.in_arena && input.ConsumeIntegralInRange(0, 9) == 0;
  if (!around.in_arena || around.expired) return around;
  for (const BlockRecord& block : blocks) {
    if (block.slot().begin <= address) {
      around.has_below = true;
      around.below = block;
    } else if (!around.has_above) {
      around.has_above = true;
      around.above = block;
    }
  }
  return around;
}

/// Where `address` lies as told in a report.
Size distance(const BlockRecord& block, Address address) {
  if (address < block.address) return block.address - address;
  return block.bytes().contains(address) ? 0 : address - block.bytes().end;
}

void check_relation(const Finding& finding) {
  const BlockRecord& block = finding.block;
  const Address address = finding.fault.address;
  switch (finding.relation) {
    case Relation::before:
      must_hold(address < block.address && address + finding.distance == block.address, "before the block");
      break;
    case Relation::inside: {
      const bool is_named = record::is_call(finding.fault.event) && finding.distance == 0;
      must_hold(block.address + finding.distance == address, "into the block");
      must_hold(finding.distance < block.size || is_named, "inside it");
      break;
    }
    case Relation::after:
      must_hold(address >= block.bytes().end && block.bytes().end + finding.distance == address, "after the block");
      break;
    case Relation::none:
      must_hold(finding.distance == 0 && block.address == 0 && block.size == 0, "no block, no distance");
  }
}

void check_choice(const Finding& finding, const Neighbours& around, const std::vector<BlockRecord>& blocks) {
  const Address address = finding.fault.address;
  const bool about_blocks = finding.fault.address_known && !record::is_argument(finding.fault.event);
  must_hold(finding.has_block() == (about_blocks && (around.has_below || around.has_above)), "a block if there is one");
  if (!finding.has_block()) return;
  for (const BlockRecord& block : blocks) {
    const bool is_named = block.address == finding.block.address;
    must_hold(is_named || !block.data().contains(address), "the block whose pages hold the address");
    if (is_named || finding.block.data().contains(address)) continue;
    must_hold(distance(finding.block, address) <= distance(block, address), "the nearest block");
  }
}

FindingKind expected_kind(const Finding& finding, bool was_freed) {
  const FaultRecord& fault = finding.fault;
  const bool is_block = finding.has_block() && fault.address == finding.block.address;
  const bool asks = fault.api == record::Api::malloc_usable_size;
  switch (fault.event) {
    case Event::mismatched_family:
    case Event::mismatched_alignment: return FindingKind::mismatched_deallocation;
    case Event::mismatched_size: return FindingKind::mismatched_size;
    case Event::excessive_size: return FindingKind::allocation_size_overflow;
    case Event::bad_alignment: return FindingKind::invalid_alignment;
    case Event::changed_slack: return FindingKind::slack_overwritten;
    case Event::changed_poison: return FindingKind::use_after_free;
    case Event::system_call: return FindingKind::bad_syscall_buffer;
    case Event::call:
      if (!finding.history_expired && (!is_block || !was_freed)) return FindingKind::invalid_free;
      return asks ? FindingKind::use_after_free : FindingKind::double_free;
    case Event::access: break;
  }
  if (finding.history_expired || was_freed) return FindingKind::use_after_free;
  if (finding.relation == Relation::before) return FindingKind::heap_buffer_underflow;
  if (finding.relation == Relation::after) return FindingKind::heap_buffer_overflow;
  return FindingKind::wild_access;
}

void check_kind(const Finding& finding, const std::vector<BlockRecord>& blocks) {
  const auto truth = std::find_if(blocks.begin(), blocks.end(),
                                  [&](const BlockRecord& block) { return block.address == finding.block.address; });
  const bool was_freed = finding.has_block() && truth->is_freed();
  const FindingKind expected = expected_kind(finding, was_freed);
  const bool may_overflow = expected == FindingKind::wild_access && !finding.has_block();
  must_hold(finding.kind == expected || (may_overflow && finding.kind == FindingKind::stack_overflow), "the kind");
}

void check_words(const Finding& finding) {
  must_hold(!diagnosis::kind_name(finding.kind).empty(), "a kind has a name");
  must_hold(!diagnosis::explanation(finding.kind).empty(), "a kind is explained");
  static_cast<void>(diagnosis::advice(finding));
  must_hold(!diagnosis::access_name(finding.fault.access).empty(), "an access has a name");
  must_hold(!diagnosis::place_name(finding.fault.place).empty(), "a place has a name");
  must_hold(!diagnosis::wild_reason(finding.fault).empty(), "a wild access has a reason");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  FuzzedDataProvider input(data, size);
  const std::vector<BlockRecord> blocks = any_heap(input);
  for (int events = input.ConsumeIntegralInRange(1, 8); events > 0; --events) {
    const Address address = any_address(input, blocks);
    const FaultRecord fault = any_event(input, address);
    const Neighbours neighbours = around(blocks, address, input);
    const Finding finding = diagnosis::diagnose(fault, neighbours);
    must_hold(finding.fault.event == fault.event && finding.fault.address == fault.address,
              "the event is told as it was");
    must_hold(finding.history_expired == (neighbours.expired && !record::is_argument(fault.event)),
              "expired history is told");
    check_relation(finding);
    check_choice(finding, neighbours, blocks);
    check_kind(finding, blocks);
    check_words(finding);
  }
  return 0;
}
