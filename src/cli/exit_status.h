// The exit statuses of the fencepost program that are its own.
#pragma once

namespace fencepost::cli {

inline constexpr int kGood = 0;
inline constexpr int kBad = 1;          ///< the answer is no: a program that will not be guarded
inline constexpr int kUsageError = 2;   ///< the command line, an option or a file is no good
inline constexpr int kFindings = 86;    ///< there were findings, if --error-exitcode says nothing else
inline constexpr int kCannotRun = 126;  ///< the program is there and can't be run, as env(1) has it
inline constexpr int kNotFound = 127;   ///< there is no such program
inline constexpr int kOfSignal = 128;   ///< and the number of the signal it died of, as shells have it

}  // namespace fencepost::cli
