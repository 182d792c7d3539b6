#include "cli/run_command.h"

#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>

#include "cli/exit_status.h"
#include "cli/log.h"
#include "cli/places.h"
#include "options/options.h"

namespace fencepost::cli {

namespace {

namespace fs = std::filesystem;

bool options_are_good(const std::string& text) {
  TextBuffer<4096> complaints;
  options::Options parsed;
  if (options::parse(text, parsed, complaints)) return true;
  std::string message(complaints.view());
  if (!message.empty()) message.pop_back();
  log_error(message);
  return false;
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
  setenv("LD_PRELOAD", preloading(fs::absolute(library)).c_str(), 1);
  std::vector<char*> arguments;
  for (const std::string& argument : request.program) arguments.push_back(const_cast<char*>(argument.c_str()));
  arguments.push_back(nullptr);
  execvp(arguments[0], arguments.data());
  const int reason = errno;
  log_error(request.program[0] + ": " + std::strerror(reason));
  return reason == ENOENT ? kNotFound : kCannotRun;
}

}  // namespace fencepost::cli
