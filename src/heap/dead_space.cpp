#include "heap/dead_space.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "os/pages.h"

namespace fencepost::heap {

using metadata::Chunk;
using metadata::ChunkTable;
using metadata::kChunkShift;
using metadata::kChunkSize;
using metadata::Layout;

void DeadSpace::retire(Chunk* chunk) {
  Waiting dead;
  if (chunk->layout() == Layout::single) {
    dead.chunks[dead.count++] = chunk;
  } else {
    const os::MutexLock lock(waiting_mutex_);
    waiting_.chunks[waiting_.count++] = chunk;
    ++retired_;
    if (waiting_.count >= a_few(retired_, kTogether)) dead = std::exchange(waiting_, {});
  }
  retire_all(dead);
}

void DeadSpace::retire_waiting() {
  Waiting dead;
  {
    const os::MutexLock lock(waiting_mutex_);
    dead = std::exchange(waiting_, {});
  }
  retire_all(dead);
}

void DeadSpace::retire_all(Waiting dead) {
  Chunk** const end = dead.chunks + dead.count;
  std::sort(dead.chunks, end, [](const Chunk* a, const Chunk* b) { return a->range().begin < b->range().begin; });
  for (Chunk** first = dead.chunks; first < end;) {
    Chunk** const last = std::adjacent_find(
        first, end, [](const Chunk* a, const Chunk* b) { return a->range().end != b->range().begin; });
    Chunk** const next = last == end ? end : last + 1;
    close({first, next});
    first = next;
  }
  std::for_each(dead.chunks, end, [this](Chunk* chunk) { expire(pool_.retire(chunk)); });
}

void DeadSpace::close(std::span<Chunk* const> neighbours) {
  const Range range{neighbours.front()->range().begin, neighbours.back()->range().end};
  const int retired = neighbours_retired(range);
  // A block in chunks of its own had its own mappings anyway.
  const bool may_close = neighbours.front()->layout() == Layout::single || islands_.may_grow(retired);
  if (!may_close || !os::replace_by_reservation(range)) return;
  islands_.grow(retired);
  for (Chunk* const chunk : neighbours) chunk->mark_retired();
}

/// Makes the chunks in a list that ended in the pool's history answer nothing any more.
void DeadSpace::expire(Chunk* first) {
  while (first != nullptr) {
    Chunk* const expired = std::exchange(first, first->next);
    chunks_.expire(expired->range(), expired->is_retired());
    pool_.discard(expired);
  }
}

Range DeadSpace::take(Range used, Size bytes) {
  const os::MutexLock lock(mutex_);
  retire_waiting();
  const Range found = find(used, bytes >> kChunkShift);
  if (found.empty()) return {};
  forget(found);
  if (!os::replace_by_reservation(found)) {
    chunks_.expire(found, false);
    return {};
  }
  cursor_ = found.end;
  taken_.fetch_add(1, std::memory_order_relaxed);
  return found;
}

/// What has expired already is searched round and round, its older half first, so that space that was given up
/// a moment ago rests for a while. Then history is given up for it, chunk by chunk.
Range DeadSpace::find(Range used, Size count) {
  const Address from = std::clamp(cursor_, used.begin, used.end);
  for (const ChunkTable::Turn latest : {chunks_.middle_turn(), std::numeric_limits<ChunkTable::Turn>::max()}) {
    for (const Range part : {Range{from, used.end}, used}) {
      const Range found = chunks_.find_expired(part, count, latest);
      if (!found.empty()) return found;
    }
  }
  while (Chunk* const oldest = pool_.expire_oldest(lane_)) {
    const Range range = oldest->range();
    chunks_.expire(range, oldest->is_retired());
    pool_.discard(oldest);
    const Range found = chunks_.find_expired_around(range, used, count);
    if (!found.empty()) return found;
  }
  return {};
}

void DeadSpace::put_back(Range range) {
  const os::MutexLock lock(mutex_);
  chunks_.expire(range, false);
}

void DeadSpace::forget(Range range) {
  for (Address at = range.begin; at < range.end; at += kChunkSize) {
    const Range chunk{at, at + kChunkSize};
    if (chunks_.is_retired(at)) islands_.shrink(neighbours_retired(chunk));
    chunks_.forget(chunk);
  }
}

int DeadSpace::neighbours_retired(Range range) const {
  const bool below = range.begin > arena_.begin && chunks_.is_retired(range.begin - 1);
  return below + chunks_.is_retired(range.end);
}

}  // namespace fencepost::heap
