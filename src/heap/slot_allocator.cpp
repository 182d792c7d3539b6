#include "heap/slot_allocator.h"

#include <algorithm>
#include <utility>

#include "os/pages.h"

namespace fencepost::heap {

using metadata::Chunk;
using metadata::kChunkSize;
using metadata::Layout;

void SlotAllocator::start(Range arena, Layout layout) {
  arena_ = arena;
  dead_.start(arena);
  layout_ = layout;
  const Size span = std::min(align_down(arena.size() / kLeastSpans, kChunkSize), kLargestSpan);
  span_size_ = layout == Layout::uniform && span > 2 * kChunkSize ? span : 0;
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

Chunk* SlotAllocator::make_chunk(Range range, Layout layout) {
  if (range.empty()) return nullptr;
  Chunk* const chunk = pool_.make(range, layout, lane_);
  if (chunk == nullptr || chunks_.enter(chunk)) return chunk;
  pool_.discard(chunk);
  return nullptr;
}

bool SlotAllocator::may_take_span(ChunkCursor& cursor) {
  if (span_size_ == 0) return false;
  if (!cursor.owns_spans && owners_.fetch_add(1, std::memory_order_relaxed) >= kMostOwners) {
    owners_.fetch_sub(1, std::memory_order_relaxed);
    return false;
  }
  return cursor.owns_spans = true;
}

/// Address space for the thread's next chunk.
Range SlotAllocator::take_chunk(fence::AnyFence& fence, ChunkCursor& cursor) {
  if (cursor.span.size() <= kChunkSize && may_take_span(cursor)) {
    const Range fresh = take_fresh(span_size_);
    // Where a span follows the thread's last one there is no need for a gap.
    if (!fresh.empty()) cursor.span = {cursor.span.end == fresh.begin ? cursor.span.begin : fresh.begin, fresh.end};
  }
  if (cursor.span.size() <= kChunkSize) return take_chunks(kChunkSize, fence);
  const Range chunk{cursor.span.begin, cursor.span.begin + kChunkSize};
  cursor.span.begin = chunk.end;
  return chunk;
}

/// Tells the engine of the chunk, or of that and others that will come after it, if it likes that.
bool SlotAllocator::prepare(Range chunk, fence::AnyFence& fence, ChunkCursor& cursor) {
  if (!cursor.prepared.contains(chunk.begin)) {
    const Address end = chunk.begin + kChunkSize * a_few(cursor.chunks, fence.capabilities().chunks_together);
    const bool is_of_span = cursor.span.begin == chunk.end;
    const Range together{chunk.begin, is_of_span ? std::min(end, cursor.span.end - kChunkSize) : chunk.end};
    cursor.prepared = fence.prepare(together) ? together : fence.prepare(chunk) ? chunk : Range{};
    if (cursor.prepared.empty()) return false;
    os::include_in_dumps(cursor.prepared);
  }
  cursor.prepared.begin = chunk.end;
  ++cursor.chunks;
  return true;
}

Chunk* SlotAllocator::take_spare_or_make(fence::AnyFence& fence, ChunkCursor& cursor) {
  if (cursor.spare != nullptr) return std::exchange(cursor.spare, nullptr);
  const Range range = take_chunk(fence, cursor);
  Chunk* const chunk = make_chunk(range, layout_);
  // No memory for its records: the address space is for the next try.
  if (chunk == nullptr && cursor.span.begin == range.end) cursor.span.begin = range.begin;
  return chunk;
}

Chunk* SlotAllocator::make_shared_chunk(fence::AnyFence& fence, ChunkCursor& cursor) {
  if (!fence.may_prepare()) return nullptr;
  Chunk* const chunk = take_spare_or_make(fence, cursor);
  if (chunk == nullptr) return nullptr;
  if (prepare(chunk->range(), fence, cursor)) return chunk;
  // What is dead and not retired yet counts as open memory (RLIMIT_DATA).
  dead_.retire_waiting();
  if (prepare(chunk->range(), fence, cursor)) return chunk;
  cursor.spare = chunk;
  return nullptr;
}

/// The thread cuts its next slots from a chunk of its own that has none yet.
bool SlotAllocator::replace_chunk(const Placement& placement, fence::AnyFence& fence, ChunkCursor& cursor) {
  if (cursor.chunk != nullptr) {
    cursor.chunk->drop_users(std::exchange(cursor.kept_users, 0));  // never the last: the thread itself is one more
    dead_.use_up(cursor.chunk);
    release(cursor.chunk);
  }
  cursor.chunk = make_shared_chunk(fence, cursor);
  if (cursor.chunk == nullptr) return false;
  if (layout_ == Layout::uniform) cursor.chunk->set_slot_pages(placement.data_pages + 1);
  cursor.next = cursor.chunk->range().begin;
  return true;
}

FreshSlot SlotAllocator::cut_from_fresh_chunk(const Placement& placement, fence::AnyFence& fence, ChunkCursor& cursor) {
  return replace_chunk(placement, fence, cursor) ? cut(placement, cursor) : FreshSlot{};
}

FreshSlot SlotAllocator::take_own(const Placement& placement, fence::AnyFence& fence) {
  const Size bytes = placement.data_pages * kPageSize;
  const Size spare = placement.slot_alignment() > kChunkSize ? placement.slot_alignment() : 0;
  Chunk* const chunk = make_chunk(take_chunks(bytes + kPageSize + spare, fence), Layout::single);
  if (chunk == nullptr) return {};
  os::include_in_dumps(chunk->range());
  const Address begin = align_up(chunk->range().begin, placement.slot_alignment());
  return {{begin, begin + bytes}, chunk};
}

void SlotAllocator::give_back(Range slots, Size count, Chunk* chunk, ThreadCache& cache) {
  ChunkCursor& cursor = cache.cursors[lane_];
  if (chunk == cursor.chunk && slots.end == cursor.next) cursor.next = slots.begin;
  for (Size i = 0; i < count; ++i) release(chunk, cache);
}

void SlotAllocator::keep(const FreshSlot& slot, ThreadCache& cache) {
  ChunkCursor& cursor = cache.cursors[lane_];
  if (slot.chunk == cursor.chunk) cursor.next = slot.data.end + kPageSize;
}

}  // namespace fencepost::heap
