#include "metadata/chunk_pool.h"

#include <algorithm>
#include <cstring>
#include <new>
#include <utility>

namespace fencepost::metadata {

namespace {

using record::BlockRecord;

/// Of one piece: the chunk and, unless it is uniform, its records, and its page map if it has one.
constexpr Size bytes_of(Layout layout) {
  if (layout == Layout::uniform) return sizeof(Chunk);
  const Size map = layout == Layout::mixed ? kPagesPerChunk * sizeof(Chunk::PageEntry) : 0;
  return sizeof(Chunk) + records_of(layout) * sizeof(BlockRecord) + map;
}

}  // namespace

Chunk* ChunkPool::make(Range range, Layout layout, std::uint8_t lane) {
  const os::MutexLock lock(mutex_);
  Chunk*& free = free_[static_cast<Size>(layout)];
  const bool is_uniform = layout == Layout::uniform;
  BlockRecord* records = is_uniform ? arrays_.take(records_of(layout)) : nullptr;
  if (is_uniform && records == nullptr) return nullptr;
  void* memory = free;
  if (free != nullptr) {
    free = free->next;
    // All but the chunk itself, which others may still be reading: it changes from one whole state to the other.
    std::memset(static_cast<std::byte*>(memory) + sizeof(Chunk), 0, bytes_of(layout) - sizeof(Chunk));
  } else {
    memory = storage_.allocate(bytes_of(layout), alignof(Chunk));
  }
  if (memory == nullptr) {
    if (is_uniform) arrays_.give_back(records, records_of(layout));
    return nullptr;
  }
  if (!is_uniform) records = reinterpret_cast<BlockRecord*>(static_cast<Chunk*>(memory) + 1);
  auto* const map = reinterpret_cast<Chunk::PageEntry*>(records + records_of(layout));
  return new (memory) Chunk(range, layout, lane, records, layout == Layout::mixed ? map : nullptr);
}

void ChunkPool::discard(Chunk* chunk) {
  const os::MutexLock lock(mutex_);
  if (chunk->is_condensed()) {
    arrays_.give_back(chunk->records().data(), chunk->records().size());
  } else if (chunk->layout() == Layout::uniform) {
    arrays_.give_back(chunk->first_records(), records_of(Layout::uniform));
  }
  Chunk*& free = free_[static_cast<Size>(chunk->layout())];
  chunk->next = free;
  free = chunk;
}

void ChunkPool::pause_condensing() {
  pauses_.fetch_add(1, std::memory_order_relaxed);
  wait_for_condensing();
}

Chunk* ChunkPool::use_up(Chunk* chunk) {
  if (chunk->layout() != Layout::uniform) return nullptr;
  const os::MutexLock lock(mutex_);
  used_up_.add(chunk, ++last_turn_);
  in_used_up_ += chunk->slots();
  return make_room(chunk);
}

Chunk* ChunkPool::retire(Chunk* chunk) {
  const os::MutexLock lock(mutex_);
  if (used_up_.contains(chunk)) {
    used_up_.remove(chunk);
    in_used_up_ -= chunk->slots();
  } else if (chunk->is_condensed()) {
    in_condensed_ -= chunk->records().size();
  }
  dead_[chunk->lane()].add(chunk, ++last_turn_);
  in_dead_ += chunk->records().size();
  return make_room(chunk);
}

Chunk* ChunkPool::expire_oldest(std::uint8_t lane) {
  const os::MutexLock lock(mutex_);
  Chunk* const oldest = dead_[lane].oldest();
  if (oldest != nullptr) remove(dead_[lane], oldest);
  return oldest;
}

void ChunkPool::remove(ChunkList& history, Chunk* chunk) {
  history.remove(chunk);
  in_dead_ -= chunk->records().size();
}

/// Blocks alive lie in chunks that are condensed, or used up, or in use yet; the last are few.
bool ChunkPool::keeps_too_much() const {
  const auto counted = [](std::int64_t count) { return static_cast<Size>(std::max<std::int64_t>(count, 0)); };
  const Size alive = live_ == nullptr ? 0 : counted(live_->now());
  const Size most =
      least_ == 0 || live_ == nullptr ? least_ : std::max(least_, kHistoryPerLive * counted(live_->peak()));
  const Size alive_here = std::min(alive - std::min(alive, in_condensed_), in_used_up_);
  return in_dead_ + in_used_up_ - alive_here > most;
}

/// The list with the chunk that died first, but not `newest`; null if there is none.
ChunkList* ChunkPool::oldest_history(const Chunk* newest) {
  ChunkList* first = nullptr;
  for (ChunkList& history : dead_) {
    if (history.oldest() == nullptr || history.oldest() == newest) continue;
    if (first == nullptr || history.oldest()->turn < first->oldest()->turn) first = &history;
  }
  return first;
}

/// Ends what is oldest until there is not too much any more. Returns the dead chunks of it.
Chunk* ChunkPool::make_room(const Chunk* newest) {
  Chunk* expired = nullptr;
  for (int in_vain = 0; in_vain < kMostInVain && keeps_too_much();) {
    ChunkList* const history = oldest_history(newest);
    Chunk* const used_up = used_up_.oldest();
    const bool is_dead = history != nullptr && (used_up == nullptr || history->oldest()->turn < used_up->turn);
    if (is_dead) {
      Chunk* const oldest = history->oldest();
      remove(*history, oldest);
      oldest->next = std::exchange(expired, oldest);
    } else if (used_up == nullptr || used_up == newest) {
      break;
    } else if (!condense_oldest()) {
      ++in_vain;
    }
  }
  return expired;
}

/// False if too much of the oldest used-up chunk is alive: it comes round again.
bool ChunkPool::condense_oldest() {
  Chunk* const chunk = used_up_.oldest();
  used_up_.remove(chunk);
  in_used_up_ -= chunk->slots();
  if (condense(chunk)) {
    in_condensed_ += chunk->records().size();
    return true;
  }
  // If it is dead it is on its way to `retire`.
  if (chunk->users() != 0) {
    used_up_.add(chunk, ++last_turn_);
    in_used_up_ += chunk->slots();
  }
  return false;
}

bool ChunkPool::condense(Chunk* chunk) {
  const Size alive = chunk->users();
  const Size most = std::min(chunk->slots() / 4, RecordArrays::kMostFew);
  if (alive == 0 || alive > most || pauses_.load(std::memory_order_acquire) != 0) return false;
  if (chunk->count_living() != alive) return false;  // before its blocks are kept from being freed in vain
  BlockRecord* const few = arrays_.take(alive);
  if (few == nullptr) return false;
  if (chunk->condense(few, alive)) {
    arrays_.give_back(chunk->first_records(), records_of(Layout::uniform));
    return true;
  }
  arrays_.give_back(few, alive);
  return false;
}

}  // namespace fencepost::metadata
