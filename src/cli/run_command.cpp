#include "cli/run_command.h"

#include <unistd.h>

#include <filesystem>
#include <iostream>
#include <system_error>

#include "cli/found.h"
#include "cli/guarded_run.h"
#include "cli/log.h"
#include "cli/outputs.h"
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

/// Runs the program as often as is asked for.
class Session {
 public:
  explicit Session(const RunRequest& request) : request_(request) {}

  /// False if there is no use in going on; `status()` says why.
  bool prepare() {
    run_.library = request_.library.empty() ? find_library() : fs::absolute(request_.library);
    std::error_code error;
    if (run_.library.empty() || !fs::exists(run_.library, error)) {
      log_error("libfencepost.so was not found; name it with --library");
      return false;
    }
    options_ = join_options(environment("FENCEPOST_OPTIONS"), request_);
    run_.program = request_.program;
    run_.linger = std::chrono::milliseconds(static_cast<std::int64_t>(request_.linger * 1000));
    return options_are_good(options_);
  }

  void run() {
    if (request_.sides.empty()) return run_once(options_);
    if (request_.sides != "both") return run_once(with_side(request_.sides));
    const off_t input = lseek(STDIN_FILENO, 0, SEEK_CUR);
    run_once(with_side("end"));
    if (ending_.error != 0) return;
    if (ending_.interrupted) return log_warning("interrupted: the run with side=begin is left out");
    // The second run reads the same again where that can be had.
    if (input >= 0) {
      lseek(STDIN_FILENO, input, SEEK_SET);
    } else if (isatty(STDIN_FILENO) == 0) {
      log_information("standard input can't be read again: the second run gets what the first one left");
    }
    run_once(with_side("begin"));
  }

  [[nodiscard]] std::vector<findings::Finding> take() { return std::move(found_); }

  /// Of the first run that failed, or 0.
  [[nodiscard]] int status() const { return status_; }

 private:
  [[nodiscard]] std::string with_side(const std::string& side) const {
    return options_ + (options_.empty() ? "" : ":") + "side=" + side;
  }

  void run_once(const std::string& options) {
    run_.options = options;
    RunResult result = run_guarded(run_);
    ending_ = std::move(result.ending);
    if (ending_.error != 0) tell_not_started(request_.program[0], ending_.error);
    if (status_ == kGood) status_ = ending_.shell_status();
    for (findings::Finding& finding : result.findings) found_.push_back(std::move(finding));
  }

  const RunRequest& request_;
  GuardedRun run_;
  std::string options_;
  Ending ending_;
  int status_ = kGood;
  std::vector<findings::Finding> found_;
};

}  // namespace

RunRequest new_run_request() {
  RunRequest request;
  options::for_each_option([&](const options::Description& option) {
    // `fencepost options` and --help say what help=1 says; where findings and counts go is for us to say.
    if (option.name == "help" || option.name == "json_path" || option.name == "progress_path") return;
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
  Outputs outputs(std::cerr);
  if (!outputs.open(request.formats)) return kUsageError;
  Session session(request);
  if (!session.prepare()) return kUsageError;
  session.run();
  const std::vector<findings::Finding> found = make_readable(session.take());
  if (!outputs.write(found)) return kUsageError;
  return found.empty() || request.error_exitcode == 0 ? session.status() : request.error_exitcode;
}

}  // namespace fencepost::cli
