// How the arena is shared out between engines at start-up.
#include <algorithm>

#include "fence/choose_fence.h"
#include "heap/heap.h"
#include "os/memory_limit.h"
#include "os/pages.h"
#include "os/process.h"

namespace fencepost::heap {

namespace {

using fence::EngineKind;
using metadata::kChunkSize;
using metadata::Layout;

/// 40 bytes of record for every two pages at most, and room for chunks of zero-byte blocks.
constexpr Size kArenaPerRecordByte = 64;
constexpr Size kLeastRecordBytes = Size{64} << 20;

/// 16 bytes a block, twice over while it grows: some 500 million blocks.
constexpr Size kUnguardedTableBytes = Size{16} << 30;

Range reserve_chunks(Size bytes) {
  Range range;
  for (; bytes >= 8 * kChunkSize && range.empty(); bytes /= 2) range = os::reserve(bytes);
  if (range.empty()) return {};
  os::forbid_huge_pages(range);
  // The first page stays a fence below the first slot.
  return {align_up(range.begin + kPageSize, kChunkSize), align_down(range.end, kChunkSize)};
}

/// The share of an engine: half of the arena for small slots, and a quarter for each of the others. All of it for the
/// last one if it is all that is asked for.
Range share_of(Range arena, Size engine, EngineKind best) {
  const Size quarter = align_down(arena.size() / 4, kChunkSize);
  const Address ends[] = {arena.begin + 2 * quarter, arena.begin + 3 * quarter, arena.end};
  const bool alone = engine == kMappingFence && best < EngineKind::guard_region;
  return {engine == kSmallFence || alone ? arena.begin : ends[engine - 1], ends[engine]};
}

/// The share of a small lane: most blocks have one page.
Range part_of(Range share, Size lane) {
  const Size part = align_down(share.size() / (2 * kSmallLanes), kChunkSize);
  const Address end = share.end - (kSmallLanes - 1 - lane) * part;
  return {lane == 0 ? share.begin : end - part, end};
}

}  // namespace

void Heap::start_lane(Size number, Range arena, Layout layout) {
  lanes_[number].slots.start(arena, layout);
  lanes_[number].works = true;
  first_lane_ = guards_ ? std::min(first_lane_, number) : number;
  guards_ = true;
}

/// `arena` begins behind the chunk that the probe used up.
void Heap::start_lanes(Size engine, Range arena) {
  if (engine == kSmallFence) {
    for (Size number = 0; number < kSmallLanes; ++number) {
      Lane& lane = lanes_[number];
      lane.fewest_pages = lane.most_pages = number + 1;
      lane.most_alignment = kPageSize;
      start_lane(number, part_of(arena, number), Layout::uniform);
    }
  } else if (engine == kGuardFence) {
    lanes_[kGuardLane].most_pages = SlotAllocator::kLargestShared;
    lanes_[kGuardLane].most_alignment = SlotAllocator::kMostSharedAlignment;
    start_lane(kGuardLane, arena, Layout::mixed);
  } else {
    Lane& lane = lanes_[kMappingLane];
    lane.bounded = true;
    lane.budget.set_limit(
        blocks_within(mapping_limit_, os::mapping_count(), lane.fence.capabilities().mappings_per_live_slot));
    bounded_by_.store(&lane.budget, std::memory_order_relaxed);
    start_lane(kMappingLane, arena, Layout::mixed);
  }
}

std::string_view Heap::start(const Settings& settings, EngineKind best, Size arena_bytes) {
  settings_ = settings;
  slack_.set(static_cast<std::uint8_t>(settings.fill_slack < 0 ? 0 : settings.fill_slack));
  poison_.set(settings.fill_free < 0 ? slack_.byte() : static_cast<std::uint8_t>(settings.fill_free));
  mapping_limit_ = os::mapping_limit();
  largest_block_ = os::total_memory();
  const Size memory = settings.memory_limit != 0 ? settings.memory_limit : os::available_memory() / 4 * 3;
  most_pages_ = static_cast<std::int64_t>(memory / kPageSize);
  if (settings.max_blocks != 0) total_.set_limit(settings.max_blocks);
  pool_.set_history(settings.history, &live_);
  const Range arena = best == EngineKind::none ? Range{} : reserve_chunks(arena_bytes);
  if (!records_.reserve(std::max(arena.size() / kArenaPerRecordByte, kLeastRecordBytes)))
    return "no memory for records";
  if (!unguarded_storage_.reserve(std::min(kUnguardedTableBytes, arena_bytes / 16)))
    return "no memory for the table of unguarded blocks";
  if (best == EngineKind::none) return "asked for by engine=none";
  if (arena.empty()) return "no address space could be reserved";
  if (!chunks_.cover(arena)) return "no address space for the table of chunks";

  std::string_view refusal;
  const auto try_engine = [&](Size engine, EngineKind kind) {
    const Range share = share_of(chunks_.arena(), engine, best);
    const fence::Refusal refused = fence::start_and_probe(fences_[engine], kind, share, kChunkSize, slack_.byte());
    if (refused.empty()) return start_lanes(engine, {share.begin + kChunkSize, share.end}), true;
    if (refusal.empty()) refusal = refused;
    return false;
  };
  const bool moves = best == EngineKind::page_move && try_engine(kSmallFence, EngineKind::page_move);
  if (best >= EngineKind::guard_region) {
    if (!moves) static_cast<void>(try_engine(kSmallFence, EngineKind::guard_region));
    static_cast<void>(try_engine(kGuardFence, EngineKind::guard_region));
  }
  static_cast<void>(try_engine(kMappingFence, EngineKind::mprotect));
  if (guards_) shortage_.store(Shortage::none, std::memory_order_relaxed);
  return refusal;
}

Size Heap::reuses() const {
  Size sum = 0;
  for (const Lane& lane : lanes_) sum += lane.slots.reuses();
  return sum;
}

Size Heap::refused_as_locked() const {
  Size sum = locked_out_.load(std::memory_order_relaxed);
  for (const fence::AnyFence& fence : fences_) sum += fence.refused_as_locked();
  return sum;
}

bool Heap::claim_reuse_notice() {
  return reuses() != 0 && !reuse_told_.load(std::memory_order_relaxed) && !reuse_told_.exchange(true);
}

void Heap::lock_for_fork() {
  for (Lane& lane : lanes_) lane.slots.lock_for_fork();
  unguarded_.lock_for_fork();
  pool_.lock_for_fork();
  chunks_.storage().lock_for_fork();
  records_.lock_for_fork();
  unguarded_storage_.lock_for_fork();
}

void Heap::unlock_after_fork() {
  unguarded_storage_.unlock_after_fork();
  records_.unlock_after_fork();
  chunks_.storage().unlock_after_fork();
  pool_.unlock_after_fork();
  unguarded_.unlock_after_fork();
  for (Lane& lane : lanes_) lane.slots.unlock_after_fork();
}

void Heap::reset_in_child() {
  visited_.reset_in_child();
  for (fence::AnyFence& fence : fences_) fence.after_fork_in_child();
  for (Lane& lane : lanes_) lane.slots.reset_in_child();
  unguarded_.reset_in_child();
  pool_.reset_in_child();
  chunks_.storage().reset_in_child();
  records_.reset_in_child();
  unguarded_storage_.reset_in_child();
}

}  // namespace fencepost::heap
