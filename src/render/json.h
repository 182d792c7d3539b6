// Findings as JSON Lines, the format in which the program under test writes them (findings/README.md).
#pragma once

#include <iosfwd>
#include <vector>

#include "findings/finding.h"

namespace fencepost::render {

/// One line for each finding, with source, count, processes and fingerprint.
void write_json(std::ostream& out, const std::vector<findings::Finding>& findings);

}  // namespace fencepost::render
