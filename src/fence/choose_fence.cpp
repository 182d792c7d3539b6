#include "fence/choose_fence.h"

#include "os/pages.h"

namespace fencepost::fence {

namespace {

bool opens_and_fences(AnyFence& fence, Range chunk) {
  const Range page{chunk.begin, chunk.begin + kPageSize};
  const Range next{page.end + kPageSize, page.end + 2 * kPageSize};
  if (!fence.prepare(chunk) || !fence.open(page)) return false;
  *reinterpret_cast<volatile char*>(page.begin) = 1;
  if (!fence.capabilities().moves_pages) return fence.fence(page);
  return fence.move(page, next) && *reinterpret_cast<volatile char*>(next.begin) == 1 && fence.fence(next);
}

}  // namespace

Refusal start_and_probe(AnyFence& fence, EngineKind kind, Range arena, Size chunk, std::uint8_t pattern) {
  if (os::kernel_page_size() != kPageSize) return "the kernel's pages are not 4,096 bytes";
  if (arena.size() < 2 * chunk) return "no address space could be reserved";
  if (!fence.start(kind, arena, pattern)) return "the kernel or a sandbox refuses userfaultfd, or it can't move pages";
  const Range first{arena.begin, arena.begin + chunk};
  if (opens_and_fences(fence, first)) return {};
  fence.stop();
  static_cast<void>(os::replace_by_reservation(first));
  return "the kernel refused to open or fence a page";
}

}  // namespace fencepost::fence
