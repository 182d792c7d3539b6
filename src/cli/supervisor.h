// Runs a program as if we were not there, and sees to what it leaves behind.
#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "cli/process_tree.h"

namespace fencepost::cli {

struct Errand {
  std::vector<std::string> program;                ///< name, looked up in PATH, and arguments
  std::map<std::string, std::string> environment;  ///< added to ours
  std::chrono::milliseconds linger{0};             ///< how long descendants may outlive the program at most
  std::function<void()> tick = {};                 ///< called about twice a second while it runs; may be empty
};

struct Ending {
  int error = 0;                     ///< errno, if the program could not be started; else 0
  int status = 0;                    ///< as waitpid(2) gives it
  bool interrupted = false;          ///< SIGINT, SIGQUIT or SIGTERM came while it ran
  std::vector<RunningProcess> left;  ///< descendants that still run

  /// As a shell has it: the exit status, 128 and the number of a signal, 126 or 127 if it was not started.
  [[nodiscard]] int shell_status() const;
};

/// Runs the program in our own process group, on our own terminal and files, with the signal mask and
/// dispositions that we were started with, until it has ended; and then until its descendants have, or the time
/// for that is over. Signals that only we get (kill, a CI's time limit) are passed on; those that a terminal
/// sends reach the program by themselves. When it stops, so do we. It is killed if we are.
///
/// To be called from a process of one thread; orphans among the descendants become our children
/// (PR_SET_CHILD_SUBREAPER). Throws std::system_error if the kernel refuses what this needs.
[[nodiscard]] Ending supervise(const Errand& errand);

}  // namespace fencepost::cli
