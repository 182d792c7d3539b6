#include "cli/run_command.h"

#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>

#include "cli/log.h"
#include "options/options.h"

namespace fencepost::cli {

namespace {

namespace fs = std::filesystem;

constexpr int kUsageError = 2;
constexpr int kCannotRun = 126;
constexpr int kNotFound = 127;

std::string environment(const char* name) {
  const char* const value = std::getenv(name);
  return value == nullptr ? "" : value;
}

/// Beside this program in a build tree, or where it was installed to.
fs::path find_library() {
  std::error_code error;
  const fs::path here = fs::read_symlink("/proc/self/exe", error).parent_path();
  for (const fs::path& candidate : {here / "libfencepost.so", here / ".." / FENCEPOST_LIBDIR / "libfencepost.so"}) {
    if (fs::exists(candidate, error)) return fs::weakly_canonical(candidate, error);
  }
  return {};
}

bool options_are_good(const std::string& text) {
  TextBuffer<4096> complaints;
  options::Options parsed;
  if (options::parse(text, parsed, complaints)) return true;
  std::string message(complaints.view());
  if (!message.empty()) message.pop_back();
  log_error(message);
  return false;
}

void preload(const fs::path& library) {
  const std::string before = environment("LD_PRELOAD");
  const std::string all = before.empty() ? library.string() : library.string() + ":" + before;
  setenv("LD_PRELOAD", all.c_str(), 1);
}

}  // namespace

RunRequest new_run_request() {
  RunRequest request;
  options::for_each_option([&](const options::Description& option) {
    if (option.name == "help") return;  // `fencepost options` and --help say it
    request.runtime_options.push_back(
        {std::string(option.name), std::string(option.accepted), std::string(option.help), ""});
  });
  return request;
}

std::string join_options(const std::string& inherited, const RunRequest& request) {
  std::string joined = inherited;
  for (const RuntimeOption& option : request.runtime_options) {
    if (option.value.empty()) continue;
    if (!joined.empty()) joined += ':';
    joined += option.name + '=' + option.value;
  }
  return joined;
}

int run_program(const RunRequest& request) {
  const fs::path library = request.library.empty() ? find_library() : fs::path(request.library);
  std::error_code error;
  if (library.empty() || !fs::exists(library, error)) {
    log_error("libfencepost.so was not found; name it with --library");
    return kUsageError;
  }
  const std::string options = join_options(environment("FENCEPOST_OPTIONS"), request);
  if (!options_are_good(options)) return kUsageError;
  setenv("FENCEPOST_OPTIONS", options.c_str(), 1);
  preload(fs::absolute(library));
  std::vector<char*> arguments;
  for (const std::string& argument : request.program) arguments.push_back(const_cast<char*>(argument.c_str()));
  arguments.push_back(nullptr);
  execvp(arguments[0], arguments.data());
  const int reason = errno;
  log_error(request.program[0] + ": " + std::strerror(reason));
  return reason == ENOENT ? kNotFound : kCannotRun;
}

}  // namespace fencepost::cli
