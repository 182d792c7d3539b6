// Suppressions for those who would rather copy than write them.
#pragma once

#include <span>

#include "base/writer.h"
#include "suppression/rules.h"

namespace fencepost::suppression {

/// Frames that a ready-made suppression is made from, at most.
inline constexpr Size kReadyMadeFrames = 3;

/// Writes one line, without a line feed, that suppresses findings of `kind` whose trace has these frames,
/// innermost first: their functions up to `main`, and the module of the last one of them. Bytes of names that
/// a line can't hold are written as `?`, the ends of very long ones as `*`. Context: anywhere.
void write_ready_made(Writer& out, std::string_view kind, std::span<const Frame> frames);

}  // namespace fencepost::suppression
