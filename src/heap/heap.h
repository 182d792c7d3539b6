// The guarded heap: the only owner of live slots.
#pragma once

#include "base/types.h"
#include "fence/any_fence.h"
#include "heap/caller.h"
#include "heap/lane.h"
#include "heap/open_pages.h"
#include "heap/pattern.h"
#include "heap/placement.h"
#include "heap/thread_cache.h"
#include "metadata/chunk_table.h"
#include "metadata/live_count.h"
#include "metadata/page_arena.h"
#include "metadata/unguarded_table.h"
#include "record/block_record.h"
#include "record/fault_record.h"

namespace fencepost::heap {

enum class SideChoice : std::uint8_t { end, begin, random };

/// How blocks are placed and filled.
struct Settings {
  Size least_alignment = 0;  ///< in bytes; 0: the natural one
  SideChoice side = SideChoice::end;
  std::uint64_t seed = 0;
  int fill_malloc = 0xbe;  ///< a byte, or -1
  Size fill_max = 4096;    ///< bytes at most of a new block that are filled
  int fill_slack = 0xfd;   ///< a byte, or -1
  bool mismatch = true;    ///< releases are compared with the allocation
  bool batch = false;      ///< freed blocks are fenced some at a time
  int fill_free = 0xdd;    ///< a byte, or -1: what they hold meanwhile
  Size max_blocks = 0;     ///< guarded blocks alive; 0: what the system allows
  Size memory_limit = 0;   ///< bytes of pages that blocks may hold; 0: three quarters of what is available
  Size history = 100000;   ///< dead blocks at least whose records are kept; 0: none
  std::atomic<std::uint64_t>* progress = nullptr;  ///< counts allocations, now and then; may be null
};

/// Why blocks go to the next allocator.
enum class Shortage : std::uint8_t {
  none,
  no_engine,      ///< no engine works here, or none was wanted
  block_limit,    ///< max_blocks, or the mappings that the system leaves us
  kernel,         ///< the kernel refused to open pages
  memory,         ///< memory_limit
  address_space,  ///< the reservation or the memory for records is used up
};

/// Why a lane did not serve a block, and the bound that was met, if it was one.
struct Refusal {
  Shortage shortage = Shortage::none;
  const Budget* budget = nullptr;
};

enum class Mend : bool { no, yes };

enum class Contents : std::uint8_t { pattern, zero };

/// Context of every member: malloc, any thread, no lock held, unless it says otherwise.
class Heap {
 public:
  constexpr Heap()
      : pool_(records_),
        lanes_{make_lane(0), make_lane(1), make_lane(2), make_lane(3), make_lane(4), make_lane(5)},
        unguarded_(unguarded_storage_) {}

  /// Reserves `arena_bytes` of address space, or less if the kernel refuses, and picks an engine: `best`, or
  /// if that does not work here the best below it. With `none`, or if nothing works, every block is unguarded.
  /// Returns why no better engine was picked, "" if `best` was. Once.
  std::string_view start(const Settings& settings, fence::EngineKind best, Size arena_bytes);

  /// A block of `size` bytes at a multiple of `alignment` (a power of two; 0: natural), or null when there
  /// is no memory at all.
  [[nodiscard]] void* allocate(Size size, Size alignment, Contents contents, const Caller& caller, ThreadCache& cache) {
    void* const block = guards_ ? allocate_guarded(size, alignment, contents, caller, cache) : nullptr;
    return block != nullptr ? block : allocate_unguarded(size, alignment, contents, cache);
  }

  /// Ends a block. False with `error` filled if `address` is not the start of a live block, and then nothing
  /// was changed; or if the slack was overwritten, or the call does not go with the block's allocation, and then
  /// the block is freed all the same.
  [[nodiscard]] bool release(void* address, const Caller& caller, ThreadCache& cache, record::FaultRecord& error);

  /// A block of `size` bytes with the contents of `old`, which is freed. Null in `block`, and `old` as it was, when
  /// there is no memory at all. False with `error` filled as by `release`. A large block's pages move.
  [[nodiscard]] bool reallocate(void* old, Size size, const Caller& caller, ThreadCache& cache, void*& block,
                                record::FaultRecord& error);

  /// Fences what the thread of `cache` has put off, if it is time. False with `error` filled if something was
  /// written to meanwhile; all is fenced even so.
  [[nodiscard]] bool settle_if_due(ThreadCache& cache, record::FaultRecord& error) {
    return !settings_.batch || !take_due_settling(cache) || settle(cache, error);
  }
  /// The same, due or not, for any thread's cache.
  [[nodiscard]] bool settle(ThreadCache& cache, record::FaultRecord& error);

  /// The number of bytes asked for. False with `error` filled if `address` is not the start of a live block.
  [[nodiscard]] bool size_of(const void* address, const Caller& caller, Size& size, record::FaultRecord& error);

  /// Makes a fenced page readable and writable, full of poison, until as many calls of `close_fenced`. False if it is
  /// no page of a slot's, or the kernel refuses. Context: signal, any thread.
  [[nodiscard]] bool open_fenced(Address page);
  void close_fenced(Address page);

  /// Compares the slack of every live block; calls `each(FaultRecord)` for what changed, and puts the pattern back
  /// if that is wanted. Other threads may go on meanwhile. Context: exit and on demand.
  template <typename Each>
  void check_all(Each each, Mend mend = Mend::no);

  [[nodiscard]] constexpr const metadata::ChunkTable& chunks() const { return chunks_; }
  /// False if every block is left to the next allocator.
  [[nodiscard]] bool guards() const { return guards_; }
  /// The engine of ordinary, small blocks, by name.
  [[nodiscard]] std::string_view engine() const { return lanes_[first_lane_].fence.name(); }
  /// The bound on live blocks that was met, or the one that there is.
  [[nodiscard]] const Budget& budget() const { return *bounded_by_.load(std::memory_order_relaxed); }
  [[nodiscard]] metadata::LiveCount& live() { return live_; }
  [[nodiscard]] Shortage shortage() const { return shortage_.load(std::memory_order_relaxed); }
  /// True once, for the thread that may tell the user that a shortage began.
  [[nodiscard]] bool claim_shortage_notice() {
    const Shortage now = shortage();
    if (now == Shortage::none || now == Shortage::no_engine) return false;
    return !shortage_told_.load(std::memory_order_relaxed) && !shortage_told_.exchange(true);
  }
  [[nodiscard]] Size memory_limit() const { return static_cast<Size>(most_pages_) * kPageSize; }
  /// How often the address space of dead blocks was used again.
  [[nodiscard]] Size reuses() const;
  /// True once, for the thread that may tell the user that this began.
  [[nodiscard]] bool claim_reuse_notice();
  /// Blocks that were fenced by page protections instead, because memory was locked.
  [[nodiscard]] Size refused_as_locked() const;
  [[nodiscard]] Size mapping_limit() const { return mapping_limit_; }

  /// The descriptor that must stay open, or -1. Context: anywhere.
  [[nodiscard]] int descriptor() const { return fences_[kSmallFence].descriptor(); }
  void leave_descriptor_number() { fences_[kSmallFence].leave_number(); }

  void lock_for_fork();
  void unlock_after_fork();
  /// Takes the engines up again and frees the locks.
  void reset_in_child();

 private:
  [[nodiscard]] void* allocate_guarded(Size size, Size alignment, Contents contents, const Caller& caller,
                                       ThreadCache& cache);
  [[nodiscard]] void* allocate_in(Lane& lane, const Placement& placement, record::BlockRecord& block, Contents contents,
                                  ThreadCache& cache, Refusal& refusal);
  [[nodiscard]] void* allocate_unguarded(Size size, Size alignment, Contents contents, ThreadCache& cache);
  /// Apart, because most blocks take a slot that is ready.
  [[nodiscard, gnu::noinline]] FreshSlot open_slot(Lane& lane, const Placement& placement, ThreadCache& cache,
                                                   Refusal& refusal);
  /// Wins the right to end a block, and notes who does. False with `error` filled if it is not live, or no longer the
  /// block at `address`.
  [[nodiscard]] static bool claim(record::BlockRecord& block, Address address, const Caller& caller,
                                  record::FaultRecord& error);
  /// A block that was found by its address, and its chunk. Null if there is none.
  struct FoundBlock {
    metadata::Chunk* chunk = nullptr;
    record::BlockRecord* record = nullptr;
  };
  [[nodiscard]] FoundBlock find(Address address) const;
  [[nodiscard]] FoundBlock find_and_claim(Address address, const Caller& caller, record::FaultRecord& error);
  [[nodiscard]] bool release_unguarded(void* address, ThreadCache& cache);
  void fence(Lane& lane, metadata::Chunk* chunk, record::BlockRecord& block, bool intact, ThreadCache& cache);
  [[nodiscard]] FreshSlot take_ready(const Placement& placement, ThreadCache& cache);
  [[nodiscard]] bool open_ahead(Lane& lane, const Placement& placement, ThreadCache& cache);
  [[nodiscard]] bool move_to_fresh_slot(Lane& lane, const record::BlockRecord& block, bool intact, ThreadCache& cache);
  [[nodiscard]] static bool take_due_settling(ThreadCache& cache);
  [[nodiscard]] bool may_wait(const Lane& lane, const record::BlockRecord& block) const;
  void put_off(metadata::Chunk* chunk, record::BlockRecord& block, ThreadCache& cache);
  [[nodiscard]] bool poison_is_intact(const record::BlockRecord& block, record::FaultRecord& error) const;
  void count_allocation(Counter& allocations);
  [[nodiscard]] Side choose_side(Address slot) const;
  void fill(const Lane& lane, const record::BlockRecord& block, Contents contents) const;
  [[nodiscard]] bool matches(const record::BlockRecord& block, const Caller& caller, record::FaultRecord& error) const;
  [[nodiscard]] bool is_damaged(record::BlockRecord& block, record::FaultRecord& error) const;
  [[nodiscard]] bool slack_is_intact(const record::BlockRecord& block, record::FaultRecord& error) const;
  /// Apart from those that ask: what finds nothing needs no room for it.
  [[nodiscard, gnu::noinline]] static record::FaultRecord changed(record::Event event, const record::BlockRecord& block,
                                                                  const record::SlackDamage& damage);
  [[nodiscard]] constexpr Lane make_lane(std::uint8_t number) {
    return Lane(fences_[fence_of(number)], chunks_, pool_, number);
  }
  [[nodiscard]] void* resize_unguarded(void* old, Size size, ThreadCache& cache);
  /// How the move of a large block went; `refused` leaves it as it was.
  enum class Moved : std::uint8_t { done, done_with_error, refused, not_live };
  [[nodiscard]] bool may_move(const metadata::Chunk* chunk, const record::BlockRecord& old,
                              const Placement& placement) const;
  [[nodiscard]] Moved move_large(Address address, Size size, const Caller& caller, ThreadCache& cache, void*& block,
                                 record::FaultRecord& error);
  [[nodiscard]] Moved move_to(const record::BlockRecord& fresh, Lane& lane, record::BlockRecord& old, Address address,
                              const Caller& caller, record::FaultRecord& error);
  [[nodiscard]] Range detach(Lane& lane, Range pages);
  [[nodiscard]] bool move_contents(const record::BlockRecord& fresh, Lane& lane, const record::BlockRecord& old);
  void take_back(Range away, Lane& lane, const record::BlockRecord& old);
  void fill_grown(const record::BlockRecord& fresh, Size kept, Address arrived_end) const;
  void start_lane(Size number, Range arena, metadata::Layout layout);
  void start_lanes(Size engine, Range arena);
  void note_shortage(const Refusal& refusal);

  Settings settings_;
  Pattern slack_;   ///< zeros if slack is not filled
  Pattern poison_;  ///< of freed blocks; that of slack if they are not filled
  OpenPages visited_;
  metadata::PageArena records_;
  metadata::ChunkTable chunks_;
  metadata::ChunkPool pool_;
  fence::AnyFence fences_[kFences];
  Lane lanes_[kLanes];
  Size first_lane_ = 0;                    ///< of one-page blocks
  bool guards_ = false;                    ///< whether any lane works
  metadata::PageArena unguarded_storage_;  ///< its own: it must grow when there is no room for records any more
  metadata::UnguardedTable unguarded_;
  metadata::LiveCount live_;
  metadata::LiveCount live_pages_;
  std::int64_t most_pages_ = 0;
  Budget total_;  ///< of max_blocks
  std::atomic<const Budget*> bounded_by_{&total_};
  Size mapping_limit_ = 0;
  Size largest_block_ = 0;
  std::atomic<Shortage> shortage_{Shortage::no_engine};
  std::atomic<bool> shortage_told_{false};
  std::atomic<Size> locked_out_{0};  ///< blocks that another engine served because memory was locked
  std::atomic<bool> reuse_told_{false};
};

}  // namespace fencepost::heap

#include "heap/check_all.h"
