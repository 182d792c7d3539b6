// The engine that was chosen for this process.
#pragma once

#include "fence/fence.h"
#include "fence/mprotect_fence.h"

namespace fencepost::fence {

enum class EngineKind : std::uint8_t { none, mprotect };

/// One of the engines, picked at start-up: a closed set, so that a call is a branch and not a pointer.
/// Of kind `none` it refuses to open anything, and every block is served unguarded.
class AnyFence {
 public:
  constexpr AnyFence() = default;
  constexpr explicit AnyFence(EngineKind kind) : kind_(kind) {}

  [[nodiscard]] constexpr EngineKind kind() const { return kind_; }
  [[nodiscard]] constexpr std::string_view name() const {
    return kind_ == EngineKind::mprotect ? MprotectFence::kName : "none";
  }
  [[nodiscard]] constexpr Capabilities capabilities() const {
    return kind_ == EngineKind::mprotect ? MprotectFence::kCapabilities : Capabilities{};
  }
  [[nodiscard]] bool open(Range pages) { return kind_ == EngineKind::mprotect && mprotect_.open(pages); }
  [[nodiscard]] bool fence(Range pages) { return kind_ == EngineKind::mprotect && mprotect_.fence(pages); }

 private:
  EngineKind kind_ = EngineKind::none;
  [[no_unique_address]] MprotectFence mprotect_;
};

}  // namespace fencepost::fence
