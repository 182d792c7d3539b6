#include "os/helper.h"

#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <climits>
#include <csignal>
#include <cstring>
#include <ctime>

#include "os/descriptors.h"
#include "os/errno_scope.h"
#include "os/process.h"

namespace fencepost::os {

// Two processes share our memory, each while its parent sleeps (CLONE_VFORK). The helper itself would be a child like
// any other as soon as it executes: execve(2) makes SIGCHLD its exit signal again. So its parent is not the program but
// a warden, which executes nothing, and whose own exit signal is none.

namespace {

constexpr Size kSetSize = 8;  ///< the kernel's sigset_t
constexpr int kSignals = 64;
constexpr int kAboveStandard = 10;  ///< descriptors that dup3 onto 0, 1 and 2 can't hit
constexpr int kCannotExecute = 127;

alignas(16) constinit char warden_stack[32 << 10] = {};
alignas(16) constinit char helper_stack[16 << 10] = {};

template <Size N>
void* top_of(char (&stack)[N]) {
  return stack + N;
}

struct Warden {
  HelperRun& run;
  std::uint64_t deadline = 0;  ///< of `nanoseconds`
  bool good = false;
  int input = -1;  ///< our end, or -1
  int output = -1;
  int helper_input = -1;
  int helper_output = -1;
};

/// As it was when a process begins: libc's own call may take a lock.
void restore_default(int signal) {
  const struct {
    void (*handler)(int);
    unsigned long flags;
    void (*restorer)();
    std::uint64_t mask;
  } action{};
  syscall(SYS_rt_sigaction, signal, &action, nullptr, kSetSize);
}

void set_mask(std::uint64_t mask, std::uint64_t* before = nullptr) {
  syscall(SYS_rt_sigprocmask, SIG_SETMASK, &mask, before, kSetSize);
}

/// Only in the warden's own table.
void close_all() {
  if (kernel_close_range(0, UINT_MAX, 0) == 0) return;
  const int limit = std::min(descriptor_limit(), 1 << 16);
  for (int descriptor = 0; descriptor < limit; ++descriptor) syscall(SYS_close, descriptor);
}

void close_end(int& descriptor) {
  if (descriptor >= 0) syscall(SYS_close, descriptor);
  descriptor = -1;
}

bool make_pipe(int& reader, int& writer) {
  int ends[2];
  if (syscall(SYS_pipe2, ends, O_CLOEXEC) != 0) return false;
  reader = ends[0];
  writer = ends[1];
  return true;
}

/// Out of the way of the standard ones, whose numbers it may have.
int raised(int descriptor) { return static_cast<int>(syscall(SYS_fcntl, descriptor, F_DUPFD_CLOEXEC, kAboveStandard)); }

bool arrange_descriptors(const Warden& warden) {
  const int input = raised(warden.helper_input);
  const int output = raised(warden.helper_output);
  const int nowhere = raised(static_cast<int>(syscall(SYS_openat, AT_FDCWD, "/dev/null", O_WRONLY | O_CLOEXEC)));
  return input >= 0 && output >= 0 && nowhere >= 0 && kernel_dup3(input, STDIN_FILENO, 0) >= 0 &&
         kernel_dup3(output, STDOUT_FILENO, 0) >= 0 && kernel_dup3(nowhere, STDERR_FILENO, 0) >= 0;
}

int execute(void* argument) {
  const Warden& warden = *static_cast<Warden*>(argument);
  for (int signal = 1; signal <= kSignals; ++signal) restore_default(signal);
  syscall(SYS_prctl, PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
  if (!arrange_descriptors(warden)) return kCannotExecute;
  set_mask(0);
  for (const char* const* path = warden.run.paths; *path != nullptr; ++path) {
    syscall(SYS_execve, *path, warden.run.arguments, warden.run.environment);
  }
  return kCannotExecute;
}

timespec time_left(const Warden& warden) {
  const std::uint64_t now = nanoseconds();
  const std::uint64_t left = now < warden.deadline ? warden.deadline - now : 0;
  return {static_cast<time_t>(left / 1000000000), static_cast<long>(left % 1000000000)};
}

bool is_over(const Warden& warden) { return nanoseconds() >= warden.deadline; }

/// The helper need not read all of it.
void feed(Warden& warden, std::string_view& left) {
  const long n = syscall(SYS_write, warden.input, left.data(), left.size());
  if (n > 0) left.remove_prefix(static_cast<Size>(n));
  if ((n < 0 && errno != EAGAIN && errno != EINTR) || left.empty()) close_end(warden.input);
}

/// False when there is no room for more.
bool collect(Warden& warden) {
  HelperRun& run = warden.run;
  const std::span<char> free = run.room.subspan(run.output_size);
  if (free.empty()) return false;
  const long n = syscall(SYS_read, warden.output, free.data(), free.size());
  if (n > 0) run.output_size += static_cast<Size>(n);
  if (n == 0 || (n < 0 && errno != EAGAIN && errno != EINTR)) close_end(warden.output);
  return true;
}

/// Until the helper's output has ended; false if that takes too long or is too long.
bool talk(Warden& warden) {
  std::string_view left = warden.run.input;
  while (warden.output >= 0) {
    pollfd ends[] = {{warden.output, POLLIN, 0}, {warden.input, POLLOUT, 0}};  // a negative one is skipped
    const timespec time = time_left(warden);
    const long ready = syscall(SYS_ppoll, ends, 2, &time, nullptr, kSetSize);
    if (ready < 0 && errno != EINTR) return false;
    if (is_over(warden)) return false;
    if (ends[1].revents != 0) feed(warden, left);
    if (ends[0].revents != 0 && !collect(warden)) return false;
  }
  close_end(warden.input);
  return true;
}

/// SIGCHLD is blocked, and waits to be fetched.
bool ended_in_time(const Warden& warden, int helper, int& status) {
  const std::uint64_t child_ended = std::uint64_t{1} << (SIGCHLD - 1);
  while (true) {
    const long ended = syscall(SYS_wait4, helper, &status, WNOHANG, nullptr);
    if (ended == helper) return true;
    if ((ended < 0 && errno != EINTR) || is_over(warden)) return false;
    const timespec time = time_left(warden);
    syscall(SYS_rt_sigtimedwait, &child_ended, nullptr, &time, kSetSize);
  }
}

void end_by_force(int helper) {
  syscall(SYS_kill, helper, SIGKILL);
  while (syscall(SYS_wait4, helper, nullptr, 0, nullptr) < 0 && errno == EINTR) {
  }
}

bool supervise(Warden& warden, int helper) {
  close_end(warden.helper_input);
  close_end(warden.helper_output);
  syscall(SYS_fcntl, warden.input, F_SETFL, O_WRONLY | O_NONBLOCK);
  syscall(SYS_fcntl, warden.output, F_SETFL, O_RDONLY | O_NONBLOCK);
  int status = 0;
  if (talk(warden) && ended_in_time(warden, helper, status)) return WIFEXITED(status) && WEXITSTATUS(status) == 0;
  end_by_force(helper);
  return false;
}

/// Signals are blocked, and the descriptors are a copy: nothing here reaches the program.
int guard(void* argument) {
  Warden& warden = *static_cast<Warden*>(argument);
  close_all();               // or a pipe that the program closes would stay open meanwhile
  restore_default(SIGCHLD);  // if it is ignored, nobody can be waited for
  if (!make_pipe(warden.helper_input, warden.input) || !make_pipe(warden.output, warden.helper_output)) return 0;
  const int helper = clone(execute, top_of(helper_stack), CLONE_VM | CLONE_VFORK | SIGCHLD, &warden);
  if (helper > 0) warden.good = supervise(warden, helper);
  return 0;
}

}  // namespace

bool run_helper(HelperRun& run) {
  const ErrnoScope errno_scope;
  run.output_size = 0;
  Warden warden{run, nanoseconds() + std::uint64_t{run.milliseconds} * 1000000};
  std::uint64_t mask = 0;
  set_mask(~std::uint64_t{0}, &mask);
  const int id = clone(guard, top_of(warden_stack), CLONE_VM | CLONE_VFORK, &warden);
  // A debugger in the program may be faster, with __WALL.
  while (id > 0 && syscall(SYS_wait4, id, nullptr, __WCLONE, nullptr) < 0 && errno == EINTR) {
  }
  set_mask(mask);
  return warden.good;
}

}  // namespace fencepost::os
