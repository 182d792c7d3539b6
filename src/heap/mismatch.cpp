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
  record::FaultRecord found;
  if (!is_of_family(block, caller.api)) {
    found.event = Event::mismatched_family;
  } else if (said.alignment != Statement::kNone && said.alignment != block.asked_alignment()) {
    found.event = Event::mismatched_alignment;
    found.stated_alignment = said.alignment;
  } else if (said.size != Statement::kNone && said.size != block.size) {
    found.event = Event::mismatched_size;
    found.stated_size = said.size;
  } else {
    return true;
  }
  found.address = block.address;
  found.block = block;
  error = found;
  return false;
}

}  // namespace fencepost::heap
