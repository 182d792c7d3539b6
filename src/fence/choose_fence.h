// Which engines this process gets, and why.
#pragma once

#include <string_view>

#include "fence/any_fence.h"

namespace fencepost::fence {

/// How a probe went, as a fixed phrase for people: "" if the engine works.
using Refusal = std::string_view;

/// Starts `fence` as an engine of `kind` for `arena` and tries it: opens, writes, fences a page. On failure
/// `fence` is left as `none`. The arena's first chunk is used up. Context: start-up.
[[nodiscard]] Refusal start_and_probe(AnyFence& fence, EngineKind kind, Range arena, Size chunk, std::uint8_t pattern);

}  // namespace fencepost::fence
