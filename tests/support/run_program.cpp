#include "support/run_program.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <stdexcept>

namespace fencepost::support {

namespace {

using Clock = std::chrono::steady_clock;

[[noreturn]] void fail(const char* what) { throw std::runtime_error(std::string(what) + ": " + std::strerror(errno)); }

struct Pipe {
  Pipe() {
    std::array<int, 2> ends{};
    if (pipe2(ends.data(), O_CLOEXEC) != 0) fail("pipe");
    reader = ends[0];
    writer = ends[1];
  }
  ~Pipe() {
    close_writer();
    if (reader >= 0) close(reader);
  }
  Pipe(const Pipe&) = delete;
  Pipe& operator=(const Pipe&) = delete;

  void close_writer() {
    if (writer >= 0) close(writer);
    writer = -1;
  }
  /// False at the end of the stream.
  bool read_into(std::string& text) {
    std::array<char, 65536> buffer;
    const ssize_t n = read(reader, buffer.data(), buffer.size());
    if (n > 0) text.append(buffer.data(), static_cast<std::size_t>(n));
    return n > 0 || (n < 0 && errno == EINTR);
  }

  int reader = -1;
  int writer = -1;
};

std::vector<char*> pointers(std::vector<std::string>& strings) {
  std::vector<char*> result;
  for (std::string& text : strings) result.push_back(text.data());
  result.push_back(nullptr);
  return result;
}

std::vector<std::string> environment_of(const Command& command) {
  std::map<std::string, std::string> variables = command.environment;
  variables.emplace("PATH", "/usr/local/bin:/usr/bin:/bin");
  variables.emplace("LANG", "C");
  variables.emplace("FENCEPOST_TOOL", "");  // reports in plain text, whatever lies beside the library
  if (const char* const directory = std::getenv("TMPDIR")) variables.emplace("TMPDIR", directory);
  std::vector<std::string> result;
  for (const auto& [name, value] : variables) result.push_back(name + "=" + value);
  return result;
}

void prepare_child(const Command& command, const Pipe& out, const Pipe& err) {
  setpgid(0, 0);
  const int input = open("/dev/null", O_RDONLY);
  dup2(input, 0);
  dup2(out.writer, 1);
  dup2(err.writer, 2);
  if (input > 2) close(input);
  rlimit core{};
  getrlimit(RLIMIT_CORE, &core);
  core.rlim_cur = 0;
  setrlimit(RLIMIT_CORE, &core);
  if (!command.directory.empty() && chdir(command.directory.c_str()) != 0) _exit(126);
  if (command.before_exec) command.before_exec();
}

pid_t start(const Command& command, const Pipe& out, const Pipe& err) {
  std::vector<std::string> arguments = command.arguments;
  std::vector<std::string> environment = environment_of(command);
  const std::vector<char*> argv = pointers(arguments);
  const std::vector<char*> envp = pointers(environment);
  const pid_t pid = fork();
  if (pid < 0) fail("fork");
  if (pid > 0) return pid;
  prepare_child(command, out, err);
  execve(argv[0], argv.data(), envp.data());
  dprintf(2, "could not be run: %s: %s\n", argv[0], std::strerror(errno));
  _exit(127);
}

/// Reads both to their ends; false if the deadline came first.
bool read_all(Pipe& out, Pipe& err, Outcome& outcome, Clock::time_point deadline) {
  std::array<pollfd, 2> open{pollfd{out.reader, POLLIN, 0}, pollfd{err.reader, POLLIN, 0}};
  while (open[0].fd >= 0 || open[1].fd >= 0) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(deadline - Clock::now()).count();
    if (left <= 0) return false;
    if (poll(open.data(), open.size(), static_cast<int>(left)) <= 0) continue;
    if (open[0].fd >= 0 && open[0].revents != 0 && !out.read_into(outcome.out)) open[0].fd = -1;
    if (open[1].fd >= 0 && open[1].revents != 0 && !err.read_into(outcome.err)) open[1].fd = -1;
  }
  return true;
}

/// A process may close its output and go on: its time is limited all the same.
bool wait_until(pid_t pid, int& status, Clock::time_point deadline) {
  while (waitpid(pid, &status, WNOHANG) == 0) {
    if (Clock::now() >= deadline) return false;
    usleep(1000);
  }
  return true;
}

}  // namespace

std::optional<int> Outcome::exit_code() const {
  if (timed_out || !WIFEXITED(status)) return {};
  return WEXITSTATUS(status);
}

std::optional<int> Outcome::signal() const {
  if (timed_out || !WIFSIGNALED(status)) return {};
  return WTERMSIG(status);
}

std::string Outcome::ending() const {
  if (timed_out) return "timed out";
  if (WIFEXITED(status)) return "exit " + std::to_string(WEXITSTATUS(status));
  return "signal " + std::to_string(WTERMSIG(status));
}

Outcome run(const Command& command) {
  Pipe out;
  Pipe err;
  Outcome outcome;
  outcome.pid = start(command, out, err);
  out.close_writer();
  err.close_writer();
  const auto deadline = Clock::now() + command.time_limit;
  const bool in_time = read_all(out, err, outcome, deadline) && wait_until(outcome.pid, outcome.status, deadline);
  if (!in_time) {
    outcome.timed_out = true;
    kill(-outcome.pid, SIGKILL);  // the group that this very child leads
    kill(outcome.pid, SIGKILL);
    waitpid(outcome.pid, &outcome.status, 0);
  }
  return outcome;
}

}  // namespace fencepost::support
