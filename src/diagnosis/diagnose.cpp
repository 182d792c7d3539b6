#include "diagnosis/diagnose.h"

namespace fencepost::diagnosis {

namespace {

using record::BlockRecord;
using record::FaultRecord;
using record::Finding;
using record::FindingKind;
using record::Neighbours;
using record::Relation;

/// A block of zero bytes contains nothing, but its address is still what it is freed by.
bool is_start_in_call(const FaultRecord& fault, const BlockRecord& block) {
  return is_call(fault.event) && fault.address == block.address;
}

/// Describes `address` as seen from `block`.
Finding relate(const FaultRecord& fault, const BlockRecord& block) {
  Finding finding;
  finding.fault = fault;
  finding.block = block;
  const Address address = fault.address;
  if (address < block.address) {
    finding.relation = Relation::before;
    finding.distance = block.address - address;
  } else if (block.bytes().contains(address) || is_start_in_call(fault, block)) {
    finding.relation = Relation::inside;
    finding.distance = address - block.address;
  } else {
    finding.relation = Relation::after;
    finding.distance = address - block.bytes().end;
  }
  return finding;
}

Finding unrelated(const FaultRecord& fault) {
  Finding finding;
  finding.fault = fault;
  return finding;
}

/// The neighbour that the address is most likely about: the one whose pages hold it, else the nearer one.
Finding relate_to_nearest(const FaultRecord& fault, const Neighbours& around) {
  if (!fault.address_known || !around.in_arena) return unrelated(fault);
  if (!around.has_below && !around.has_above) return unrelated(fault);
  if (!around.has_above) return relate(fault, around.below);
  if (!around.has_below) return relate(fault, around.above);
  if (around.below.data().contains(fault.address)) return relate(fault, around.below);
  const Finding below = relate(fault, around.below);
  const Finding above = relate(fault, around.above);
  return above.distance < below.distance ? above : below;
}

Finding relate_to_its_block(const FaultRecord& fault, const Neighbours& around) {
  if (fault.has_block()) return relate(fault, fault.block);
  if (is_argument(fault.event)) return unrelated(fault);
  Finding finding = relate_to_nearest(fault, around);
  finding.history_expired = around.expired;
  return finding;
}

/// A thread came to the end of its stack: it accessed something near its stack pointer, in the gap below open memory.
/// Whether that is a guard page of the thread library's, of the program's own, or the limit that the kernel sets
/// makes no difference.
bool is_stack_overflow(const FaultRecord& fault) {
  // Compilers address, and probe, a little below the stack pointer; and they move it by whole frames at once.
  constexpr Size kMostBelow = Size{64} << 10;
  constexpr Size kLargestFrame = Size{128} << 20;
  if (!fault.address_known || fault.open_above.empty() || fault.access == record::Access::execute) return false;
  const bool in_gap = fault.place == record::Place::unmapped || fault.place == record::Place::closed;
  const bool near = fault.sp <= fault.address + kMostBelow && fault.open_above.begin <= fault.sp + kLargestFrame;
  return in_gap && near && fault.sp < fault.open_above.end;
}

FindingKind kind_of_access(const Finding& finding) {
  // The block is gone from our books, but its address tells that it was freed.
  if (finding.history_expired) return FindingKind::use_after_free;
  if (!finding.has_block()) {
    return is_stack_overflow(finding.fault) ? FindingKind::stack_overflow : FindingKind::wild_access;
  }
  if (finding.block.is_freed()) return FindingKind::use_after_free;
  switch (finding.relation) {
    case Relation::before: return FindingKind::heap_buffer_underflow;
    case Relation::after: return FindingKind::heap_buffer_overflow;
    default: return FindingKind::wild_access;  // its own bytes: somebody else took the page away
  }
}

/// The block was alive before the release that found this out.
bool is_of_live_block(record::Event event) { return event == record::Event::changed_slack || is_mismatch(event); }

/// A freed block was handed to a function of the heap.
FindingKind kind_of_repeated_release(const FaultRecord& fault) {
  return fault.api == record::Api::malloc_usable_size ? FindingKind::use_after_free : FindingKind::double_free;
}

FindingKind kind_of_call(const Finding& finding) {
  if (finding.history_expired) return kind_of_repeated_release(finding.fault);
  const bool is_block = finding.has_block() && finding.fault.address == finding.block.address;
  if (!is_block || !finding.block.is_freed()) return FindingKind::invalid_free;
  return kind_of_repeated_release(finding.fault);
}

}  // namespace

Finding diagnose(const FaultRecord& fault, const Neighbours& around) {
  Finding finding = relate_to_its_block(fault, around);
  switch (fault.event) {
    case record::Event::changed_poison: finding.kind = FindingKind::use_after_free; break;
    case record::Event::access: finding.kind = kind_of_access(finding); break;
    case record::Event::call: finding.kind = kind_of_call(finding); break;
    case record::Event::system_call: finding.kind = FindingKind::bad_syscall_buffer; break;
    case record::Event::mismatched_family:
    case record::Event::mismatched_alignment: finding.kind = FindingKind::mismatched_deallocation; break;
    case record::Event::mismatched_size: finding.kind = FindingKind::mismatched_size; break;
    case record::Event::excessive_size: finding.kind = FindingKind::allocation_size_overflow; break;
    case record::Event::bad_alignment: finding.kind = FindingKind::invalid_alignment; break;
    case record::Event::changed_slack: finding.kind = FindingKind::slack_overwritten; break;
  }
  if (is_of_live_block(fault.event)) finding.block.state = record::BlockState::live;
  return finding;
}

}  // namespace fencepost::diagnosis
