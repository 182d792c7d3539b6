#include "cli/supervisor.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <optional>
#include <system_error>

#include "cli/exit_status.h"

namespace fencepost::cli {

namespace {

using Clock = std::chrono::steady_clock;

constexpr std::array kPassedOn{SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGUSR1, SIGUSR2, SIGALRM, SIGTSTP, SIGCONT, SIGWINCH};
constexpr std::chrono::milliseconds kTick{500};

[[noreturn]] void fail(const char* what) { throw std::system_error(errno, std::generic_category(), what); }

/// What is passed on is read from a descriptor, and so is the end of children. Whatever was ignored when we were
/// started stays ignored: nohup and shell scripts in the background rely on it.
class Signals {
 public:
  Signals() {
    sigset_t ours;
    sigemptyset(&ours);
    for (const int signal : kPassedOn) sigaddset(&ours, signal);
    sigaddset(&ours, SIGCHLD);
    sigprocmask(SIG_BLOCK, &ours, &mask_before_);
    struct sigaction plain {};
    plain.sa_handler = SIG_DFL;  // ignored, it would let the kernel bury our children
    sigaction(SIGCHLD, &plain, &child_action_before_);
    descriptor_ = signalfd(-1, &ours, SFD_CLOEXEC | SFD_NONBLOCK);
    if (descriptor_ < 0) fail("signalfd");
  }
  ~Signals() {
    // What came too late for the program is not for us either: the findings are still to be told.
    while (next(std::chrono::milliseconds(0))) continue;
    close(descriptor_);
    restore();
  }
  Signals(const Signals&) = delete;
  Signals& operator=(const Signals&) = delete;

  /// As they were. Also for the child, between fork and exec.
  void restore() const {
    sigaction(SIGCHLD, &child_action_before_, nullptr);
    sigprocmask(SIG_SETMASK, &mask_before_, nullptr);
  }

  /// The next one, waiting no longer than `limit` for it; nothing if none came.
  [[nodiscard]] std::optional<signalfd_siginfo> next(std::chrono::milliseconds limit) const {
    pollfd ready{descriptor_, POLLIN, 0};
    if (poll(&ready, 1, static_cast<int>(limit.count())) <= 0) return {};
    signalfd_siginfo info{};
    if (read(descriptor_, &info, sizeof info) != sizeof info) return {};
    return info;
  }

 private:
  int descriptor_ = -1;
  sigset_t mask_before_{};
  struct sigaction child_action_before_ {};
};

/// A child that could not become the program says why through this.
class Excuse {
 public:
  Excuse() {
    if (pipe2(ends_.data(), O_CLOEXEC) != 0) fail("pipe");
  }
  ~Excuse() {
    close(ends_[0]);
    if (ends_[1] >= 0) close(ends_[1]);
  }
  Excuse(const Excuse&) = delete;
  Excuse& operator=(const Excuse&) = delete;

  void send(int error) const { static_cast<void>(!write(ends_[1], &error, sizeof error)); }

  /// Waits until the child has become the program (0) or given up. In the parent.
  [[nodiscard]] int receive() {
    close(ends_[1]);
    ends_[1] = -1;
    int error = 0;
    ssize_t n = 0;
    do {
      n = read(ends_[0], &error, sizeof error);
    } while (n < 0 && errno == EINTR);
    return n == sizeof error ? error : 0;
  }

 private:
  std::array<int, 2> ends_{};
};

[[noreturn]] void become(const Errand& errand, const Signals& signals, const Excuse& excuse, pid_t supervisor) {
  // Who kills us with SIGKILL, a time limit for example, means the program.
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != supervisor) _exit(kOfSignal + SIGKILL);
  for (const auto& [name, value] : errand.environment) setenv(name.c_str(), value.c_str(), 1);
  std::vector<char*> arguments;
  for (const std::string& argument : errand.program) arguments.push_back(const_cast<char*>(argument.c_str()));
  arguments.push_back(nullptr);
  signals.restore();
  execvp(arguments[0], arguments.data());
  excuse.send(errno);
  _exit(kCannotRun);
}

class Supervision {
 public:
  explicit Supervision(const Errand& errand) : errand_(errand) {
    if (prctl(PR_SET_CHILD_SUBREAPER, 1) != 0) fail("PR_SET_CHILD_SUBREAPER");
  }

  Ending run() {
    start();
    if (ending_.error != 0) return ending_;
    while (!ended_) step(kTick);
    linger();
    return ending_;
  }

 private:
  void start() {
    Excuse excuse;
    const pid_t self = getpid();
    child_ = fork();
    if (child_ < 0) fail("fork");
    if (child_ == 0) become(errand_, signals_, excuse, self);
    ending_.error = excuse.receive();
    if (ending_.error != 0) waitpid(child_, nullptr, 0);
  }

  /// One signal, or one tick.
  void step(std::chrono::milliseconds limit) {
    if (const std::optional<signalfd_siginfo> info = signals_.next(limit)) {
      if (info->ssi_signo == SIGCHLD) {
        reap();
      } else {
        take(*info);
      }
    } else if (errand_.tick) {
      errand_.tick();
    }
  }

  void take(const signalfd_siginfo& info) {
    const auto signal = static_cast<int>(info.ssi_signo);
    if (signal == SIGINT || signal == SIGQUIT || signal == SIGTERM) ++interruptions_;
    // What the terminal sends it sends to the whole group, the program among it.
    if (info.ssi_code == SI_KERNEL || ended_) return;
    kill(child_, signal);
  }

  void reap() {
    int status = 0;
    pid_t pid = 0;
    while ((pid = waitpid(-1, &status, WNOHANG | WUNTRACED)) > 0) {
      if (pid != child_ || ended_) continue;
      if (WIFSTOPPED(status)) {
        stop_too();
      } else {
        ended_ = true;
        ending_.status = status;
      }
    }
    alone_ = pid < 0 && errno == ECHILD;
  }

  /// So that the shell sees its job stopped; what continues us is to continue the program. Without a terminal
  /// there is no such shell, and whoever stopped the program alone may continue it alone.
  void stop_too() const {
    const int terminal = open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY);
    if (terminal < 0) return;
    close(terminal);
    kill(getpid(), SIGSTOP);
    kill(child_, SIGCONT);
  }

  void linger() {
    const auto deadline = Clock::now() + errand_.linger;
    const int interruptions_before = interruptions_;
    for (reap(); !alone_ && interruptions_ == interruptions_before;) {
      const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(deadline - Clock::now());
      if (left.count() <= 0) break;
      step(std::min(left, kTick));
    }
    ending_.interrupted = interruptions_ > 0;
    if (!alone_) ending_.left = descendants_of(getpid());
  }

  const Errand& errand_;
  Signals signals_;
  Ending ending_;
  pid_t child_ = -1;
  int interruptions_ = 0;  ///< signals that ask a program to end
  bool ended_ = false;
  bool alone_ = false;  ///< we have no children left
};

}  // namespace

int Ending::shell_status() const {
  if (error != 0) return error == ENOENT ? kNotFound : kCannotRun;
  return WIFSIGNALED(status) ? kOfSignal + WTERMSIG(status) : WEXITSTATUS(status);
}

Ending supervise(const Errand& errand) { return Supervision(errand).run(); }

}  // namespace fencepost::cli
