// The engine that was chosen for an arena.
#pragma once

#include "fence/fence.h"
#include "fence/guard_region_fence.h"
#include "fence/mprotect_fence.h"
#include "fence/page_move_fence.h"

namespace fencepost::fence {

enum class EngineKind : std::uint8_t { none, mprotect, guard_region, page_move };

/// One of the engines, picked at start-up: a closed set, so that a call is a branch and not a pointer.
/// Of kind `none` it refuses to open anything.
class AnyFence {
 public:
  constexpr AnyFence() = default;

  /// Becomes an engine for `arena`, whose opened pages hold `pattern` if it keeps contents. False, and `none`,
  /// if it can't work here. Context: start-up.
  [[nodiscard]] bool start(EngineKind kind, Range arena, std::uint8_t pattern) {
    kind_ = kind;
    if (kind == EngineKind::page_move && !page_move_.start(arena, pattern)) kind_ = EngineKind::none;
    return kind_ != EngineKind::none;
  }
  void stop() {
    if (kind_ == EngineKind::page_move) page_move_.stop();
    kind_ = EngineKind::none;
  }

  [[nodiscard]] constexpr EngineKind kind() const { return kind_; }
  [[nodiscard]] constexpr bool exists() const { return kind_ != EngineKind::none; }
  [[nodiscard]] constexpr std::string_view name() const {
    switch (kind_) {
      case EngineKind::mprotect: return MprotectFence::kName;
      case EngineKind::guard_region: return GuardRegionFence::kName;
      case EngineKind::page_move: return PageMoveFence::kName;
      case EngineKind::none: break;
    }
    return "none";
  }
  [[nodiscard]] constexpr Capabilities capabilities() const {
    switch (kind_) {
      case EngineKind::mprotect: return MprotectFence::kCapabilities;
      case EngineKind::guard_region: return GuardRegionFence::kCapabilities;
      case EngineKind::page_move: return PageMoveFence::kCapabilities;
      case EngineKind::none: break;
    }
    return {};
  }

  /// False if it would be in vain now, so that no address space is spent on it.
  [[nodiscard]] bool may_prepare() {
    if (kind_ == EngineKind::page_move) return page_move_.may_prepare();
    return kind_ != EngineKind::guard_region || guard_region_.may_prepare();
  }
  [[nodiscard]] bool prepare(Range chunk) {
    return with([&](auto& fence) { return fence.prepare(chunk); });
  }
  [[nodiscard]] bool adopt(Range chunks) {
    return with([&](auto& fence) { return fence.adopt(chunks); });
  }
  [[nodiscard]] bool open(Range pages) {
    return with([&](auto& fence) { return fence.open(pages); });
  }
  /// False if the engine does not work that way, or has found that the kernel does not.
  [[nodiscard]] bool may_open_many() const {
    return kind_ == EngineKind::guard_region && guard_region_.may_open_many();
  }
  [[nodiscard]] bool open_many(std::span<const Range> slots) {
    return kind_ == EngineKind::guard_region && guard_region_.open_many(slots);
  }
  [[nodiscard]] bool fence(Range pages) {
    return with([&](auto& fence) { return fence.fence(pages); });
  }
  [[nodiscard]] bool fence_many(std::span<const Range> slots) {
    return with([&](auto& fence) { return fence.fence_many(slots); });
  }
  [[nodiscard]] bool move(Range from, Range to) { return kind_ == EngineKind::page_move && page_move_.move(from, to); }
  /// Empty, or false, if the engine does not work that way.
  [[nodiscard]] Range detach(Range from, os::Leaving leaving) {
    return kind_ == EngineKind::mprotect ? mprotect_.detach(from, leaving) : Range{};
  }
  [[nodiscard]] bool attach(Range detached, Range to, Range& rest) {
    return kind_ == EngineKind::mprotect && mprotect_.attach(detached, to, rest);
  }
  [[nodiscard]] bool watch(Range pages) { return kind_ == EngineKind::page_move && page_move_.watch(pages); }
  void unwatch(Range pages) {
    if (kind_ == EngineKind::page_move) page_move_.unwatch(pages);
  }
  void after_fork_in_child() {
    static_cast<void>(with([](auto& fence) { return fence.after_fork_in_child(), true; }));
  }

  /// True while it can't serve blocks because memory is locked.
  [[nodiscard]] bool is_locked_out() const {
    return kind_ == EngineKind::guard_region && guard_region_.is_locked_out();
  }
  /// Blocks that it could not fence in its own way because they were locked.
  [[nodiscard]] Size refused_as_locked() const {
    return kind_ == EngineKind::guard_region ? guard_region_.refused_as_locked() : 0;
  }

  /// The descriptor that the engine needs, or -1; and how to make it take another number.
  [[nodiscard]] int descriptor() const { return kind_ == EngineKind::page_move ? page_move_.descriptor() : -1; }
  void leave_number() {
    if (kind_ == EngineKind::page_move) page_move_.leave_number();
  }

 private:
  template <typename Use>
  bool with(Use use) {
    switch (kind_) {
      case EngineKind::mprotect: return use(mprotect_);
      case EngineKind::guard_region: return use(guard_region_);
      case EngineKind::page_move: return use(page_move_);
      case EngineKind::none: break;
    }
    return false;
  }

  EngineKind kind_ = EngineKind::none;
  [[no_unique_address]] MprotectFence mprotect_;
  GuardRegionFence guard_region_;
  PageMoveFence page_move_;
};

}  // namespace fencepost::fence
