#include "cli/terminal.h"

#include <poll.h>
#include <pty.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <stdexcept>

namespace fencepost::cli_tests {

namespace {

using Clock = std::chrono::steady_clock;

[[noreturn]] void become(const support::Command& command) {
  setenv("PATH", "/usr/local/bin:/usr/bin:/bin", 1);
  for (const auto& [name, value] : command.environment) setenv(name.c_str(), value.c_str(), 1);
  std::vector<char*> words;
  for (const std::string& word : command.arguments) words.push_back(const_cast<char*>(word.c_str()));
  words.push_back(nullptr);
  execv(words[0], words.data());
  _exit(127);
}

/// False at the end: nobody has the terminal open any more.
bool read_some(int terminal, std::string& text) {
  std::array<char, 4096> buffer;
  const ssize_t n = read(terminal, buffer.data(), buffer.size());
  if (n > 0) text.append(buffer.data(), static_cast<std::size_t>(n));
  return n > 0 || (n < 0 && errno == EINTR);
}

}  // namespace

support::Outcome on_terminal(const support::Command& command, const std::vector<Step>& dialogue) {
  support::Outcome outcome;
  int terminal = -1;
  outcome.pid = forkpty(&terminal, nullptr, nullptr, nullptr);
  if (outcome.pid < 0) throw std::runtime_error("no pseudo-terminal");
  if (outcome.pid == 0) become(command);
  const auto deadline = Clock::now() + command.time_limit;
  auto next = dialogue.begin();
  std::size_t answered = 0;
  bool open = true;
  while (open && Clock::now() < deadline) {
    pollfd ready{terminal, POLLIN, 0};
    if (poll(&ready, 1, 100) > 0) open = read_some(terminal, outcome.out);
    if (next == dialogue.end() || outcome.out.find(next->prompt, answered) == std::string::npos) continue;
    answered = outcome.out.size();
    if (write(terminal, next->keys.data(), next->keys.size()) < 0) throw std::runtime_error("nobody reads the keys");
    ++next;
  }
  outcome.timed_out = open;
  if (open) kill(outcome.pid, SIGKILL);
  waitpid(outcome.pid, &outcome.status, 0);
  close(terminal);
  return outcome;
}

}  // namespace fencepost::cli_tests
