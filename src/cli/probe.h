// What the runtime says of itself when it comes up in a process.
#pragma once

#include <filesystem>
#include <string>

namespace fencepost::cli {

struct Probe {
  bool answered = false;  ///< the library came up and said which engine it took
  std::string engine;     ///< "page_move"
  std::string reason;     ///< why not a better one; empty if it is the best
  bool has_libunwind = true;
  std::string output;  ///< all that the process wrote to standard error
};

/// Starts this very program once more, with the library preloaded and the options of the environment, and reads
/// what the runtime says at start-up.
[[nodiscard]] Probe probe_runtime(const std::filesystem::path& library);

/// Takes apart what the runtime said with verbosity=2.
[[nodiscard]] Probe read_probe(const std::string& output);

}  // namespace fencepost::cli
