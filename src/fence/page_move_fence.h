// The engine for Linux 6.8 and later: pages that are not there are fences.
#pragma once

#include <atomic>

#include "fence/fence.h"
#include "os/fork_flag.h"
#include "os/mutex.h"
#include "os/userfault.h"

namespace fencepost::fence {

/// The arena is registered with userfaultfd, so that a missing page faults instead of reading as zero. A slot
/// is opened by putting a page into it, and fenced by moving its page into a fresh slot: one system call for a
/// release and the next allocation together, and none to set fences up. Moving four pages costs a third more than
/// moving one.
class PageMoveFence {
 public:
  static constexpr std::string_view kName = "page_move";
  static constexpr Capabilities kCapabilities{.chunks_together = 8,
                                              .keeps_contents = true,
                                              .moves_pages = true,
                                              .needs_descriptor = true,
                                              .lost_across_fork = true,
                                              .fences_in_batches = true};

  constexpr PageMoveFence() = default;

  /// Registers `arena`; opened pages are filled with `pattern`. False if the kernel or a sandbox refuses.
  [[nodiscard]] bool start(Range arena, std::uint8_t pattern);

  /// It does not work after all.
  void stop() { userfault_.close(); }

  [[nodiscard]] bool may_prepare() { return usable(); }
  [[nodiscard]] bool prepare(Range chunk);
  [[nodiscard]] bool adopt(Range chunks);
  [[nodiscard]] bool open(Range pages);
  [[nodiscard]] bool fence(Range pages);
  [[nodiscard]] bool fence_many(std::span<const Range> slots);
  [[nodiscard]] bool move(Range from, Range to);
  void after_fork_in_child();

  /// Makes missing pages of any anonymous memory fault, which then is not to be touched where it never was; and lets
  /// them be zeros again. False if that can't be done.
  [[nodiscard]] bool watch(Range pages) { return usable() && userfault_.watch(pages) == os::Moved::done; }
  void unwatch(Range pages) {
    if (usable()) userfault_.unwatch(pages);
  }

  /// The descriptor that must stay open, or -1.
  [[nodiscard]] int descriptor() const { return userfault_.descriptor(); }
  /// Makes room for a file that the program wants to have this number.
  void leave_number() { userfault_.leave_number(); }

 private:
  /// Copies of the pattern page there are, one after the other: what one request can open.
  static constexpr Size kPatternPages = 4;

  /// A descriptor inherited by fork stands for the parent's memory: nothing may be asked of it before the
  /// registration is known to be this process's own.
  [[nodiscard]] bool usable() {
    if (fork_flag_.forked()) take_up_again();
    return working_.load(std::memory_order_acquire);
  }
  [[nodiscard]] os::Moved put_pattern(Range pages);
  void recover(std::uint32_t lost);
  void take_up_again();

  os::Userfault userfault_;
  os::ForkFlag fork_flag_;
  os::Mutex recovering_;
  std::atomic<bool> working_{false};
  Address pattern_ = 0;
};

static_assert(MovingFence<PageMoveFence>);

}  // namespace fencepost::fence
