// A heap of a test's own, and one thread's way to use it.
#pragma once

#include <memory>
#include <string_view>

#include "heap/heap.h"
#include "os/file.h"
#include "os/pages.h"
#include "support.h"

namespace fencepost::test {

class HeapRig {
 public:
  /// A heap never gives its tables back, and they grow with the arena: not so large that many rigs exhaust the
  /// address space.
  static constexpr Size kArenaBytes = Size{1} << 36;

  explicit HeapRig(const heap::Settings& settings = {}, fence::EngineKind engine = fence::EngineKind::mprotect,
                   Size arena_bytes = kArenaBytes)
      : reason_(heap_->start(settings, engine, arena_bytes)) {}
  ~HeapRig() {
    if (heap_->descriptor() >= 0) os::close_descriptor(heap_->descriptor());
    if (!arena().empty()) os::give_back(arena());
  }
  HeapRig(const HeapRig&) = delete;
  HeapRig& operator=(const HeapRig&) = delete;

  /// The address of a new block, or 0.
  [[nodiscard]] Address allocate(Size size, Size alignment = 0, heap::Contents contents = heap::Contents::pattern) {
    return address_of(heap_->allocate(size, alignment, contents, {record::Api::malloc, 11, 1}, cache_));
  }
  [[nodiscard]] bool release(Address block) {
    return heap_->release(reinterpret_cast<void*>(block), {record::Api::free, 22, 2}, cache_, error_);
  }
  /// The address of the resized block, or 0 with error() filled unless there was no memory.
  [[nodiscard]] Address reallocate(Address block, Size size) {
    void* resized = nullptr;
    const bool good =
        heap_->reallocate(reinterpret_cast<void*>(block), size, {record::Api::realloc, 33, 4}, cache_, resized, error_);
    return good ? address_of(resized) : 0;
  }
  [[nodiscard]] bool size_of(Address block, Size& size) {
    return heap_->size_of(reinterpret_cast<void*>(block), {record::Api::malloc_usable_size, 0, 3}, size, error_);
  }

  /// Blocks alive, and the most there were at once.
  [[nodiscard]] std::int64_t live() {
    cache_.live.tell(heap_->live());
    return heap_->live().now();
  }
  [[nodiscard]] std::int64_t peak() {
    cache_.live.tell(heap_->live());
    return heap_->live().peak();
  }
  /// True if a store at `address` faults. Tried in a child, which takes the engines up again.
  [[nodiscard]] bool store_faults(Address address) {
    return in_child([&] {
             heap_->reset_in_child();
             byte_at(address) = 1;
           })
        .died_of_fault();
  }
  [[nodiscard]] bool load_faults(Address address) {
    return in_child([&] {
             heap_->reset_in_child();
             static_cast<void>(char{byte_at(address)});
           })
        .died_of_fault();
  }

  [[nodiscard]] heap::Heap& heap() { return *heap_; }
  [[nodiscard]] heap::ThreadCache& cache() { return cache_; }
  /// Of the last call that returned false.
  [[nodiscard]] const record::FaultRecord& error() const { return error_; }
  [[nodiscard]] std::string_view reason() const { return reason_; }
  [[nodiscard]] Range arena() const { return heap_->chunks().arena(); }
  [[nodiscard]] bool is_guarded(Address block) const { return arena().contains(block); }
  /// The record of a guarded block, or one of nothing.
  [[nodiscard]] record::BlockRecord record_of(Address block) const {
    const record::BlockRecord* const found = heap_->chunks().find_block(block);
    return found == nullptr ? record::BlockRecord{} : *found;
  }

 private:
  std::unique_ptr<heap::Heap> heap_ = std::make_unique<heap::Heap>();
  heap::ThreadCache cache_;
  record::FaultRecord error_;
  std::string_view reason_;
};

}  // namespace fencepost::test
