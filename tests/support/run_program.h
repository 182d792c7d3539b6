// Runs a program and tells how it went.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace fencepost::support {

struct Command {
  std::vector<std::string> arguments;              ///< the first is the program's path
  std::map<std::string, std::string> environment;  ///< all of it, but for PATH, LANG, TMPDIR and no tool
  std::string directory;                           ///< to run in; empty: this process's own
  std::chrono::seconds time_limit{120};            ///< then it is killed
  std::function<void()> before_exec;               ///< runs in the child: limits, identity
};

struct Outcome {
  pid_t pid = 0;
  int status = 0;          ///< as waitpid gives it
  bool timed_out = false;  ///< it, or one that inherited its output, was still there at the end of its time
  std::string out;
  std::string err;

  [[nodiscard]] std::optional<int> exit_code() const;
  [[nodiscard]] std::optional<int> signal() const;
  /// "exit 0", "signal 11", "timed out"
  [[nodiscard]] std::string ending() const;
};

/// Runs the program with its input from /dev/null and without core dumps, until it has ended and nobody
/// holds its output open any more. Throws std::runtime_error if it can't be started at all.
[[nodiscard]] Outcome run(const Command& command);

}  // namespace fencepost::support
