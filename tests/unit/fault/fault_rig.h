// All that a fault handler reads, made by hand: blocks in real memory, but no heap.
#pragma once

#include <cstdlib>
#include <memory>
#include <string>

#include "base/align.h"
#include "fault/handler.h"
#include "fault/reporter.h"
#include "metadata/page_arena.h"
#include "metadata/trace_depot.h"
#include "os/pages.h"
#include "support.h"

namespace fencepost::test {

/// One chunk of slots of one page each, all open but the fences, and everything to report about them.
class FaultRig {
 public:
  FaultRig() {
    space_ = os::reserve(kSpace);
    const Address begin = align_up(space_.begin + kPageSize, metadata::kChunkSize);
    arena_ = {begin, align_down(space_.end, metadata::kChunkSize)};
    const bool ready = !space_.empty() && parts_->chunks.cover(arena_) && parts_->traces.reserve(Size{16} << 20) &&
                       parts_->threads.reserve(Size{1} << 20) && parts_->storage.reserve(Size{1} << 20);
    if (!ready) std::abort();
    sink_.set_path(log_.path());
    auto* const records = static_cast<record::BlockRecord*>(
        parts_->storage.allocate(metadata::kPagesPerChunk * sizeof(record::BlockRecord)));
    auto* const pages = static_cast<std::atomic<std::uint16_t>*>(
        parts_->storage.allocate(metadata::kPagesPerChunk * sizeof(std::uint16_t)));
    chunk_ = std::make_unique<metadata::Chunk>(Range{begin, begin + metadata::kChunkSize}, metadata::Layout::mixed,
                                               std::uint8_t{0}, records, pages);
    if (!parts_->chunks.enter(chunk_.get())) std::abort();
  }
  ~FaultRig() { os::give_back(space_); }
  FaultRig(const FaultRig&) = delete;
  FaultRig& operator=(const FaultRig&) = delete;

  /// A block of at most a page that ends at its fence.
  record::BlockRecord& add_block(Size size) {
    const Address page = arena_.begin + next_page_ * kPageSize;
    next_page_ += 2;
    if (!os::open_pages({page, page + kPageSize})) std::abort();
    return *chunk_->publish({.address = page + kPageSize - size,
                             .size = size,
                             .alloc_trace = traces().store(Trace{0x401001}),
                             .data_pages = 1,
                             .state = record::BlockState::live,
                             .alloc_api = record::Api::malloc});
  }

  void free_block(record::BlockRecord& block) {
    block.state = record::BlockState::freed;
    block.free_api = record::Api::free;
    block.free_trace = traces().store(Trace{0x402001});
    if (!os::close_pages(block.data())) std::abort();
  }

  [[nodiscard]] fault::Sources sources() {
    return {parts_->chunks, parts_->traces, parts_->threads, parts_->unwinder, sink_, json_, tool_};
  }
  /// Findings go to the file `path` as JSON from now on.
  void report_as_json(std::string_view path) { json_.set_path(path); }
  [[nodiscard]] report::Tool& tool() { return tool_; }
  [[nodiscard]] metadata::TraceDepot& traces() { return parts_->traces; }
  [[nodiscard]] metadata::ThreadTable& threads() { return parts_->threads; }
  [[nodiscard]] Range arena() const { return arena_; }
  [[nodiscard]] std::string log() const { return log_.contents(); }
  [[nodiscard]] bool log_has(std::string_view text) const { return log().find(text) != std::string::npos; }

  static report::ModuleName find_module(Address) { return {"/opt/app/program", 0x400000, false}; }

 private:
  static constexpr Size kSpace = Size{1} << 40;
  using Trace = Address[1];

  struct Parts {
    metadata::ChunkTable chunks;
    metadata::TraceDepot traces;
    metadata::ThreadTable threads;
    metadata::PageArena storage;
    stack::Unwinder unwinder;
  };

  Range space_;
  Range arena_;
  TempFile log_;
  report::Sink sink_;
  report::Sink json_;
  report::Tool tool_;
  std::unique_ptr<Parts> parts_ = std::make_unique<Parts>();
  std::unique_ptr<metadata::Chunk> chunk_;
  Size next_page_ = 0;
};

}  // namespace fencepost::test
