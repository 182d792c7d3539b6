#include "diagnosis/wording.h"

#include <algorithm>
#include <csignal>

#include "base/align.h"

namespace fencepost::diagnosis {

namespace {

using record::FindingKind;

struct Words {
  FindingKind kind;
  std::string_view name;
  std::string_view explanation;
};

constexpr Words kWords[] = {
    {FindingKind::heap_buffer_overflow, "heap-buffer-overflow", "memory past the end of a live block was accessed"},
    {FindingKind::heap_buffer_underflow, "heap-buffer-underflow",
     "memory before the start of a live block was accessed"},
    {FindingKind::use_after_free, "use-after-free", "memory of a block that had been freed was accessed"},
    {FindingKind::double_free, "double-free", "a block was freed a second time"},
    {FindingKind::invalid_free, "invalid-free", "an address was freed that is not the start of a live block"},
    {FindingKind::mismatched_deallocation, "mismatched-deallocation",
     "a block was freed by a function, or with an alignment, that does not go with the one that allocated it"},
    {FindingKind::mismatched_size, "mismatched-size", "a block was freed with a size that is not its own"},
    {FindingKind::slack_overwritten, "slack-overwritten", "bytes next to a block, inside its own pages, were written"},
    {FindingKind::allocation_size_overflow, "allocation-size-overflow",
     "a block was asked for that is larger than any can be"},
    {FindingKind::invalid_alignment, "invalid-alignment", "a block was asked for at an alignment that there is not"},
    {FindingKind::stack_overflow, "stack-overflow", "a thread used more stack than it has"},
    {FindingKind::wild_access, "wild-access", "an address was accessed that belongs to no block"},
    {FindingKind::bad_syscall_buffer, "bad-syscall-buffer",
     "a system call was given memory past the end of a block, before its start, or of a freed one"},
};

static_assert(sizeof kWords / sizeof kWords[0] == record::kFindingKinds);

const Words& words(FindingKind kind) { return kWords[static_cast<int>(kind)]; }

/// Accesses this close to zero go through a null pointer: an index or a member's offset explains the rest.
constexpr Address kNullPages = 16 * kPageSize;

/// The least that blocks of whole pages are placed with.
constexpr Size kLargestNaturalAlignment = 16;

/// Which placement has the overwritten byte in a fence. Before a block there is slack only if its end touches one.
std::string_view advice_for_slack(const record::Finding& finding) {
  if (finding.relation == record::Relation::before) {
    return "run again with FENCEPOST_OPTIONS=side=begin to stop at the instruction that writes it";
  }
  const record::BlockRecord& block = finding.block;
  // With align=1 a fence begins where an alignment that the program asks for lets the block's pages end.
  const Address fence = block.address + align_up(block.size, block.asked_alignment());
  if (finding.fault.damage.changed.end <= fence) {
    return "the alignment that was asked for leaves these bytes to the block in every placement; "
           "a watchpoint on them stops at the instruction that writes them";
  }
  const Size slack = block.data().end - block.bytes().end;
  return slack < std::max(block.asked_alignment(), kLargestNaturalAlignment)
             ? "run again with FENCEPOST_OPTIONS=align=1 to stop at the instruction that writes it"
             : "run again with FENCEPOST_OPTIONS=side=end:align=1 to stop at the instruction that writes it";
}

}  // namespace

std::string_view kind_name(FindingKind kind) { return words(kind).name; }

std::string_view explanation(FindingKind kind) { return words(kind).explanation; }

std::string_view advice(const record::Finding& finding) {
  if (finding.fault.event == record::Event::changed_poison) {
    return "run again with FENCEPOST_OPTIONS=fence=now to stop at the instruction that writes it";
  }
  if (finding.kind == FindingKind::bad_syscall_buffer) {
    return "the kernel does not fault: the call fails with EFAULT or stops short; run again with "
           "FENCEPOST_OPTIONS=bad_syscall=die to end the program there";
  }
  if (finding.kind == FindingKind::stack_overflow) {
    return "a recursion that does not end, or local variables that need more than the stack has "
           "(ulimit -s, pthread_attr_setstacksize)";
  }
  return finding.kind == FindingKind::slack_overwritten ? advice_for_slack(finding) : std::string_view();
}

std::string_view access_name(record::Access access) {
  switch (access) {
    case record::Access::read: return "READ";
    case record::Access::write: return "WRITE";
    case record::Access::execute: return "EXECUTE";
    case record::Access::unknown: break;
  }
  return "ACCESS";
}

std::string_view place_name(record::Place place) {
  switch (place) {
    case record::Place::stack: return "on the stack of this thread";
    case record::Place::code: return "in the code of";
    case record::Place::data: return "in the static data of";
    case record::Place::closed: return "in memory that is closed to every access";
    case record::Place::mapped: return "in mapped memory that no block was ever given from";
    case record::Place::unmapped: break;
  }
  return "not mapped";
}

std::string_view wild_reason(const record::FaultRecord& fault) {
  if (!fault.address_known) return "the address is not a canonical one: a pointer was overwritten or never set";
  if (fault.address < kNullPages) return "null pointer dereference";
  if (fault.signal == SIGBUS) return "bus error: the page behind a mapping could not be had";
  if (fault.access == record::Access::execute) return "a jump to an address that holds no code";
  if (fault.place == record::Place::unmapped) return "nothing is mapped there";
  return "the page does not allow this access";
}

}  // namespace fencepost::diagnosis
