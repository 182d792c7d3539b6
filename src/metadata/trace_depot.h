// Every distinct stack trace, stored once.
#pragma once

#include <atomic>
#include <span>

#include "base/types.h"
#include "metadata/page_arena.h"

namespace fencepost::metadata {

/// Maps traces to 32-bit ids and back. Lock-free; a trace is never removed.
/// Context: store: malloc; load: anywhere, signal handlers too.
class TraceDepot {
 public:
  constexpr TraceDepot() = default;

  /// Once, before any other call. Without it every trace gets id 0.
  [[nodiscard]] bool reserve(Size bytes);

  /// The id of a trace of return addresses; 0 for an empty one, or when the depot is full.
  [[nodiscard]] TraceId store(std::span<const Address> frames);

  /// The frames behind an id; empty for 0.
  [[nodiscard]] std::span<const Address> load(TraceId id) const;

  /// Distinct traces stored.
  [[nodiscard]] Size size() const { return size_.load(std::memory_order_relaxed); }
  [[nodiscard]] PageArena& storage() { return storage_; }

 private:
  struct Node {
    std::uint32_t hash;
    std::uint32_t length;
    TraceId next;
    std::uint32_t unused;
    // `length` addresses follow.
    [[nodiscard]] const Address* frames() const { return reinterpret_cast<const Address*>(this + 1); }
  };

  static constexpr Size kBuckets = Size{1} << 16;
  /// Ids count units of this many bytes from the start of the storage, beginning with 1.
  static constexpr Size kUnit = 16;

  [[nodiscard]] Node* node(TraceId id) const;
  [[nodiscard]] TraceId find(TraceId from, std::uint32_t hash, std::span<const Address> frames) const;
  [[nodiscard]] Node* append(std::uint32_t hash, std::span<const Address> frames);

  PageArena storage_;
  std::atomic<Size> size_{0};
  std::atomic<TraceId>* buckets_ = nullptr;  ///< kBuckets of them, at the start of the storage
};

}  // namespace fencepost::metadata
