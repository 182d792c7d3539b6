#include "heap/heap.h"

#include <algorithm>
#include <atomic>
#include <bit>
#include <cstring>

#include "base/hash.h"
#include "fence/choose_fence.h"
#include "heap/slack.h"
#include "os/next_allocator.h"
#include "os/pages.h"
#include "os/process.h"

namespace fencepost::heap {

namespace {

using record::BlockRecord;
using record::BlockState;
using record::FaultRecord;

/// 40 bytes of record for every two pages at most, and room for chunks of zero-byte blocks.
constexpr Size kArenaPerRecordByte = 64;

FaultRecord bad_call(const void* address, const Caller& caller) {
  FaultRecord error;
  error.event = record::Event::call;
  error.api = caller.api;
  error.address = reinterpret_cast<Address>(address);
  error.thread = caller.thread;
  return error;
}

Range reserve_chunks(Size bytes) {
  Range range;
  for (; bytes >= 2 * metadata::kChunkSize && range.empty(); bytes /= 2) range = os::reserve(bytes);
  if (range.empty()) return {};
  // The first page stays a fence below the first slot.
  return {align_up(range.begin + kPageSize, metadata::kChunkSize), align_down(range.end, metadata::kChunkSize)};
}

}  // namespace

std::string_view Heap::start(const Settings& settings, fence::EngineKind engine, Size arena_bytes) {
  settings_ = settings;
  mapping_limit_ = os::mapping_limit();
  largest_block_ = os::total_memory();
  const Range arena = engine == fence::EngineKind::none ? Range{} : reserve_chunks(arena_bytes);
  const fence::Choice choice = fence::choose_fence(engine, arena);
  if (!records_.reserve(std::max(arena.size() / kArenaPerRecordByte, Size{64} << 20))) return "no memory for records";
  if (choice.fence.kind() == fence::EngineKind::none) return choice.reason;
  if (!chunks_.cover(arena)) return "no address space for the table of chunks";
  fence_ = choice.fence;
  slots_.start();
  const Size allowed =
      blocks_within(mapping_limit_, os::mapping_count(), fence_.capabilities().mappings_per_live_slot);
  budget_.set_limit(settings.max_blocks == 0 ? allowed : std::min(allowed, settings.max_blocks));
  shortage_.store(Shortage::none, std::memory_order_relaxed);
  return choice.reason;
}

void* Heap::allocate(Size size, Size alignment, Contents contents, const Caller& caller, ThreadCache& cache) {
  if (fence_.kind() != fence::EngineKind::none) {
    if (void* const block = allocate_guarded(size, alignment, contents, caller, cache)) return block;
  }
  return allocate_unguarded(size, alignment, contents, cache);
}

void* Heap::allocate_guarded(Size size, Size alignment, Contents contents, const Caller& caller,
                             ThreadCache& cache) {
  // More than all memory: the next allocator asks the kernel, whose overcommit rules then decide.
  if (size > largest_block_ || alignment > metadata::kChunkSize * 64) return nullptr;
  if (!budget_.take()) {
    note_shortage(Shortage::block_limit);
    return nullptr;
  }
  const Size placed_alignment = effective_alignment(size, alignment, settings_.least_alignment);
  const Placement at_end = place(size, placed_alignment, Side::end);
  const FreshSlot slot = slots_.take(at_end, cache);
  if (!slot.found()) {
    budget_.give_back();
    note_shortage(Shortage::address_space);
    return nullptr;
  }
  if (!fence_.open(slot.data)) {
    budget_.give_back();
    budget_.shrink();
    note_shortage(Shortage::kernel);
    return nullptr;
  }
  BlockRecord block;
  block.address = slot.data.begin + (choose_side(slot.data.begin) == Side::end ? at_end.offset : 0);
  block.size = size;
  block.alloc_trace = caller.trace;
  block.alloc_thread = caller.thread;
  block.data_pages = static_cast<std::uint32_t>(at_end.data_pages);
  block.state = BlockState::live;
  block.alloc_api = caller.api;
  block.alignment_shift = static_cast<std::uint8_t>(std::countr_zero(placed_alignment));
  fill(block, contents);
  slots_.commit(slot, block, cache);
  cache.counters.guarded.add(1);
  cache.counters.guarded_bytes.add(size);
  return reinterpret_cast<void*>(block.address);
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

void Heap::fill(const BlockRecord& block, Contents contents) const {
  if (settings_.fill_slack >= 0) fill_slack(block, static_cast<std::uint8_t>(settings_.fill_slack));
  const Size filled = std::min<Size>(block.size, settings_.fill_max);
  auto* const begin = reinterpret_cast<void*>(block.address);
  if (contents == Contents::zero) {
    if (fence_.capabilities().keeps_contents) std::memset(begin, 0, block.size);
  } else if (settings_.fill_malloc >= 0) {
    std::memset(begin, settings_.fill_malloc, filled);
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
  cache.counters.unguarded.add(1);
  return block;
}

bool Heap::release(void* address, const Caller& caller, ThreadCache& cache, FaultRecord& error) {
  const auto at = reinterpret_cast<Address>(address);
  BlockRecord* const block = chunks_.find_block(at);
  if (block == nullptr) {
    if (!chunks_.arena().contains(at) && release_unguarded(address, cache)) return true;
    error = bad_call(address, caller);
    return false;
  }
  auto expected = BlockState::live;
  const std::atomic_ref state(block->state);
  if (!state.compare_exchange_strong(expected, BlockState::freeing, std::memory_order_acq_rel)) {
    error = bad_call(address, caller);
    return false;
  }
  block->free_trace = caller.trace;
  block->free_thread = caller.thread;
  block->free_api = caller.api;
  const bool intact = slack_is_intact(*block, error);
  error.api = caller.api;
  error.thread = caller.thread;
  static_cast<void>(fence_.fence(block->data()));
  state.store(BlockState::freed, std::memory_order_release);
  budget_.give_back();
  cache.counters.guarded_freed.add(1);
  cache.counters.guarded_bytes_freed.add(block->size);
  return intact;
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
  const BlockRecord* const block = chunks_.find_block(at);
  if (block != nullptr && block->state == BlockState::live) {
    size = block->size;
    return true;
  }
  if (block == nullptr && !chunks_.arena().contains(at) && unguarded_.find(at, size)) return true;
  error = bad_call(address, caller);
  return false;
}

bool Heap::slack_is_intact(const BlockRecord& block, FaultRecord& error) const {
  if (settings_.fill_slack < 0) return true;
  const auto pattern = static_cast<std::uint8_t>(settings_.fill_slack);
  if (heap::slack_is_intact(block, pattern, error.damage)) return true;
  error.event = record::Event::changed_slack;
  error.access = record::Access::write;
  error.api = record::Api::exit;
  error.address = error.damage.changed.begin;
  return false;
}

void Heap::note_shortage(Shortage shortage) {
  auto none = Shortage::none;
  shortage_.compare_exchange_strong(none, shortage, std::memory_order_relaxed);
}

bool Heap::claim_shortage_notice() {
  const Shortage now = shortage();
  if (now == Shortage::none || now == Shortage::no_engine) return false;
  return !shortage_told_.load(std::memory_order_relaxed) && !shortage_told_.exchange(true);
}

void Heap::lock_for_fork() {
  unguarded_.lock_for_fork();
  chunks_.storage().lock_for_fork();
  records_.lock_for_fork();
}

void Heap::unlock_after_fork() {
  records_.unlock_after_fork();
  chunks_.storage().unlock_after_fork();
  unguarded_.unlock_after_fork();
}

void Heap::reset_in_child() {
  unguarded_.reset_in_child();
  chunks_.storage().reset_in_child();
  records_.reset_in_child();
}

}  // namespace fencepost::heap
