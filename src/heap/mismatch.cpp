#include "heap/mismatch.h"

namespace fencepost::heap {

namespace {

using record::Api;
using record::BlockRecord;
using record::Event;
using record::Family;

bool is_of_family(const BlockRecord& block, Api release) {
  const Family allocated = record::family(block.alloc_api);
  const Family freed = record::family(release);
  if (allocated == Family::none || freed == Family::none) return true;
  if (allocated != freed) return false;
  if (release == Api::free_sized) return !record::aligns(block.alloc_api);
  return release != Api::free_aligned_sized || record::aligns(block.alloc_api);
}

}  // namespace

bool matches(const BlockRecord& block, const Caller& caller, record::FaultRecord& error) {
  const Statement& said = caller.statement;
  if (!is_of_family(block, caller.api)) {
    error.event = Event::mismatched_family;
  } else if (said.alignment != Statement::kNone && said.alignment != block.asked_alignment()) {
    error.event = Event::mismatched_alignment;
    error.stated_alignment = said.alignment;
  } else if (said.size != Statement::kNone && said.size != block.size) {
    error.event = Event::mismatched_size;
    error.stated_size = said.size;
  } else {
    return true;
  }
  error.address = block.address;
  return false;
}

}  // namespace fencepost::heap
