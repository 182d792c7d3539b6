#include "heap/slot_allocator.h"

#include "os/pages.h"

namespace fencepost::heap {

using metadata::Chunk;
using metadata::kChunkSize;
using metadata::Layout;

void SlotAllocator::start(Range arena, Layout layout) {
  arena_ = arena;
  layout_ = layout;
  next_.store(arena.begin, std::memory_order_relaxed);
}

Range SlotAllocator::take_chunks(Size bytes) {
  const Size whole = align_up(bytes, kChunkSize);
  Address begin = next_.load(std::memory_order_relaxed);
  do {
    if (whole < bytes || whole > arena_.end - begin) return {};
  } while (!next_.compare_exchange_weak(begin, begin + whole, std::memory_order_relaxed));
  return {begin, begin + whole};
}

Chunk* SlotAllocator::make_chunk(Range range, Layout layout) {
  if (range.empty()) return nullptr;
  Chunk* const chunk = pool_.make(range, layout, lane_);
  if (chunk == nullptr) return nullptr;
  if (chunks_.enter(chunk)) {
    os::include_in_dumps(range);
    return chunk;
  }
  pool_.discard(chunk);
  return nullptr;
}

FreshSlot SlotAllocator::take_shared(const Placement& placement, fence::AnyFence& fence, ChunkCursor& cursor) {
  const Size bytes = placement.data_pages * kPageSize;
  for (;;) {
    if (cursor.chunk != nullptr) {
      const Address begin = align_up(cursor.next, placement.slot_alignment());
      if (begin + bytes + kPageSize <= cursor.chunk->range().end) {
        cursor.chunk->add_user();
        return {{begin, begin + bytes}, cursor.chunk};
      }
      release(cursor.chunk);
    }
    cursor.chunk = make_chunk(take_chunks(kChunkSize), layout_);
    if (cursor.chunk == nullptr) return {};
    if (layout_ == Layout::uniform) cursor.chunk->set_slot_pages(placement.data_pages + 1);
    cursor.next = cursor.chunk->range().begin;
    if (!fence.prepare(cursor.chunk->range())) {
      release(cursor.chunk);
      cursor.chunk = nullptr;
      return {};
    }
  }
}

FreshSlot SlotAllocator::take_own(const Placement& placement) {
  const Size bytes = placement.data_pages * kPageSize;
  const Size spare = placement.slot_alignment() > kChunkSize ? placement.slot_alignment() : 0;
  Chunk* const chunk = make_chunk(take_chunks(bytes + kPageSize + spare), Layout::single);
  if (chunk == nullptr) return {};
  const Address begin = align_up(chunk->range().begin, placement.slot_alignment());
  return {{begin, begin + bytes}, chunk};
}

FreshSlot SlotAllocator::take(const Placement& placement, fence::AnyFence& fence, ThreadCache& cache) {
  const bool shared = placement.data_pages <= kLargestShared && placement.slot_alignment() <= kMostSharedAlignment;
  return shared ? take_shared(placement, fence, cache.cursors[lane_]) : take_own(placement);
}

void SlotAllocator::keep(const FreshSlot& slot, ThreadCache& cache) {
  ChunkCursor& cursor = cache.cursors[lane_];
  if (slot.chunk == cursor.chunk) cursor.next = slot.data.end + kPageSize;
}

void SlotAllocator::release(Chunk* chunk) {
  if (chunk->drop_user()) retire(chunk);
}

/// Gives the page tables of a dead chunk back, as a closed mapping that merges with those of its neighbours.
/// What the kernel refuses stays as it is: fenced.
void SlotAllocator::retire(Chunk* chunk) {
  if (islands_.may_grow(neighbours_retired(*chunk)) && os::replace_by_reservation(chunk->range())) {
    islands_.grow(neighbours_retired(*chunk));
    chunk->mark_retired();
  }
  Chunk* const expired = pool_.retire(chunk);
  if (expired == nullptr) return;
  chunks_.expire(*expired);
  pool_.discard(expired);
}

int SlotAllocator::neighbours_retired(const Chunk& chunk) const {
  const bool below = chunk.range().begin > arena_.begin && chunks_.is_retired(chunk.range().begin - 1);
  return below + chunks_.is_retired(chunk.range().end);
}

}  // namespace fencepost::heap
