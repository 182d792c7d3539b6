// What the signal side may see of the heap: nothing that can be changed.
#pragma once

#include "metadata/chunk_table.h"
#include "record/block_record.h"

namespace fencepost::metadata {

/// Reads the chunk table while other threads add to it. Context: signal.
class HeapView {
 public:
  constexpr explicit HeapView(const ChunkTable& chunks) : chunks_(chunks) {}

  [[nodiscard]] bool in_arena(Address address) const { return chunks_.arena().contains(address); }

  /// True for the data pages of a live block: no fence of ours lies there.
  [[nodiscard]] bool is_open(Address address) const;

  /// True for memory of ours that faults on any access.
  [[nodiscard]] bool is_fenced(Address address) const { return in_arena(address) && !is_open(address); }

  /// The first address in `range` that is fenced, or 0.
  [[nodiscard]] Address first_fenced(Range range) const;

  /// The end of the data pages of the live block around `address`, or 0 if there is none.
  [[nodiscard]] Address end_of_open(Address address) const;

  /// The blocks next to `address`.
  [[nodiscard]] record::Neighbours around(Address address) const;

 private:
  void find_below(Address address, record::Neighbours& around) const;
  void find_above(Address address, record::Neighbours& around) const;
  [[nodiscard]] bool has_expired(Address address) const;
  [[nodiscard]] bool is_fence_of_next_chunk(Address address) const;

  const ChunkTable& chunks_;
};

}  // namespace fencepost::metadata
