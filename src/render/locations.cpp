#include "render/locations.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <filesystem>

#include "findings/frame_names.h"
#include "record/api.h"
#include "render/escape.h"
#include "render/instruction.h"

namespace fencepost::render {

namespace {

using findings::Finding;
using findings::Frame;
using findings::Trace;

Location without_source(const Frame& frame) { return {&frame, findings::function_name(frame), "", 0, 0}; }

/// The source of a compiler or of an installed library: what is wrong is not there but where it was used.
bool is_of_system(const Location& location) {
  return location.file.starts_with("/usr/include/") || location.file.starts_with("/usr/lib/") ||
         location.file.starts_with("/usr/local/include/");
}

/// Compiled once and for all, what templates of the C++ library do for a std::string is as little to blame as memcpy.
bool is_cxx_library(const Frame& frame) {
  const std::string_view name = findings::base_name(frame.module);
  return name.starts_with("libstdc++.so") || name.starts_with("libc++.so") || name.starts_with("libc++abi.so");
}

bool is_of_program(const Location& location) {
  const Frame& frame = *location.frame;
  return !findings::is_ours(frame) && !findings::is_libc(frame) && !is_cxx_library(frame);
}

bool is_of_its_source(const Location& location) { return is_of_program(location) && !is_of_system(location); }

/// The first place in the trace that `fits`, before what started the program; `frame` is null if there is none.
template <typename Fits>
Location first_place(const Trace& trace, Fits fits) {
  const std::size_t count = findings::frames_before_start(trace);
  for (std::size_t i = 0; i < count; ++i) {
    for (const Location& location : locations_of(trace.frames[i])) {
      if (fits(location)) return location;
    }
  }
  return {};
}

/// Of the process or a thread: it was done long before, by somebody else.
bool found_in_the_end(const Finding& finding) {
  return finding.function == record::name(record::Api::exit) ||
         finding.function == record::name(record::Api::thread_exit);
}

bool begins_with_access(const std::string& action) {
  return action.starts_with("READ at ") || action.starts_with("WRITE at ") || action.starts_with("ACCESS at ");
}

std::string word_of(const DecodedInstruction& decoded, const std::string& word) {
  if (word != "ACCESS" || decoded.access == "read and write") return word;
  return decoded.access == "write" ? "WRITE" : "READ";
}

}  // namespace

std::vector<Location> locations_of(const Frame& frame) {
  if (frame.source.empty()) return {without_source(frame)};
  std::vector<Location> locations;
  for (const findings::SourceFrame& source : frame.source) {
    const std::string function =
        source.function.empty() && !source.inlined ? findings::function_name(frame) : source.function;
    locations.push_back({&frame, function, source.file, source.line, source.column});
  }
  return locations;
}

Location culprit(const Finding& finding) {
  const std::array roles =
      found_in_the_end(finding) ? std::array{"allocated", "error"} : std::array{"error", "allocated"};
  for (const auto fits : {is_of_its_source, is_of_program}) {
    for (const char* const role : roles) {
      const Trace* const trace = finding.trace(role);
      const Location place = trace == nullptr ? Location{} : first_place(*trace, fits);
      if (place.frame != nullptr) return place;
    }
  }
  for (const char* const role : roles) {
    const Trace* const trace = finding.trace(role);
    if (trace != nullptr && !trace->frames.empty()) return locations_of(trace->frames.front()).front();
  }
  return {};
}

std::string from_directory(std::string_view file, std::string_view directory) {
  const std::string normal = std::filesystem::path(file).lexically_normal().string();
  if (directory.empty() || file.empty()) return normal;
  std::string root = std::filesystem::path(directory).lexically_normal().string();
  if (!root.ends_with('/')) root += '/';
  return normal.starts_with(root) && normal.size() > root.size() ? normal.substr(root.size()) : normal;
}

std::string hex(std::uint64_t value) {
  char text[2 + 16] = {'0', 'x'};
  return {text, std::to_chars(text + 2, text + sizeof text, value, 16).ptr};
}

std::string count_of(std::uint64_t count, std::string_view noun) {
  const std::string plural = noun.ends_with("ss") ? "es" : "s";
  return std::to_string(count) + ' ' + std::string(noun) + (count == 1 ? "" : plural);
}

std::string place_in_source(const Location& location, std::string_view directory) {
  std::string place = printable(from_directory(location.file, directory));
  if (location.line != 0) place += ':' + std::to_string(location.line);
  if (location.line != 0 && location.column != 0) place += ':' + std::to_string(location.column);
  return place;
}

std::string place_and_function(const Location& location, std::string_view directory) {
  std::string text;
  if (location.has_source()) {
    text = place_in_source(location, directory);
  } else if (location.frame != nullptr && !location.frame->module.empty()) {
    text = '(' + printable(location.frame->module) + '+' + hex(location.frame->offset) + ')';
  }
  if (location.function.empty()) return text;
  return text + (text.empty() ? "in " : " in ") + printable(location.function);
}

std::string name_of(const findings::Thread& thread) {
  const std::string number = "thread T" + std::to_string(thread.id);
  return thread.name.empty() ? number : number + " (" + printable(thread.name) + ')';
}

std::string name_of(const findings::Process& process) {
  const std::string name = process.name.empty() ? std::string(findings::base_name(process.executable)) : process.name;
  const std::string number = std::to_string(process.pid);
  return name.empty() ? number : printable(name) + " (" + number + ')';
}

std::string title_of(const Trace& trace, const Finding& finding) {
  if (trace.role == "created") return name_of(finding.thread) + " was created by " + name_of(trace.thread);
  if (trace.role == "error") return "error in " + name_of(trace.thread);
  const std::string by = printable(trace.role) + " by " + name_of(trace.thread);
  return trace.with.empty() ? by : by + " with " + printable(trace.with);
}

std::string action_of(const Finding& finding) {
  const auto decoded = begins_with_access(finding.action) ? decode(finding) : std::nullopt;
  if (!decoded || !decoded->access_size) return printable(finding.action);
  const std::size_t space = finding.action.find(' ');
  return word_of(*decoded, finding.action.substr(0, space)) + " of size " + std::to_string(*decoded->access_size) +
         printable(finding.action.substr(space));
}

std::string occurrences_of(const Finding& finding) {
  const std::size_t processes = std::max<std::size_t>(finding.processes.size(), 1);
  if (finding.count == 1 && processes == 1) return "";
  constexpr std::size_t kMostNamed = 5;
  std::string text = "Found " + count_of(finding.count, "time") + " in " + count_of(processes, "process") + ": ";
  if (finding.processes.empty()) return text + name_of(finding.process);
  for (std::size_t i = 0; i < std::min(processes, kMostNamed); ++i) {
    text += (i == 0 ? "" : ", ") + name_of(finding.processes[i]);
  }
  return processes > kMostNamed ? text + " and " + std::to_string(processes - kMostNamed) + " others" : text;
}

}  // namespace fencepost::render
