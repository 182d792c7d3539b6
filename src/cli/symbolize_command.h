// fencepost symbolize
#pragma once

#include <iosfwd>

namespace fencepost::cli {

/// Reads findings as JSON lines and writes each as a text report with source lines, in the same order. Returns 0,
/// 1 if a line was no finding (which the log tells), or 2 if the text could not be written. What a dying process
/// starts: so nothing else is done here.
[[nodiscard]] int symbolize_lines(std::istream& in, std::ostream& out);

}  // namespace fencepost::cli
