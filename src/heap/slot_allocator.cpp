#include "heap/slot_allocator.h"

#include "os/pages.h"

namespace fencepost::heap {

using metadata::Chunk;
using metadata::kChunkSize;
using metadata::Layout;

void SlotAllocator::start(Range arena, Layout layout) {
  arena_ = arena;
  dead_.start(arena);
  layout_ = layout;
  next_.store(arena.begin, std::memory_order_relaxed);
}

/// Whole chunks that nobody ever had.
Range SlotAllocator::take_fresh(Size bytes) {
  Address begin = next_.load(std::memory_order_relaxed);
  do {
    if (bytes > arena_.end - begin) return {};
  } while (!next_.compare_exchange_weak(begin, begin + bytes, std::memory_order_relaxed));
  return {begin, begin + bytes};
}

Range SlotAllocator::take_chunks(Size bytes, fence::AnyFence& fence) {
  const Size whole = align_up(bytes, kChunkSize);
  if (whole < bytes || whole > arena_.size()) return {};
  const Range fresh = take_fresh(whole);
  if (!fresh.empty()) return fresh;
  const Range again = dead_.take(used(), whole);
  if (again.empty() || fence.adopt(again)) return again;
  dead_.put_back(again);
  return {};
}

Chunk* SlotAllocator::make_chunk(Size bytes, Layout layout, fence::AnyFence& fence) {
  const Range range = take_chunks(bytes, fence);
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
      cursor.chunk = nullptr;
    }
    if (!fence.may_prepare()) return {};
    cursor.chunk = make_chunk(kChunkSize, layout_, fence);
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

FreshSlot SlotAllocator::take_own(const Placement& placement, fence::AnyFence& fence) {
  const Size bytes = placement.data_pages * kPageSize;
  const Size spare = placement.slot_alignment() > kChunkSize ? placement.slot_alignment() : 0;
  Chunk* const chunk = make_chunk(bytes + kPageSize + spare, Layout::single, fence);
  if (chunk == nullptr) return {};
  const Address begin = align_up(chunk->range().begin, placement.slot_alignment());
  return {{begin, begin + bytes}, chunk};
}

FreshSlot SlotAllocator::take(const Placement& placement, fence::AnyFence& fence, ThreadCache& cache) {
  const bool shared = placement.data_pages <= kLargestShared && placement.slot_alignment() <= kMostSharedAlignment;
  return shared ? take_shared(placement, fence, cache.cursors[lane_]) : take_own(placement, fence);
}

void SlotAllocator::give_back(Range slots, Size count, Chunk* chunk, ThreadCache& cache) {
  ChunkCursor& cursor = cache.cursors[lane_];
  if (chunk == cursor.chunk && slots.end == cursor.next) cursor.next = slots.begin;
  for (Size i = 0; i < count; ++i) release(chunk);
}

void SlotAllocator::keep(const FreshSlot& slot, ThreadCache& cache) {
  ChunkCursor& cursor = cache.cursors[lane_];
  if (slot.chunk == cursor.chunk) cursor.next = slot.data.end + kPageSize;
}

}  // namespace fencepost::heap
