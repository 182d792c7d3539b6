#include "render/text.h"

#include <ostream>
#include <set>
#include <sstream>
#include <string>

#include "findings/frame_names.h"
#include "render/drawing.h"
#include "render/escape.h"
#include "render/instruction.h"
#include "render/kinds.h"
#include "render/locations.h"
#include "render/source_excerpt.h"

namespace fencepost::render {

namespace {

using findings::Finding;
using findings::Frame;
using findings::Trace;

/// One report.
class Report {
 public:
  Report(std::ostream& out, const Finding& finding, const TextStyle& style)
      : out_(out), finding_(finding), style_(style) {}

  void write() {
    headline();
    trace(finding_.trace("error"));
    excerpt();
    instruction();
    place();
    for (const Trace& each : finding_.traces) other_trace(each);
    meaning();
    summary();
  }

 private:
  [[nodiscard]] bool is_warning() const { return finding_.severity == "warning"; }
  [[nodiscard]] Paint loud() const { return is_warning() ? Paint::warning : Paint::error; }

  void line(std::string_view text) { out_ << text << '\n'; }

  void headline() {
    const std::string headline = finding_.headline.empty() ? finding_.kind : finding_.headline;
    line(style_.paint(loud(), "==" + std::to_string(finding_.process.pid) + (is_warning() ? "==WARNING" : "==ERROR") +
                                  ": Fencepost: " + printable(headline)));
    if (!finding_.action.empty()) line(style_.paint(Paint::heading, action_of(finding_)));
  }

  void noise(std::size_t count, const char* what) {
    if (count > 0) line(style_.paint(Paint::faint, "    (" + count_of(count, "frame") + ' ' + what + ')'));
  }

  void frame_line(std::size_t number, const Location& location) {
    std::string text = "    #" + std::to_string(number) + ' ' + hex(location.frame->pc);
    if (!location.function.empty()) text += " in " + style_.paint(Paint::function, printable(location.function));
    if (location.has_source()) {
      text += ' ' + style_.paint(Paint::place, place_in_source(location, style_.directory));
    } else if (location.frame->module.empty()) {
      text += " (no module)";
    } else {
      text += " (" + printable(location.frame->module) + '+' + hex(location.frame->offset);
      text += location.frame->unloaded ? ", unloaded)" : ")";
    }
    line(text);
  }

  void folded(const findings::Folded& folded) {
    std::string text = "    ... " + std::to_string(folded.count) + " more frames";
    for (std::size_t i = 0; i < folded.functions.size(); ++i) {
      text += (i == 0 ? " of " : " -> ") + printable(findings::demangled(folded.functions[i]));
    }
    line(text + (folded.complete ? "" : ", and no end"));
  }

  void frames(const Trace& trace) {
    const std::size_t count = findings::frames_before_start(trace);
    std::size_t number = 0;
    std::size_t ours = 0;
    for (std::size_t i = 0; i < count; ++i) {
      const Frame& frame = trace.frames[i];
      if (trace.folded && trace.folded->after == i) fold(*trace.folded, number);
      if (findings::is_ours(frame)) {
        ++ours;
        continue;
      }
      for (const Location& location : locations_of(frame)) frame_line(number++, location);
    }
    if (trace.folded && trace.folded->after >= count) fold(*trace.folded, number);
    if (trace.frames_left_out > 0) line("    ... " + std::to_string(trace.frames_left_out) + " more frames");
    noise(ours, "of Fencepost");
    noise(trace.frames.size() - count, trace.thread.id == 0 ? "of the program's start" : "of the thread's start");
    notes(trace);
  }

  void fold(const findings::Folded& middle, std::size_t& number) {
    folded(middle);
    number += middle.count;
  }

  /// The source where the error is to be looked for. It stands below the frames, which programs read line by
  /// line.
  void excerpt() {
    const Location location = culprit(finding_);
    const Trace* const error = finding_.trace("error");
    if (error == nullptr || error->frames.empty()) return;
    const std::vector<std::string> lines = source_excerpt(location, style_);
    if (lines.empty()) return;
    line("  " + style_.paint(Paint::place, place_in_source(location, style_.directory)) + ':');
    for (const std::string& each : lines) line(each);
  }

  /// What the symbolizer has to say about a module, once.
  void notes(const Trace& trace) {
    for (const Frame& frame : trace.frames) {
      if (frame.note.empty() || !noted_.insert(frame.module + '\n' + frame.note).second) continue;
      line("    (" + printable(findings::base_name(frame.module)) + ": " + printable(frame.note) + ')');
    }
  }

  void trace(const Trace* trace) {
    if (trace == nullptr) return;
    if (trace->frames.empty()) line("    (no trace)");
    frames(*trace);
  }

  void other_trace(const Trace& each) {
    if (&each == finding_.trace("error")) return;
    line(style_.paint(Paint::heading, title_of(each, finding_) + ':'));
    trace(&each);
  }

  void instruction() {
    const auto decoded = decode(finding_);
    if (!decoded) return;
    std::string text = "instruction: " + decoded->text;
    for (std::size_t i = 0; i < decoded->registers.size(); ++i) {
      const RegisterValue& each = decoded->registers[i];
      text += (i == 0 ? "   with " : ", ") + each.name + '=' + hex(each.value);
    }
    line(text);
  }

  void place() {
    for (const std::string& each : place_of(finding_)) line(printable(each));
    for (const std::string& each : draw_block(finding_, style_)) line(each);
  }

  void meaning() {
    const std::string explanation = explanation_of(finding_);
    if (!explanation.empty()) line("Meaning: " + printable(explanation));
    for (const std::string& each : hints_of(finding_)) line("Hint: " + printable(each));
    const std::string occurrences = occurrences_of(finding_);
    if (!occurrences.empty()) line(occurrences);
  }

  void summary() {
    std::string text = "SUMMARY: Fencepost: " + printable(finding_.kind);
    const std::string place = place_and_function(culprit(finding_), style_.directory);
    if (!place.empty()) text += ' ' + place;
    line(style_.paint(loud(), text));
    std::istringstream suppressions(finding_.suppressions);
    for (std::string each; std::getline(suppressions, each);) line("SUPPRESSION: " + printable(each));
  }

  std::ostream& out_;
  const Finding& finding_;
  const TextStyle& style_;
  std::set<std::string> noted_;
};

}  // namespace

void write_text(std::ostream& out, const std::vector<Finding>& findings, const TextStyle& style) {
  std::uint64_t total = 0;
  for (const Finding& finding : findings) {
    Report(out, finding, style).write();
    if (findings.size() > 1) out << '\n';
    total += finding.count;
  }
  if (findings.size() < 2) return;
  out << "Fencepost: " << count_of(findings.size(), "finding");
  if (total > findings.size()) out << ", found " << count_of(total, "time");
  out << '\n';
}

}  // namespace fencepost::render
