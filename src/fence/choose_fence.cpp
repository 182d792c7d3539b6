#include "fence/choose_fence.h"

#include "os/pages.h"

namespace fencepost::fence {

namespace {

/// Opens, writes and fences the first page.
bool works(AnyFence& fence, Range reservation) {
  const Range page{reservation.begin, reservation.begin + kPageSize};
  if (!fence.open(page)) return false;
  *reinterpret_cast<volatile char*>(page.begin) = 1;
  return fence.fence(page);
}

}  // namespace

Choice choose_fence(EngineKind wanted, Range reservation) {
  if (wanted == EngineKind::none) return {AnyFence(), "asked for by engine=none"};
  if (os::kernel_page_size() != kPageSize) return {AnyFence(), "the kernel's pages are not 4,096 bytes"};
  if (reservation.empty()) return {AnyFence(), "no address space could be reserved"};
  AnyFence fence(wanted);
  if (!works(fence, reservation)) return {AnyFence(), "the kernel refused to open or fence a page"};
  return {fence, "works on every kernel"};
}

}  // namespace fencepost::fence
