// The out-of-line description of one block, living or dead.
#pragma once

#include <type_traits>

#include "base/align.h"
#include "base/range.h"
#include "base/types.h"
#include "record/api.h"

namespace fencepost::record {

enum class BlockState : std::uint8_t {
  unused,   ///< the slot was taken, but its pages could not be opened
  live,     ///< the program owns it
  moving,   ///< live, and its record is being copied to another place
  freeing,  ///< one thread won the right to free it and is fencing it
  freed,    ///< fenced for the rest of the run
};

/// One block and the slot around it. A slot is `data_pages` pages that hold the block, then one fence page.
struct BlockRecord {
  Address address = 0;     ///< what the program was given
  std::uint64_t size = 0;  ///< what it asked for, in bytes
  TraceId alloc_trace = 0;
  TraceId free_trace = 0;
  ThreadId alloc_thread = 0;
  ThreadId free_thread = 0;
  std::uint32_t data_pages = 0;  ///< 0 for a block of zero bytes: its address is the fence itself
  BlockState state = BlockState::unused;
  Api alloc_api = Api::none;
  Api free_api = Api::none;
  std::uint8_t alignment_shift = 0;  ///< log2 of the alignment that was asked for; 0: none was

  /// In bytes; 1 if none was asked for. What it was placed with may be more.
  [[nodiscard]] constexpr Size asked_alignment() const { return Size{1} << alignment_shift; }

  [[nodiscard]] constexpr Range bytes() const { return {address, address + size}; }
  /// The pages that are open while the block lives.
  [[nodiscard]] constexpr Range data() const {
    const Address begin = align_down(address, kPageSize);
    return {begin, begin + data_pages * kPageSize};
  }
  [[nodiscard]] constexpr Range fence() const { return {data().end, data().end + kPageSize}; }
  [[nodiscard]] constexpr Range slot() const { return {data().begin, fence().end}; }
  [[nodiscard]] constexpr bool is_freed() const { return state == BlockState::freed || state == BlockState::freeing; }
};

static_assert(std::is_trivially_copyable_v<BlockRecord> && sizeof(BlockRecord) == 40);

/// The blocks next to an address: the last one that begins at or below it and the first one above it.
struct Neighbours {
  bool in_arena = false;  ///< the address lies in the memory that slots are cut from
  bool expired = false;   ///< it belonged to blocks that are dead, and whose records are gone
  bool has_below = false;
  bool has_above = false;
  BlockRecord below;
  BlockRecord above;
};

}  // namespace fencepost::record
