// A program's sandbox allows no more what guarding takes: all is left to the next allocator, and nobody is told of
// errors.
#include <algorithm>
#include <cstddef>
#include <cstring>

#include "os/libraries.h"
#include "os/next_allocator.h"
#include "runtime/runtime.h"

namespace fencepost::runtime {

namespace {

/// What the next allocator has at hand then without asking the kernel, as it would have without us.
constexpr Size kAtHand = 64 << 10;

Address address_of(const void* block) { return reinterpret_cast<Address>(block); }

}  // namespace

void Runtime::stand_down() {
  const CallSite site{record::Api::none, reinterpret_cast<Address>(__builtin_return_address(0)),
                      reinterpret_cast<Address>(__builtin_frame_address(0))};
  ensure_started();
  if (!is_active()) return;
  settle_all(site);
  next_usable_size_ = reinterpret_cast<UsableSize>(os::next_definition("malloc_usable_size"));
  os::next_free(os::next_malloc(kAtHand));
  if (options_.verbosity >= 1)
    say("the program's sandbox forbids what guarding takes: blocks are unguarded from here on\n");
  stage_.store(Stage::standing_down, std::memory_order_release);
}

void* Runtime::allocate_elsewhere(const Allocation& allocation) {
  const bool zero = allocation.contents == heap::Contents::zero;
  if (allocation.alignment <= alignof(std::max_align_t)) {
    return zero ? os::next_calloc(allocation.size) : os::next_malloc(allocation.size);
  }
  void* const block = os::next_memalign(allocation.alignment, allocation.size);
  if (block != nullptr && zero) std::memset(block, 0, allocation.size);
  return block;
}

/// Blocks of ours stay open: there is no call left to fence them.
void Runtime::deallocate_elsewhere(void* block) {
  if (!heap_.chunks().arena().contains(address_of(block))) os::next_free(block);
}

void* Runtime::reallocate_elsewhere(void* old, Size size) {
  if (!heap_.chunks().arena().contains(address_of(old))) return os::next_realloc(old, size);
  void* const fresh = os::next_malloc(size);
  if (fresh != nullptr) std::memcpy(fresh, old, std::min(size, usable_size_elsewhere(old)));
  return fresh;
}

Size Runtime::usable_size_elsewhere(const void* block) {
  if (!heap_.chunks().arena().contains(address_of(block))) {
    return next_usable_size_ == nullptr ? 0 : next_usable_size_(block);
  }
  Size size = 0;
  record::FaultRecord error;
  static_cast<void>(heap_.size_of(block, {}, size, error));
  return size;
}

}  // namespace fencepost::runtime
