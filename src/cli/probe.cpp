#include "cli/probe.h"

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <regex>
#include <sstream>

#include "cli/places.h"

namespace fencepost::cli {

namespace {

[[noreturn]] void become_probe(const std::filesystem::path& library, int output) {
  dup2(output, STDERR_FILENO);
  dup2(output, STDOUT_FILENO);
  // The last value counts: whatever else the environment asks for, this is said, and here.
  const std::string options = environment("FENCEPOST_OPTIONS") + ":verbosity=2:log_path=:help=0";
  setenv("FENCEPOST_OPTIONS", options.c_str(), 1);
  setenv("LD_PRELOAD", library.c_str(), 1);
  execl("/proc/self/exe", "fencepost", "--version", nullptr);
  _exit(127);
}

std::string read_all(int descriptor) {
  std::string text;
  std::array<char, 4096> buffer;
  for (ssize_t n = 0; (n = read(descriptor, buffer.data(), buffer.size())) > 0;) {
    text.append(buffer.data(), static_cast<std::size_t>(n));
  }
  return text;
}

}  // namespace

Probe read_probe(const std::string& output) {
  static const std::regex engine(R"(==\d+==Fencepost: engine (\S+?)(?:, because (.*))?)");
  Probe probe;
  probe.output = output;
  std::istringstream lines(output);
  std::smatch match;
  for (std::string line; std::getline(lines, line);) {
    if (std::regex_match(line, match, engine)) {
      probe.answered = true;
      probe.engine = match[1];
      probe.reason = match[2];
    }
    if (line.find("libunwind.so.8 was not found") != std::string::npos) probe.has_libunwind = false;
  }
  return probe;
}

Probe probe_runtime(const std::filesystem::path& library) {
  std::array<int, 2> ends{};
  if (pipe2(ends.data(), O_CLOEXEC) != 0) return {};
  const pid_t child = fork();
  if (child == 0) become_probe(library, ends[1]);
  close(ends[1]);
  const std::string output = child < 0 ? "" : read_all(ends[0]);
  close(ends[0]);
  if (child > 0) waitpid(child, nullptr, 0);
  return read_probe(output);
}

}  // namespace fencepost::cli
