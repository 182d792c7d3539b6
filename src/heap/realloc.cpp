// Blocks that change their size: the pages of large ones move, the contents of others are copied.
#include <algorithm>
#include <cstring>

#include "base/align.h"
#include "base/panic.h"
#include "heap/heap.h"
#include "heap/slack.h"
#include "os/next_allocator.h"
#include "os/pages.h"

namespace fencepost::heap {

namespace {

using metadata::Chunk;
using record::BlockRecord;
using record::BlockState;
using record::FaultRecord;

char* bytes_at(Address address) { return reinterpret_cast<char*>(address); }

bool is_large(Size data_pages) { return data_pages > SlotAllocator::kLargestShared; }

/// The pages of `old`, from the first on, as many as hold what remains of it in a block of `size` bytes.
Range pages_to_keep(const BlockRecord& old, Size size) {
  const Range pages = old.data();
  return {pages.begin, align_up(old.address + std::min<Size>(old.size, size), kPageSize)};
}

}  // namespace

bool Heap::reallocate(void* old, Size size, const Caller& caller, ThreadCache& cache, void*& block,
                      FaultRecord& error) {
  block = nullptr;
  Size old_size = 0;
  if (!size_of(old, caller, old_size, error)) return false;
  const Moved moved = move_large(reinterpret_cast<Address>(old), size, caller, cache, block, error);
  if (moved != Moved::refused) return moved == Moved::done;
  if (chunks_.arena().contains(reinterpret_cast<Address>(old))) {
    block = allocate(size, 0, Contents::pattern, caller, cache);
  } else {
    if (guards_) block = allocate_guarded(size, 0, Contents::pattern, caller, cache);
    if (block == nullptr) return block = resize_unguarded(old, size, cache), true;
  }
  if (block == nullptr) return true;
  std::memcpy(block, old, std::min(size, old_size));
  return release(old, caller, cache, error);
}

/// Null, and the block as it was, when there is no memory.
void* Heap::resize_unguarded(void* old, Size size, ThreadCache& cache) {
  Size old_size = 0;
  // Out of the table first: as soon as the next allocator has it back, it may be another thread's.
  if (!unguarded_.erase(reinterpret_cast<Address>(old), old_size)) return nullptr;
  void* const block = os::next_realloc(old, size);
  // There is room for what was there a moment ago, unless others were quicker, and there is no memory for more.
  if (!unguarded_.insert(reinterpret_cast<Address>(block == nullptr ? old : block), block == nullptr ? old_size : size))
    panic("no memory for the table of unguarded blocks");
  if (block == nullptr) return nullptr;
  cache.counters.unguarded.add(1);
  cache.counters.unguarded_freed.add(1);
  return block;
}

/// Whether both blocks lie in chunks of their own, in a lane whose engine can take contents along.
bool Heap::may_move(const Chunk* chunk, const BlockRecord& old, const Placement& placement) const {
  if (chunk->layout() != metadata::Layout::single || !is_large(old.data_pages)) return false;
  const Lane& lane = lanes_[chunk->lane()];
  return is_large(placement.data_pages) && lane.fence.capabilities().detaches && lane.serves(placement);
}

Heap::Moved Heap::move_large(Address address, Size size, const Caller& caller, ThreadCache& cache, void*& block,
                             FaultRecord& error) {
  const Size alignment = effective_alignment(size, 0, settings_.least_alignment);
  const Placement placement = place(size, alignment, Side::end);
  Chunk* const chunk = chunks_.find(address);
  BlockRecord* const old = chunk == nullptr ? nullptr : chunk->find_block(address);
  if (old == nullptr || size > largest_block_ || !may_move(chunk, *old, placement)) return Moved::refused;
  Lane& lane = lanes_[chunk->lane()];
  const FreshSlot slot = lane.slots.take(placement, lane.fence, cache);
  if (!slot.found()) return Moved::refused;
  const bool at_end = choose_side(slot.data.begin) == Side::end;
  const BlockRecord fresh{.address = slot.data.begin + (at_end ? placement.offset : 0),
                          .size = size,
                          .alloc_trace = caller.trace,
                          .alloc_thread = caller.thread,
                          .data_pages = static_cast<std::uint32_t>(placement.data_pages),
                          .state = BlockState::live,
                          .alloc_api = caller.api,
                          .alignment_shift = 0};
  const Moved moved = move_to(fresh, lane, *old, address, caller, error);
  if (moved == Moved::refused || moved == Moved::not_live) {
    lane.slots.release(slot.chunk);
    return moved;
  }
  slot.chunk->publish(fresh);
  block = reinterpret_cast<void*>(fresh.address);
  // The new block takes the old one's place in every budget.
  static_cast<void>(lane.fence.fence(old->data()));
  std::atomic_ref(old->state).store(BlockState::freed, std::memory_order_release);
  cache.counters.guarded.add(1);
  cache.counters.guarded_bytes.add(size);
  cache.counters.guarded_freed.add(1);
  cache.counters.guarded_bytes_freed.add(old->size);
  lane.slots.release(chunk);
  return moved;
}

/// Ends `old` and brings its contents to `fresh`, whose slot was never opened. `old` then is closed.
Heap::Moved Heap::move_to(const BlockRecord& fresh, Lane& lane, BlockRecord& old, Address address, const Caller& caller,
                          FaultRecord& error) {
  if (!claim(old, address, caller, error)) return Moved::not_live;
  const bool good = slack_is_intact(old, error) && matches(old, caller, error);
  error.api = caller.api;
  error.thread = caller.thread;
  if (move_contents(fresh, lane, old)) return good ? Moved::done : Moved::done_with_error;
  std::atomic_ref(old.state).store(BlockState::live, std::memory_order_release);
  return Moved::refused;
}

/// Closing pages one by one is most of the work of a move: where missing pages can be made to fault, it is left out.
Range Heap::detach(Lane& lane, Range pages) {
  fence::AnyFence& watcher = fences_[kSmallFence];
  if (watcher.watch(pages)) {
    const Range away = lane.fence.detach(pages, os::Leaving::missing_fault);
    if (!away.empty()) return away;
    watcher.unwatch(pages);
  }
  return lane.fence.detach(pages, os::Leaving::closed_before);
}

bool Heap::move_contents(const BlockRecord& fresh, Lane& lane, const BlockRecord& old) {
  const Range away = detach(lane, pages_to_keep(old, fresh.size));
  if (away.empty()) return false;
  Range rest;
  if (!lane.fence.attach(away, fresh.data(), rest)) {
    take_back(away, lane, old);
    return false;
  }
  const Size kept = std::min(old.size, fresh.size);
  const Address arrived = fresh.data().begin + (old.address - old.data().begin);
  const Size first = std::min<Size>(kept, fresh.data().end - arrived);
  std::memmove(bytes_at(fresh.address), bytes_at(arrived), first);
  if (!rest.empty()) {
    std::memcpy(bytes_at(fresh.address + first), bytes_at(rest.begin), kept - first);
    os::give_back(rest);
  }
  fill_grown(fresh, kept, arrived + kept);
  return true;
}

/// The kernel took the contents away and does not put them where they should go.
void Heap::take_back(Range away, Lane& lane, const BlockRecord& old) {
  Range rest;
  const Range home{old.data().begin, old.data().begin + away.size()};
  fences_[kSmallFence].unwatch(home);
  if (lane.fence.attach(away, home, rest)) return;
  if (!os::open_pages(home)) panic("the contents of a block could not be put back");
  std::memcpy(bytes_at(home.begin), bytes_at(away.begin), away.size());
  os::give_back(away);
}

/// Fills what a block has more than the `kept` bytes of the old one: fresh zeros, after what lay behind the old
/// block, up to the end of the page at `arrived_end`.
void Heap::fill_grown(const BlockRecord& fresh, Size kept, Address arrived_end) const {
  const Address begin = fresh.address + kept;
  const Address stale_end = align_up(arrived_end, kPageSize);
  const Address filled_end = fresh.address + std::min<Size>(fresh.size, settings_.fill_max);
  const Address end = std::min(std::max(stale_end, filled_end), fresh.bytes().end);
  if (end > begin) std::memset(bytes_at(begin), std::max(settings_.fill_malloc, 0), end - begin);
  if (settings_.fill_slack >= 0) fill_slack(fresh, slack_);
}

}  // namespace fencepost::heap
