// Findings in the words of Valgrind's log, for programs that read it.
#pragma once

#include <iosfwd>
#include <string>
#include <vector>

#include "findings/finding.h"

namespace fencepost::cli {

/// The first line of a finding, which says which of Valgrind's kinds it is closest to: "Invalid write of size 1".
/// Memcheck's wording is in its manual, "Explanation of error messages".
[[nodiscard]] std::string memcheck_sentence(const findings::Finding& finding);

/// All of them, each line with "==pid== " in front; our own name of the kind comes before memcheck's sentence.
void write_valgrind_log(std::ostream& out, const std::vector<findings::Finding>& findings);

}  // namespace fencepost::cli
