#include "cli/tool.h"

#include <regex>
#include <sstream>

namespace fencepost::cli_tests {

support::Command tool_command(const Words& arguments) {
  support::Command command;
  command.arguments = {FENCEPOST_TOOL};
  command.arguments.insert(command.arguments.end(), arguments.begin(), arguments.end());
  return command;
}

support::Outcome tool(const Words& arguments) { return support::run(tool_command(arguments)); }

support::Outcome shell(const std::string& script) {
  support::Command command;
  command.arguments = {"/bin/bash", "-c", script};
  return support::run(command);
}

std::string program_path(std::string_view file) { return std::string(FENCEPOST_PROGRAMS "/").append(file); }

bool contains(std::string_view text, std::string_view part) { return text.find(part) != std::string_view::npos; }

std::size_t occurrences(std::string_view text, std::string_view part) {
  std::size_t count = 0;
  for (std::size_t at = text.find(part); at != std::string_view::npos; at = text.find(part, at + part.size())) ++count;
  return count;
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

bool has_frame(const std::string& report, const std::string& function, const std::string& place) {
  for (const std::string& line : lines_of(report)) {
    const std::size_t name = line.find(" in " + function + ' ');
    if (line.starts_with("    #") && name != std::string::npos && contains(line.substr(name), place)) return true;
  }
  return false;
}

std::vector<std::string> runtime_options() {
  static const std::regex pattern(R"(  ([a-z_]+)  \((choice|number|byte|text).*\))");
  std::vector<std::string> names;
  std::smatch match;
  for (const std::string& line : lines_of(tool({"options"}).out)) {
    if (std::regex_match(line, match, pattern)) names.push_back(match[1]);
  }
  return names;
}

}  // namespace fencepost::cli_tests
