#include "heap_vs_model/model.h"

#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "base/hash.h"
#include "heap_vs_model/settings.h"

namespace fencepost::model {

namespace {

constexpr Size kWhole = 16384;  ///< blocks up to this size are written all over
constexpr Size kEdge = 1024;
constexpr Size kStride = 4093;  ///< beyond it, in larger ones

std::uint8_t content(std::uint64_t tag, Size offset) {
  return static_cast<std::uint8_t>(mix(tag + offset / 8) >> offset % 8 * 8);
}

/// Calls `each(offset)` for the bytes of a block that are written, below `end`.
template <typename Each>
void for_each_written(Size size, Size end, Each each) {
  const Size dense = size <= kWhole ? size : kEdge;
  for (Size at = 0; at < std::min(dense, end); ++at) each(at);
  for (Size at = dense; at < std::min(size, end); at += kStride) each(at);
  for (Size at = std::max(dense, size - std::min(size, kEdge)); at < std::min(size, end); ++at) each(at);
}

}  // namespace

void write_contents(const Block& block) {
  auto* const bytes = reinterpret_cast<std::uint8_t*>(block.address);
  for_each_written(block.size, block.size, [&](Size at) { bytes[at] = content(block.tag, at); });
}

bool holds_contents(const Block& block, Address address, Size size) {
  const auto* const bytes = reinterpret_cast<const std::uint8_t*>(address);
  bool holds = true;
  for_each_written(block.size, size, [&](Size at) { holds = holds && bytes[at] == content(block.tag, at); });
  return holds;
}

bool Space::claim(Range slot) {
  const std::lock_guard lock(mutex_);
  const auto above = slots_.lower_bound(slot.begin);
  if (above != slots_.end() && above->first < slot.end) return false;
  if (above != slots_.begin() && std::prev(above)->second > slot.begin) return false;
  slots_.emplace_hint(above, slot.begin, slot.end);
  return true;
}

bool Exchange::swap(Block& block) {
  constexpr Size kEnough = 64;
  const std::lock_guard lock(mutex_);
  if (blocks_.size() < kEnough) {
    blocks_.push_back(block);
    return false;
  }
  std::swap(blocks_[block.tag % kEnough], block);
  return true;
}

Probe::Probe() { must_hold(pipe(ends_) == 0, "there is a pipe"); }

Probe::~Probe() {
  close(ends_[0]);
  close(ends_[1]);
}

bool Probe::is_fenced(Address address) const {
  const ssize_t written = write(ends_[1], reinterpret_cast<const void*>(address), 1);
  if (written < 0) return errno == EFAULT;
  char byte = 0;
  must_hold(read(ends_[0], &byte, 1) == 1, "what was written comes out");
  return false;
}

bool Probe::is_fenced(Range range) const {
  if (range.empty()) return true;
  return is_fenced(range.begin) && is_fenced(range.begin + range.size() / 2) && is_fenced(range.end - 1);
}

}  // namespace fencepost::model
