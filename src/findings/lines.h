// Files of findings, a line each.
#pragma once

#include <cstddef>
#include <istream>
#include <string>
#include <vector>

#include "findings/finding.h"

namespace fencepost::findings {

struct BadLine {
  std::size_t number = 0;  ///< from 1
  std::string reason;
};

struct Lines {
  std::vector<Finding> findings;
  std::vector<BadLine> bad;  ///< left out: no findings, or cut off because a process died while it wrote
};

/// Reads all lines up to the end of the stream, in as many threads as there are processors if there are many lines.
/// Empty lines are passed over.
[[nodiscard]] Lines read_lines(std::istream& in);

}  // namespace fencepost::findings
