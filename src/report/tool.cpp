#include "report/tool.h"

#include "base/text.h"
#include "base/writer.h"
#include "os/helper.h"
#include "os/modules.h"
#include "os/pages.h"
#include "os/process.h"

namespace fencepost::report {

namespace {

/// A report of the longest traces, each frame with a dozen inlined functions, is a quarter of it.
constexpr Size kLongestAnswer = Size{1} << 20;

constexpr Size kMostVariables = 1024;
constinit const char* environment[kMostVariables] = {};

constexpr const char* kArguments[] = {"fencepost", "symbolize", nullptr};

constexpr std::string_view kLibrary = "libfencepost.so";

constexpr const char* kOnTerminal = "FENCEPOST_TERMINAL=1";

/// The rest is meant for the program: its libraries, and us; or it is what we say ourselves.
bool is_for_tool(std::string_view setting) {
  return !begins_with(setting, "LD_") && !begins_with(setting, "FENCEPOST_OPTIONS=") &&
         !begins_with(setting, "FENCEPOST_TERMINAL=");
}

/// The variables that the program was started with: its own may be changing just now.
const char* const* tool_environment(bool on_terminal) {
  Size count = 0;
  const char* const* setting = os::initial_environment();
  for (; setting != nullptr && *setting != nullptr && count + 2 < kMostVariables; ++setting) {
    if (is_for_tool(*setting)) environment[count++] = *setting;
  }
  if (on_terminal) environment[count++] = kOnTerminal;  // its standard output is none
  environment[count] = nullptr;
  return environment;
}

}  // namespace

void Tool::add_place(Size index, std::string_view directory, std::string_view name) {
  Writer path(paths_[index], kLongestPath - 1);
  path.text(directory).text(name);
  const bool fits = !path.truncated();
  paths_[index][fits ? path.view().size() : 0] = '\0';
}

void Tool::set_path(std::string_view path) {
  char here[kLongestPath] = "";
  if (!path.empty() && path.front() != '/' && os::current_directory(here, sizeof here - 1)) {
    const std::string_view directory(here);
    here[directory.size() + 1] = '\0';
    here[directory.size()] = '/';
  }
  add_place(0, here, path);
  sandbox_ = os::initial_sandbox();
}

void Tool::look_beside_library() {
  os::Module module;
  if (!os::find_module(reinterpret_cast<Address>(kArguments), module)) return;
  const std::string_view path = module.path;
  const Size name = path.rfind('/') == std::string_view::npos ? 0 : path.rfind('/') + 1;
  if (!begins_with(without_first(path, name), kLibrary)) return;
  TextBuffer<kLongestPath> beside;
  beside.text(first(path, name)).text("fencepost");
  if (!beside.truncated()) set_path(beside.view());
  const std::string_view found(paths_[0]);
  if (!found.empty()) add_place(1, first(found, found.rfind('/') + 1), FENCEPOST_TOOL_FROM_LIBRARY);
}

bool Tool::run(std::string_view finding, const Sink& sink) {
  const Range room = os::map_memory(kLongestAnswer);
  if (room.empty()) return false;
  const char* const paths[] = {paths_[0], paths_[1][0] == '\0' ? nullptr : paths_[1], nullptr};
  os::HelperRun run{.paths = paths,
                    .arguments = kArguments,
                    .environment = tool_environment(sink.is_terminal()),
                    .input = finding,
                    .room = {reinterpret_cast<char*>(room.begin), room.size()},
                    .milliseconds = milliseconds_};
  const bool good = os::run_helper(run) && run.output_size != 0;
  if (good) sink.write({run.room.data(), run.output_size});
  os::give_back(room);
  return good;
}

bool Tool::tell(std::string_view finding, const Sink& sink) {
  // A filter that was added since may kill for what we would have to do.
  os::Sandbox now;
  const bool told = os::read_sandbox(now) && now == sandbox_ && run(finding, sink);
  if (!told) failed_.store(true, std::memory_order_relaxed);
  return told;
}

}  // namespace fencepost::report
