#include "heap/slot_allocator.h"

#include <new>

namespace fencepost::heap {

using metadata::Chunk;
using metadata::kChunkSize;
using metadata::kPagesPerChunk;

void SlotAllocator::start() { next_.store(chunks_.arena().begin, std::memory_order_relaxed); }

Range SlotAllocator::take_chunks(Size bytes) {
  const Size whole = align_up(bytes, kChunkSize);
  Address begin = next_.load(std::memory_order_relaxed);
  do {
    if (whole < bytes || whole > chunks_.arena().end - begin) return {};
  } while (!next_.compare_exchange_weak(begin, begin + whole, std::memory_order_relaxed));
  return {begin, begin + whole};
}

Chunk* SlotAllocator::make_shared_chunk() {
  using PageEntry = std::atomic<std::uint16_t>;
  void* const pages = storage_.allocate(kPagesPerChunk * sizeof(PageEntry));
  void* const records = storage_.allocate(kPagesPerChunk * sizeof(record::BlockRecord));
  void* const chunk = storage_.allocate(sizeof(Chunk));
  if (pages == nullptr || records == nullptr || chunk == nullptr) return nullptr;
  const Range range = take_chunks(kChunkSize);
  if (range.empty()) return nullptr;
  auto* const made = new (chunk)
      Chunk(range, static_cast<record::BlockRecord*>(records), static_cast<PageEntry*>(pages));
  return chunks_.enter(made) ? made : nullptr;
}

FreshSlot SlotAllocator::take_shared(const Placement& placement, ThreadCache& cache) {
  const Size bytes = placement.data_pages * kPageSize;
  if (cache.chunk != nullptr) {
    const Address begin = align_up(cache.next, placement.slot_alignment());
    if (begin + bytes + kPageSize <= cache.chunk->range().end) return {{begin, begin + bytes}, cache.chunk};
  }
  cache.chunk = make_shared_chunk();
  if (cache.chunk == nullptr) return {};
  cache.next = cache.chunk->range().begin;
  const Address begin = align_up(cache.next, placement.slot_alignment());
  return {{begin, begin + bytes}, cache.chunk};
}

FreshSlot SlotAllocator::take_own(const Placement& placement) {
  void* const record = storage_.allocate(sizeof(record::BlockRecord));
  void* const chunk = storage_.allocate(sizeof(Chunk));
  if (record == nullptr || chunk == nullptr) return {};
  const Size bytes = placement.data_pages * kPageSize;
  const Size spare = placement.slot_alignment() > kChunkSize ? placement.slot_alignment() : 0;
  const Range range = take_chunks(bytes + kPageSize + spare);
  if (range.empty()) return {};
  auto* const made = new (chunk) Chunk(range, static_cast<record::BlockRecord*>(record));
  if (!chunks_.enter(made)) return {};
  const Address begin = align_up(range.begin, placement.slot_alignment());
  return {{begin, begin + bytes}, made};
}

FreshSlot SlotAllocator::take(const Placement& placement, ThreadCache& cache) {
  const bool shared = placement.data_pages <= kLargestShared && placement.slot_alignment() <= kChunkSize / 4;
  return shared ? take_shared(placement, cache) : take_own(placement);
}

record::BlockRecord* SlotAllocator::commit(const FreshSlot& slot, const record::BlockRecord& block,
                                           ThreadCache& cache) {
  if (slot.chunk == cache.chunk) cache.next = slot.data.end + kPageSize;
  return slot.chunk->publish(block);
}

}  // namespace fencepost::heap
