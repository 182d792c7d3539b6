#include "render/github.h"

#include <algorithm>
#include <ostream>
#include <string>

#include "findings/frame_names.h"
#include "render/escape.h"
#include "render/kinds.h"
#include "render/locations.h"

namespace fencepost::render {

namespace {

using findings::Finding;

std::string place_property(const Location& location, const Context& context) {
  if (!location.has_source()) return "";
  std::string text = "file=" + github_property(printable(from_directory(location.file, context.directory)));
  text += ",line=" + std::to_string(location.line);
  if (location.column != 0) text += ",col=" + std::to_string(location.column);
  return text + ',';
}

void add_line(std::string& text, const std::string& line) {
  if (line.empty()) return;
  if (!text.empty()) text += '\n';
  text += line;
}

/// What stands in the annotation: the sentences, and each trace's first lines.
std::string message_of(const Finding& finding, const Context& context) {
  constexpr std::size_t kMostFrames = 4;
  std::string text = action_of(finding);
  for (const std::string& each : place_of(finding)) add_line(text, printable(each));
  for (const findings::Trace& trace : finding.traces) {
    add_line(text, title_of(trace, finding) + ':');
    for (std::size_t i = 0; i < std::min(findings::frames_before_start(trace), kMostFrames); ++i) {
      for (const Location& location : locations_of(trace.frames[i])) {
        add_line(text, "    " + place_and_function(location, context.directory));
      }
    }
  }
  add_line(text, printable(explanation_of(finding)));
  for (const std::string& each : hints_of(finding)) add_line(text, printable(each));
  add_line(text, occurrences_of(finding));
  return text;
}

}  // namespace

void write_github(std::ostream& out, const std::vector<Finding>& findings, const Context& context) {
  for (const Finding& finding : findings) {
    const Location location = culprit(finding);
    const std::string where = location.function.empty() ? "" : " in " + printable(location.function);
    out << (finding.severity == "warning" ? "::warning " : "::error ") << place_property(location, context)
        << "title=" << github_property("Fencepost: " + printable(finding.kind) + where)
        << "::" << github_data(message_of(finding, context)) << '\n';
  }
}

}  // namespace fencepost::render
