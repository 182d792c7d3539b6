// Findings as people read them.
#pragma once

#include <iosfwd>
#include <vector>

#include "findings/finding.h"
#include "render/text_style.h"

namespace fencepost::render {

/// One report for each finding, in the shape that the sanitizers made common and that the runtime itself
/// writes when it has no tool to ask; what debug information, the instruction and the source files add stands
/// between its lines. Several reports end with a line that counts them.
void write_text(std::ostream& out, const std::vector<findings::Finding>& findings, const TextStyle& style);

}  // namespace fencepost::render
