// fencepost run
#pragma once

#include <string>
#include <vector>

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
  std::string library;  ///< empty: look for it
  std::vector<std::string> program;
};

/// A request with every option of the runtime, none of them given.
[[nodiscard]] RunRequest new_run_request();

/// The value of FENCEPOST_OPTIONS for a request: what the environment had, then what the request adds.
[[nodiscard]] std::string join_options(const std::string& inherited, const RunRequest& request);

/// Becomes the program, with the library preloaded into it and all it starts. Returns only on failure: 2 for
/// a library or an option that is no good, 126 or 127 for a program that can't be run or found, as env(1).
[[nodiscard]] int run_program(const RunRequest& request);

}  // namespace fencepost::cli
