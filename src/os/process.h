// The process as a whole: its identity, its environment, its limits, its end.
#pragma once

#include <string_view>

#include "base/types.h"

namespace fencepost::os {

[[nodiscard]] int process_id();
[[nodiscard]] int parent_process_id();

/// The kernel's id of the calling thread.
[[nodiscard]] int thread_id();

/// The value of an environment variable as the process was started with it, or empty, with a null
/// data() if there is none. Works before libc has
/// set `environ`, and later too, when the program has changed or overwritten its copy. Context: start-up.
[[nodiscard]] std::string_view initial_environment(std::string_view name);

/// All of it, ended by null; or null. The program may have written over the texts. Context: anywhere.
[[nodiscard]] const char* const* initial_environment();

/// True if the process runs with more rights than its starter (set-user-ID, file capabilities: AT_SECURE),
/// so that nothing the starter says may be believed.
[[nodiscard]] bool runs_with_raised_rights();

/// Writes the zero-terminated path of the current directory; false if it is gone or longer. Context: anywhere.
[[nodiscard]] bool current_directory(char* path, Size capacity);

/// RLIMIT_AS in bytes, or the largest Size if there is none.
[[nodiscard]] Size address_space_limit();

/// vm.max_map_count, or its default of 65,530 if it can't be read.
[[nodiscard]] Size mapping_limit();

/// Lines of /proc/self/maps: the mappings the process has now, or 0 if they can't be counted.
[[nodiscard]] Size mapping_count();

/// Sends `signal` to the calling thread; it arrives before this returns unless it is blocked.
void raise_here(int signal);

/// Ends the process as abort() does: SIGABRT with whatever the program wants of it, then by default.
[[noreturn]] void abort_process();

/// Ends the process at once, no handlers run.
[[noreturn]] void exit_process(int status);

/// Milliseconds since some point in the past, never 0, in steps of a few (CLOCK_MONOTONIC_COARSE): no system
/// call. Context: anywhere.
[[nodiscard]] std::uint64_t coarse_milliseconds();

/// CLOCK_MONOTONIC: no system call. Context: anywhere.
[[nodiscard]] std::uint64_t nanoseconds();

/// Since 1970, UTC: no system call. Context: anywhere.
[[nodiscard]] std::uint64_t milliseconds_since_1970();

/// Processor time of all threads so far, in nanoseconds. Context: anywhere.
[[nodiscard]] std::uint64_t processor_nanoseconds();

/// Sleeps about this long. Context: anywhere.
void sleep_milliseconds(unsigned milliseconds);

/// Lets other threads run; leaves errno alone. Context: malloc.
void yield_processor();

}  // namespace fencepost::os
