// A drawing of a block between its fences, with the address marked.
#pragma once

#include <string>
#include <vector>

#include "findings/finding.h"
#include "render/text_style.h"

namespace fencepost::render {

/// The lines of the drawing; none if the finding has no block, or its pages aren't known.
[[nodiscard]] std::vector<std::string> draw_block(const findings::Finding& finding, const TextStyle& style);

}  // namespace fencepost::render
