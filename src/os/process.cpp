#include "os/process.h"

#include <fcntl.h>
#include <sched.h>
#include <sys/auxv.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <csignal>
#include <ctime>

#include "base/text.h"
#include "os/errno_scope.h"
#include "os/file.h"
#include "os/signals.h"

// Set by the loader to the stack the kernel made: argc, argv, environment and auxiliary vector.
extern "C" [[gnu::weak]] void* __libc_stack_end;

namespace fencepost::os {

namespace {

const char* const* kernel_environment() {
  if (&__libc_stack_end == nullptr || __libc_stack_end == nullptr) return environ;
  const auto* words = static_cast<const char* const*>(__libc_stack_end);
  const auto argc = reinterpret_cast<Size>(words[0]);
  return words + 1 + argc + 1;
}

std::uint64_t nanoseconds_of(clockid_t clock) {
  timespec now{};
  clock_gettime(clock, &now);
  return static_cast<std::uint64_t>(now.tv_sec) * 1000000000 + static_cast<std::uint64_t>(now.tv_nsec);
}

}  // namespace

int process_id() { return static_cast<int>(syscall(SYS_getpid)); }

int parent_process_id() { return static_cast<int>(syscall(SYS_getppid)); }

int thread_id() { return static_cast<int>(syscall(SYS_gettid)); }

const char* const* initial_environment() { return kernel_environment(); }

std::string_view initial_environment(std::string_view name) {
  const char* const* entry = kernel_environment();
  if (entry == nullptr) return {};
  for (; *entry != nullptr; ++entry) {
    const Split setting = split(*entry, '=');
    if (setting.found && setting.head == name) return setting.tail;
  }
  return {};
}

bool runs_with_raised_rights() { return getauxval(AT_SECURE) != 0; }

bool current_directory(char* path, Size capacity) {
  const ErrnoScope errno_scope;
  return syscall(SYS_getcwd, path, capacity) > 0 && path[0] == '/';
}

Size address_space_limit() {
  rlimit limit{};
  if (getrlimit(RLIMIT_AS, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY) return ~Size{0};
  return limit.rlim_cur;
}

Size mapping_limit() {
  const std::uint64_t limit = read_number_file("/proc/sys/vm/max_map_count");
  return limit == 0 ? 65530 : limit;
}

Size mapping_count() {
  File maps("/proc/self/maps");
  char buffer[4096];
  Size lines = 0;
  for (Size n; (n = maps.read(buffer, sizeof buffer)) > 0;) {
    for (Size i = 0; i < n; ++i) lines += buffer[i] == '\n';
  }
  return lines;
}

void raise_here(int signal) { syscall(SYS_tgkill, process_id(), thread_id(), signal); }

void abort_process() {
  unblock_signal(SIGABRT);
  raise_here(SIGABRT);
  // The program ignores it, or its handler returned.
  restore_default_action(SIGABRT);
  raise_here(SIGABRT);
  exit_process(127);
}

void exit_process(int status) {
  syscall(SYS_exit_group, status);
  __builtin_trap();
}

std::uint64_t coarse_milliseconds() { return nanoseconds_of(CLOCK_MONOTONIC_COARSE) / 1000000 + 1; }

std::uint64_t nanoseconds() { return nanoseconds_of(CLOCK_MONOTONIC); }

std::uint64_t milliseconds_since_1970() { return nanoseconds_of(CLOCK_REALTIME) / 1000000; }

std::uint64_t processor_nanoseconds() { return nanoseconds_of(CLOCK_PROCESS_CPUTIME_ID); }

void sleep_milliseconds(unsigned milliseconds) {
  timespec time{static_cast<time_t>(milliseconds / 1000), static_cast<long>(milliseconds % 1000) * 1000000};
  syscall(SYS_nanosleep, &time, nullptr);
}

void yield_processor() {
  const ErrnoScope errno_scope;
  sched_yield();
}

}  // namespace fencepost::os
