// fencepost memcheck: the command line of Valgrind's memcheck, for what drives Valgrind, such as CTest.
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace fencepost::cli {

struct MemcheckRequest {
  std::string log_file;              ///< with %p and %q{VARIABLE}, as Valgrind has them; empty: standard error
  std::string xml_file;              ///< the same, for --xml=yes; empty: no XML
  unsigned depth = 0;                ///< frames of a trace (--num-callers); 0: not said
  int error_exitcode = 0;            ///< 0: the program's own
  std::string suppressions;          ///< files in Fencepost's own format, separated by commas
  std::vector<std::string> ignored;  ///< options that have no meaning here
  std::string mistake;               ///< why the command line is no good; empty: it is
  std::vector<std::string> program;
};

/// Reads what follows `memcheck`. All of Valgrind's options are of one word, and those that have no meaning here
/// are passed over.
[[nodiscard]] MemcheckRequest read_memcheck_arguments(const std::vector<std::string>& arguments);

/// `name` with %p replaced by the process id, %q{VARIABLE} by a variable of the environment and %% by %.
[[nodiscard]] std::string expand_log_name(const std::string& name);

/// Runs the program as `fencepost run` does, but lets it go on after an error where that is possible, as
/// Valgrind does. The log is written in Valgrind's words, and even if there is nothing to say. Returns the
/// program's status as a shell has it, error_exitcode if there were findings, or 2.
[[nodiscard]] int run_memcheck(const MemcheckRequest& request);

}  // namespace fencepost::cli
