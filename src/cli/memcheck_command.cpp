#include "cli/memcheck_command.h"

#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <sstream>

#include "cli/exit_status.h"
#include "cli/found.h"
#include "cli/guarded_run.h"
#include "cli/log.h"
#include "cli/outputs.h"
#include "cli/places.h"
#include "cli/valgrind_log.h"
#include "options/options.h"

namespace fencepost::cli {

namespace {

constexpr unsigned kDeepest = 64;  // of option depth
constexpr std::chrono::seconds kLinger{2};

struct Setting {
  std::string name;  ///< "--log-file"
  std::string value;
};

Setting split_setting(const std::string& argument) {
  const std::size_t equals = argument.find('=');
  if (equals == std::string::npos) return {argument, ""};
  return {argument.substr(0, equals), argument.substr(equals + 1)};
}

template <typename Number>
void read_number(const Setting& setting, Number& number, MemcheckRequest& request) {
  const std::string& text = setting.value;
  const auto result = std::from_chars(text.data(), text.data() + text.size(), number);
  if (result.ec == std::errc() && result.ptr == text.data() + text.size()) return;
  request.mistake = setting.name + " needs a number, not '" + text + "'";
}

/// Valgrind's files consist of blocks in braces. A name that can't be the value of an option can't be passed on.
bool is_ours(const std::string& file) {
  if (file.find_first_of(":,") != std::string::npos) return false;
  std::ifstream in(file);
  std::string word;
  while (in >> word && word.starts_with('#')) std::getline(in, word);
  return in && !word.starts_with('{');
}

void read_option(const std::string& argument, bool& xml, MemcheckRequest& request) {
  const Setting setting = split_setting(argument);
  if (setting.name == "--log-file") {
    request.log_file = setting.value;
  } else if (setting.name == "--xml-file") {
    request.xml_file = setting.value;
  } else if (setting.name == "--xml") {
    xml = setting.value == "yes";
  } else if (setting.name == "--num-callers") {
    read_number(setting, request.depth, request);
  } else if (setting.name == "--error-exitcode") {
    read_number(setting, request.error_exitcode, request);
  } else if (setting.name == "--suppressions" && is_ours(setting.value)) {
    request.suppressions += (request.suppressions.empty() ? "" : ",") + setting.value;
  } else if (setting.name == "--tool" && setting.value != "memcheck") {
    request.mistake = "there is no tool " + setting.value + " here, only memcheck";
  } else if (setting.name != "--tool" && setting.name != "-q" && setting.name != "--quiet") {
    request.ignored.push_back(argument);
  }
}

/// Where processes are to say what is no finding, such as that their status is another: in the log, as Valgrind does.
/// Empty if that is standard error, or has a name that can't be the value of an option.
std::string path_for_messages(const MemcheckRequest& request) {
  if (request.log_file.empty()) return "";
  const std::string path = std::filesystem::absolute(expand_log_name(request.log_file)).string();
  const bool fits = path.size() < options::Text::kCapacity && path.find_first_of(":%") == std::string::npos;
  return fits ? path : "";
}

/// What of the environment counts more than what memcheck stands for comes last.
std::string options_for(const MemcheckRequest& request) {
  std::string options = "on_error=continue";
  if (const std::string path = path_for_messages(request); !path.empty()) options += ":log_path=" + path;
  if (request.depth != 0) options += ":depth=" + std::to_string(std::min(request.depth, kDeepest));
  if (!request.suppressions.empty()) options += ":suppressions=" + request.suppressions;
  const std::string inherited = environment("FENCEPOST_OPTIONS");
  return inherited.empty() ? options : options + ":" + inherited;
}

/// Behind what is there.
bool write_file(const std::string& name, const std::string& content) {
  if (name.empty()) return true;
  const std::string path = expand_log_name(name);
  std::ofstream file(path, std::ios::binary | std::ios::app);
  file << content;
  file.close();
  if (!file) log_error("can't write " + path);
  return static_cast<bool>(file);
}

/// A log of an earlier run is gone before the program says anything.
bool empty_file(const std::string& name) {
  if (name.empty()) return true;
  const std::string path = expand_log_name(name);
  if (std::ofstream(path, std::ios::trunc)) return true;
  log_error("can't write " + path);
  return false;
}

bool write_logs(const MemcheckRequest& request, const std::vector<findings::Finding>& found) {
  std::ostringstream log;
  write_valgrind_log(log, found);
  if (request.log_file.empty() && request.xml_file.empty()) std::cerr << log.str() << std::flush;
  Outputs xml(std::cerr);
  if (!request.xml_file.empty() &&
      (!xml.open({"valgrind=" + expand_log_name(request.xml_file)}) || !xml.write(found))) {
    return false;
  }
  return write_file(request.log_file, log.str());
}

}  // namespace

MemcheckRequest read_memcheck_arguments(const std::vector<std::string>& arguments) {
  MemcheckRequest request;
  bool xml = false;
  std::size_t at = 0;
  for (; at < arguments.size() && arguments[at].starts_with("-"); ++at) {
    if (arguments[at] == "--") {
      ++at;
      break;
    }
    read_option(arguments[at], xml, request);
  }
  if (!xml) request.xml_file.clear();
  request.program.assign(arguments.begin() + static_cast<std::ptrdiff_t>(at), arguments.end());
  if (request.program.empty() && request.mistake.empty()) request.mistake = "no program is named";
  return request;
}

std::string expand_log_name(const std::string& name) {
  std::string expanded;
  for (std::size_t i = 0; i < name.size(); ++i) {
    const std::size_t end = name.find('}', i);
    if (name.compare(i, 2, "%p") == 0) {
      expanded += std::to_string(getpid());
      ++i;
    } else if (name.compare(i, 2, "%%") == 0) {
      expanded += '%';
      ++i;
    } else if (name.compare(i, 3, "%q{") == 0 && end != std::string::npos) {
      expanded += environment(name.substr(i + 3, end - i - 3).c_str());
      i = end;
    } else {
      expanded += name[i];
    }
  }
  return expanded;
}

int run_memcheck(const MemcheckRequest& request) {
  if (!request.mistake.empty()) {
    log_error("memcheck: " + request.mistake);
    return kUsageError;
  }
  for (const std::string& option : request.ignored) log_information("memcheck: nothing is done about " + option);
  GuardedRun run;
  run.library = find_library();
  if (run.library.empty()) {
    log_error("libfencepost.so was not found beside this program");
    return kUsageError;
  }
  if (!empty_file(request.log_file)) return kUsageError;
  run.options = options_for(request);
  run.program = request.program;
  run.linger = kLinger;
  const RunResult result = run_guarded(run);
  if (result.ending.error != 0) tell_not_started(request.program[0], result.ending.error);
  const std::vector<findings::Finding> found = make_readable(result.findings);
  if (!write_logs(request, found)) return kUsageError;
  return request.error_exitcode != 0 && !found.empty() ? request.error_exitcode : result.ending.shell_status();
}

}  // namespace fencepost::cli
