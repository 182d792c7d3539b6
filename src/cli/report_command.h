// fencepost report
#pragma once

#include <string>
#include <vector>

#include "cli/exit_status.h"

namespace fencepost::cli {

struct ReportRequest {
  std::vector<std::string> files;     ///< of JSON lines; "-" is standard input
  std::vector<std::string> formats;   ///< "json=file"; none: text to standard output
  std::vector<std::string> baseline;  ///< files of findings that are accepted
  int error_exitcode = kFindings;     ///< 0: as if nothing was found
};

/// Prints the findings in files of many runs and machines, each once, with how often and in which processes it was
/// found; with a baseline only those that are not in it. Returns `error_exitcode` if that was anything, 2 for a file or
/// a format that is no good.
[[nodiscard]] int report(const ReportRequest& request);

}  // namespace fencepost::cli
