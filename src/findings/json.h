// Findings as JSON Lines; README.md describes the format, and the installed finding.schema.json states it.
#pragma once

#include <stdexcept>
#include <string>
#include <string_view>

#include "findings/finding.h"

namespace fencepost::findings {

/// The version of the format that is written, and the only one that is read.
inline constexpr int kFormatVersion = 1;

/// A line that is no finding. Its message names the field and what was expected there.
class FormatError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// Reads one line. Unknown fields are kept in `Finding::other`; a known one of the wrong type, a missing one
/// without which nothing can be said, and another version are a FormatError.
[[nodiscard]] Finding from_json(std::string_view line);

/// One line, without its end, in ASCII: a terminal that shows it sees no control character. Bytes that are no
/// UTF-8 become U+FFFD.
[[nodiscard]] std::string to_json(const Finding& finding);

}  // namespace fencepost::findings
