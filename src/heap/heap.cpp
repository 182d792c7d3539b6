#include "heap/heap.h"

#include <algorithm>
#include <atomic>
#include <bit>
#include <cstring>

#include "base/hash.h"
#include "heap/mismatch.h"
#include "heap/slack.h"
#include "os/next_allocator.h"
#include "os/process.h"

namespace fencepost::heap {

namespace {

using record::BlockRecord;
using record::BlockState;
using record::FaultRecord;

constexpr Size kFewPages = 16;

/// In bytes; more is left to the next allocator.
constexpr Size kLargestAlignment = metadata::kChunkSize * 64;

/// Large blocks are opened lazily and may be touched only here and there: they don't count as memory.
bool holds_pages(const BlockRecord& block) { return block.data_pages <= SlotAllocator::kLargestShared; }

/// Whether a block that could not be claimed is to be looked for once more: its record may be moving or have moved, or
/// be held for an instant by a thread that has looked for another block, which it was the record of before.
class Patience {
 public:
  explicit Patience(metadata::ChunkPool& pool) : pool_(pool) {}

  [[nodiscard]] bool allows(const metadata::Chunk* chunk, BlockRecord& block) {
    const auto seen = std::atomic_ref(block.state).load(std::memory_order_acquire);
    // What seems alive by now was not a moment ago.
    const bool is_dead =
        seen == BlockState::freed || seen == BlockState::unused || (seen == BlockState::freeing && ++times_ > kMost);
    if (is_dead && chunk->holds(block)) return false;
    if (seen == BlockState::moving) pool_.wait_for_condensing();
    if (seen == BlockState::freeing) os::yield_processor();
    return true;
  }

 private:
  static constexpr int kMost = 100;
  metadata::ChunkPool& pool_;
  int times_ = 0;
};

[[gnu::cold]] FaultRecord bad_call(const void* address, const Caller& caller) {
  FaultRecord error;
  error.event = record::Event::call;
  error.api = caller.api;
  error.address = reinterpret_cast<Address>(address);
  error.thread = caller.thread;
  return error;
}

}  // namespace

void* Heap::allocate_guarded(Size size, Size alignment, Contents contents, const Caller& caller, ThreadCache& cache) {
  // More than all memory: the next allocator asks the kernel, whose overcommit rules then decide.
  if (size > largest_block_ || alignment > kLargestAlignment) return nullptr;
  if (live_pages_.now() >= most_pages_) {
    note_shortage({Shortage::memory});
    return nullptr;
  }
  if (settings_.max_blocks != 0 && !total_.take()) {
    note_shortage({Shortage::block_limit, &total_});
    return nullptr;
  }
  const Size placed_alignment = effective_alignment(size, alignment, settings_.least_alignment);
  const Placement placement = place(size, placed_alignment, Side::end);
  BlockRecord block;
  block.size = size;
  block.alloc_trace = caller.trace;
  block.alloc_thread = caller.thread;
  block.data_pages = static_cast<std::uint32_t>(placement.data_pages);
  block.state = BlockState::live;
  block.alloc_api = caller.api;
  block.alignment_shift = static_cast<std::uint8_t>(std::countr_zero(alignment == 0 ? Size{1} : alignment));
  Refusal first;
  bool locked_out = false;
  for (Lane& lane : lanes_) {
    if (!lane.serves(placement)) continue;
    Refusal refusal;
    if (void* const address = allocate_in(lane, placement, block, contents, cache, refusal)) {
      if (locked_out) locked_out_.fetch_add(1, std::memory_order_relaxed);
      return address;
    }
    locked_out = locked_out || lane.fence.is_locked_out();
    if (first.shortage == Shortage::none) first = refusal;
  }
  note_shortage(first);
  if (settings_.max_blocks != 0) total_.give_back();
  return nullptr;
}

void* Heap::allocate_in(Lane& lane, const Placement& placement, BlockRecord& block, Contents contents,
                        ThreadCache& cache, Refusal& refusal) {
  if (lane.bounded && !lane.budget.take()) {
    refusal = {Shortage::block_limit, &lane.budget};
    return nullptr;
  }
  FreshSlot slot = lane.is_uniform() ? take_ready(placement, cache) : FreshSlot{};
  if (!slot.found()) slot = open_slot(lane, placement, cache, refusal);
  if (!slot.found()) {
    if (lane.bounded) lane.budget.give_back();
    return nullptr;
  }
  const bool at_end = choose_side(slot.data.begin) == Side::end;
  block.address = slot.data.begin + (at_end ? placement.offset : 0);
  fill(lane, block, contents);
  slot.chunk->publish(block);
  cache.live.born(live_);
  if (holds_pages(block)) cache.live_pages.born(live_pages_, block.data_pages);
  count_allocation(cache.counters.guarded);
  cache.counters.guarded_bytes.add(block.size);
  return reinterpret_cast<void*>(block.address);
}

/// A slot whose data pages are open; not found() if the lane can't serve it.
FreshSlot Heap::open_slot(Lane& lane, const Placement& placement, ThreadCache& cache, Refusal& refusal) {
  if (lane.is_uniform() && open_ahead(lane, placement, cache)) return take_ready(placement, cache);
  const FreshSlot slot = lane.slots.take(placement, lane.fence, cache);
  if (!slot.found()) {
    refusal = {Shortage::address_space};
    return {};
  }
  if (lane.fence.open(slot.data)) {
    lane.slots.keep(slot, cache);
    return slot;
  }
  lane.slots.release(slot.chunk, cache);
  // One block too large for the kernel says nothing about small ones.
  if (lane.bounded && placement.data_pages <= kFewPages) lane.budget.shrink();
  refusal = {Shortage::kernel, lane.bounded ? &lane.budget : nullptr};
  return {};
}

/// Processors rarely meet at what others read.
void Heap::count_allocation(Counter& allocations) {
  constexpr std::uint64_t kTogether = 1000;
  allocations.add(1);
  if (settings_.progress == nullptr || allocations.get() % kTogether != 0) return;
  settings_.progress->fetch_add(kTogether, std::memory_order_relaxed);
}

Side Heap::choose_side(Address slot) const {
  switch (settings_.side) {
    case SideChoice::end: return Side::end;
    case SideChoice::begin: return Side::begin;
    case SideChoice::random: break;
  }
  // By the slot's place in the arena, which a rerun repeats, unlike its address.
  const Address offset = slot - chunks_.arena().begin;
  return (mix(offset ^ mix(settings_.seed)) & 1) == 0 ? Side::end : Side::begin;
}

void Heap::fill(const Lane& lane, const BlockRecord& block, Contents contents) const {
  // Pages that an engine brings along hold the pattern all over, fresh ones hold zeros.
  const bool patterned = lane.fence.capabilities().keeps_contents;
  if (settings_.fill_slack >= 0 && !patterned) fill_slack(block, slack_);
  auto* const begin = reinterpret_cast<void*>(block.address);
  const bool zero = contents == Contents::zero || settings_.fill_malloc < 0;
  // Nobody guarded the pages of a small slot that was opened before there was a block for it.
  const bool may_be_written = patterned || lane.is_uniform();
  if (may_be_written && zero) std::memset(begin, 0, block.size);
  if (!zero) std::memset(begin, settings_.fill_malloc, std::min<Size>(block.size, settings_.fill_max));
  if (patterned && !zero && block.size > settings_.fill_max) {
    std::memset(reinterpret_cast<void*>(block.address + settings_.fill_max), 0, block.size - settings_.fill_max);
  }
}

void* Heap::allocate_unguarded(Size size, Size alignment, Contents contents, ThreadCache& cache) {
  void* block = nullptr;
  if (alignment > alignof(std::max_align_t)) {
    block = os::next_memalign(alignment, size);
    if (block != nullptr && contents == Contents::zero) std::memset(block, 0, size);
  } else {
    block = contents == Contents::zero ? os::next_calloc(size) : os::next_malloc(size);
  }
  if (block == nullptr) return nullptr;
  if (!unguarded_.insert(reinterpret_cast<Address>(block), size)) {
    os::next_free(block);
    return nullptr;
  }
  count_allocation(cache.counters.unguarded);
  return block;
}

bool Heap::release(void* address, const Caller& caller, ThreadCache& cache, FaultRecord& error) {
  const auto at = reinterpret_cast<Address>(address);
  const auto [chunk, block] = find_and_claim(at, caller, error);
  if (block == nullptr) {
    if (!chunks_.arena().contains(at) && release_unguarded(address, cache)) return true;
    error = bad_call(address, caller);
    return false;
  }
  const bool intact = slack_is_intact(*block, error);
  const bool good = intact && matches(*block, caller, error);
  error.api = caller.api;
  error.thread = caller.thread;
  cache.counters.guarded_freed.add(1);
  cache.counters.guarded_bytes_freed.add(block->size);
  fence(lanes_[chunk->lane()], chunk, *block, intact, cache);  // the record may be another block's soon
  return good;
}

Heap::FoundBlock Heap::find(Address address) const {
  metadata::Chunk* const chunk = chunks_.find(address);
  return {chunk, chunk == nullptr ? nullptr : chunk->find_block(address)};
}

Heap::FoundBlock Heap::find_and_claim(Address address, const Caller& caller, FaultRecord& error) {
  FoundBlock found = find(address);
  for (Patience patience(pool_); found.record != nullptr && !claim(*found.record, address, caller, error);) {
    found = patience.allows(found.chunk, *found.record) ? find(address) : FoundBlock{};
  }
  return found;
}

bool Heap::matches(const BlockRecord& block, const Caller& caller, FaultRecord& error) const {
  if (!settings_.mismatch) return true;
  const bool is_plain = record::family(block.alloc_api) == record::family(caller.api) && caller.statement.is_empty();
  return is_plain || heap::matches(block, caller, error);
}

bool Heap::claim(BlockRecord& block, Address address, const Caller& caller, FaultRecord& error) {
  auto expected = BlockState::live;
  const std::atomic_ref state(block.state);
  bool claimed = block.address == address &&
                 state.compare_exchange_strong(expected, BlockState::freeing, std::memory_order_acq_rel);
  if (claimed && block.address != address) {
    // The block at `address` was dead; its history expired meanwhile, and the record is another block's by now.
    state.store(BlockState::live, std::memory_order_release);
    claimed = false;
  }
  if (!claimed) {
    error = bad_call(reinterpret_cast<const void*>(address), caller);
    return false;
  }
  block.free_trace = caller.trace;
  block.free_thread = caller.thread;
  block.free_api = caller.api;
  return true;
}

/// Ends the life of a slot: fences it, marks the block freed, and gives up its share of the chunk.
void Heap::fence(Lane& lane, metadata::Chunk* chunk, BlockRecord& block, bool intact, ThreadCache& cache) {
  cache.live.died(live_);
  if (holds_pages(block)) cache.live_pages.died(live_pages_, block.data_pages);
  if (lane.bounded) lane.budget.give_back();
  if (settings_.max_blocks != 0) total_.give_back();
  if (may_wait(lane, block)) return put_off(chunk, block, cache);
  cache.counters.fence_time.measure([&] {
    if (!move_to_fresh_slot(lane, block, intact, cache)) static_cast<void>(lane.fence.fence(block.data()));
  });
  std::atomic_ref(block.state).store(BlockState::freed, std::memory_order_release);
  lane.slots.release(chunk, cache);
}

bool Heap::release_unguarded(void* address, ThreadCache& cache) {
  Size size = 0;
  if (!unguarded_.erase(reinterpret_cast<Address>(address), size)) return false;
  os::next_free(address);
  cache.counters.unguarded_freed.add(1);
  return true;
}

bool Heap::size_of(const void* address, const Caller& caller, Size& size, FaultRecord& error) {
  const auto at = reinterpret_cast<Address>(address);
  FoundBlock found = find(at);
  for (Patience patience(pool_); found.record != nullptr; found = find(at)) {
    const BlockRecord block = *found.record;
    if (block.state == BlockState::live && found.chunk->holds(*found.record)) {
      size = block.size;
      return true;
    }
    if (!patience.allows(found.chunk, *found.record)) break;
  }
  if (found.record == nullptr && !chunks_.arena().contains(at) && unguarded_.find(at, size)) return true;
  error = bad_call(address, caller);
  return false;
}

bool Heap::slack_is_intact(const BlockRecord& block, FaultRecord& error) const {
  if (settings_.fill_slack < 0 || heap::slack_is_intact(block, slack_)) return true;
  error = changed(record::Event::changed_slack, block, slack_damage(block, slack_));
  error.api = record::Api::exit;
  return false;
}

FaultRecord Heap::changed(record::Event event, const BlockRecord& block, const record::SlackDamage& damage) {
  FaultRecord error;
  error.event = event;
  error.access = record::Access::write;
  error.address = damage.changed.begin;
  error.damage = damage;
  error.block = block;
  return error;
}

void Heap::note_shortage(const Refusal& refusal) {
  auto none = Shortage::none;
  if (!shortage_.compare_exchange_strong(none, refusal.shortage, std::memory_order_relaxed)) return;
  if (refusal.budget != nullptr) bounded_by_.store(refusal.budget, std::memory_order_relaxed);
}

}  // namespace fencepost::heap
