#include "metadata/heap_view.h"

#include <algorithm>

namespace fencepost::metadata {

namespace {

/// A block further away than this many chunks has nothing to do with the address.
constexpr Size kReach = 8;

}  // namespace

bool HeapView::is_open(Address address) const { return end_of_open(address) != 0; }

Address HeapView::end_of_open(Address address) const {
  record::Neighbours around;
  if (in_arena(address)) find_below(address, around);
  const bool open = around.has_below && !around.below.is_freed() && around.below.data().contains(address);
  return open ? around.below.data().end : 0;
}

Address HeapView::first_fenced(Range range) const {
  const Range arena = chunks_.arena();
  const Address end = std::min(range.end, arena.end);
  Address address = std::max(range.begin, arena.begin);
  while (address < end) {
    const Address open_until = end_of_open(address);
    if (open_until == 0) return address;
    address = open_until;
  }
  return 0;
}

record::Neighbours HeapView::around(Address address) const {
  record::Neighbours around;
  around.in_arena = in_arena(address);
  if (!around.in_arena) return around;
  find_below(address, around);
  find_above(address, around);
  // Asked last: another thread may have made it so meanwhile.
  if (has_expired(address)) return {.in_arena = true, .expired = true};
  return around;
}

bool HeapView::has_expired(Address address) const {
  const Chunk* const chunk = chunks_.find(address);
  const bool is_gone = chunk == nullptr ? chunks_.is_expired(address) : chunk->has_expired(address);
  return is_gone && !is_fence_of_next_chunk(address);
}

/// Whether the page of `address` is the last one before a chunk whose first block begins at once.
bool HeapView::is_fence_of_next_chunk(Address address) const {
  const Address next = align_down(address, kPageSize) + kPageSize;
  const Chunk* const chunk = chunks_.find(next);
  record::BlockRecord first;
  return chunk != nullptr && chunk->range().begin == next && chunk->copy_below(next, first) &&
         first.data().begin == next;
}

void HeapView::find_below(Address address, record::Neighbours& around) const {
  const Size here = chunks_.index_of(address);
  for (Size step = 0; step <= std::min(here, kReach); ++step) {
    const Chunk* chunk = chunks_.at(here - step);
    if (chunk == nullptr) continue;
    around.has_below = chunk->copy_below(std::min(address, chunk->range().end - 1), around.below);
    if (around.has_below) return;
  }
}

void HeapView::find_above(Address address, record::Neighbours& around) const {
  const Size here = chunks_.index_of(address);
  for (Size index = here; index <= here + kReach; ++index) {
    const Chunk* chunk = chunks_.at(index);
    if (chunk == nullptr) continue;
    around.has_above = chunk->copy_above(address, around.above);
    if (around.has_above) return;
  }
}

}  // namespace fencepost::metadata
