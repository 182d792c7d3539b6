#include "metadata/trace_depot.h"

#include <algorithm>
#include <limits>

#include "base/hash.h"

namespace fencepost::metadata {

namespace {

std::uint32_t hash_of(std::span<const Address> frames) {
  std::uint64_t state = frames.size();
  for (const Address frame : frames) state = (state ^ frame) * 0x9e3779b97f4a7c15u;
  return static_cast<std::uint32_t>(mix(state));
}

}  // namespace

bool TraceDepot::reserve(Size bytes) {
  if (!storage_.reserve(bytes)) return false;
  buckets_ = static_cast<std::atomic<TraceId>*>(storage_.allocate(kBuckets * sizeof(std::atomic<TraceId>)));
  return buckets_ != nullptr;
}

TraceDepot::Node* TraceDepot::node(TraceId id) const {
  return reinterpret_cast<Node*>(storage_.range().begin + (Size{id} - 1) * kUnit);
}

TraceId TraceDepot::find(TraceId from, std::uint32_t hash, std::span<const Address> frames) const {
  for (TraceId id = from; id != 0; id = node(id)->next) {
    const Node& candidate = *node(id);
    if (candidate.hash != hash || candidate.length != frames.size()) continue;
    if (std::equal(frames.begin(), frames.end(), candidate.frames())) return id;
  }
  return 0;
}

TraceDepot::Node* TraceDepot::append(std::uint32_t hash, std::span<const Address> frames) {
  if (storage_.used() / kUnit >= std::numeric_limits<TraceId>::max()) return nullptr;
  auto* added = static_cast<Node*>(storage_.allocate(sizeof(Node) + frames.size_bytes(), kUnit));
  if (added == nullptr) return nullptr;
  added->hash = hash;
  added->length = static_cast<std::uint32_t>(frames.size());
  std::copy(frames.begin(), frames.end(), reinterpret_cast<Address*>(added + 1));
  return added;
}

TraceId TraceDepot::store(std::span<const Address> frames) {
  if (frames.empty() || buckets_ == nullptr) return 0;
  const std::uint32_t hash = hash_of(frames);
  std::atomic<TraceId>& bucket = buckets_[hash % kBuckets];
  TraceId head = bucket.load(std::memory_order_acquire);
  if (const TraceId known = find(head, hash, frames)) return known;
  Node* const added = append(hash, frames);
  if (added == nullptr) return 0;
  const auto offset = reinterpret_cast<Address>(added) - storage_.range().begin;
  const auto id = static_cast<TraceId>(offset / kUnit + 1);
  // Two threads may store the same new trace at once; the second copy costs only its bytes.
  do {
    added->next = head;
  } while (!bucket.compare_exchange_weak(head, id, std::memory_order_acq_rel, std::memory_order_acquire));
  size_.fetch_add(1, std::memory_order_relaxed);
  return id;
}

std::span<const Address> TraceDepot::load(TraceId id) const {
  if (id == 0) return {};
  const Node& found = *node(id);
  return {found.frames(), found.length};
}

}  // namespace fencepost::metadata
