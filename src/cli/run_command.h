// fencepost run
#pragma once

#include <string>
#include <vector>

#include "cli/exit_status.h"

namespace fencepost::cli {

/// One option of the runtime, as the command line takes it.
struct RuntimeOption {
  std::string name;
  std::string accepted;
  std::string help;
  std::string value;  ///< empty: not given
};

struct RunRequest {
  std::vector<RuntimeOption> runtime_options;
  std::string library;               ///< empty: look for it
  std::string sides;                 ///< "both": one run for each side of a block; "end" or "begin": as side=; empty
  int error_exitcode = kFindings;    ///< 0: the program's own status, whatever was found
  double linger = 2;                 ///< seconds
  std::vector<std::string> formats;  ///< "json=file"; none: text to standard error
  std::vector<std::string> program;
};

/// A request with every option of the runtime, none of them given.
[[nodiscard]] RunRequest new_run_request();

/// The value of FENCEPOST_OPTIONS for a request: what the environment had, then what the request adds.
[[nodiscard]] std::string join_options(const std::string& inherited, const RunRequest& request);

/// Runs the program, with the library preloaded into it and all it starts, and prints what they found. Returns
/// the status of the program as a shell has it (128 and the signal it died of, 126 or 127 if it can't be run or
/// found), `error_exitcode` if there were findings, or 2 for a library, an option or a format that is no good.
[[nodiscard]] int run_program(const RunRequest& request);

}  // namespace fencepost::cli
