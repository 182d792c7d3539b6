// How to get from a function's frame to its caller's.
#pragma once

#include <cstdint>

#include "base/types.h"

namespace fencepost::stack {

/// What a walk knows of one frame: where its code goes on, and its two registers there.
struct Frame {
  Address pc = 0;
  Address sp = 0;
  Address bp = 0;

  friend constexpr bool operator==(const Frame&, const Frame&) = default;
};

/// What nearly all x86-64 code can be described by: the canonical frame address (CFA, the stack pointer
/// before the call) is a register plus an offset, the return address lies below it, and the caller's frame
/// pointer was saved at a fixed distance or not touched. (System V ABI, AMD64 supplement, 3.7; DWARF 5, 6.4.)
struct FrameRule {
  enum class Kind : std::uint8_t {
    unknown,        ///< no table, or one that says more than fits here
    outermost,      ///< no caller
    stack_pointer,  ///< the CFA is `cfa_offset` above the stack pointer
    frame_pointer,  ///< … above the frame pointer
  };

  static constexpr std::uint32_t kMostCfaOffset = (std::uint32_t{1} << 22) - 8;
  static constexpr std::uint32_t kMostSavedBelow = (std::uint32_t{1} << 14) - 8;

  Kind kind = Kind::unknown;
  std::uint32_t cfa_offset = 0;      ///< bytes; a multiple of 8, at most kMostCfaOffset
  std::uint32_t bp_saved_below = 0;  ///< bytes below the CFA; a multiple of 8, at most kMostSavedBelow; 0: not saved

  [[nodiscard]] constexpr std::uint32_t pack() const {
    return static_cast<std::uint32_t>(kind) | cfa_offset / 8 << 2 | bp_saved_below / 8 << 21;
  }
  [[nodiscard]] static constexpr FrameRule unpack(std::uint32_t packed) {
    return {static_cast<Kind>(packed & 3), (packed >> 2 & 0x7ffff) * 8, (packed >> 21) * 8};
  }

  friend constexpr bool operator==(const FrameRule&, const FrameRule&) = default;
};

}  // namespace fencepost::stack
