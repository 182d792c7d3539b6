#include "cli/valgrind_log.h"

#include <optional>
#include <ostream>
#include <sstream>

#include "cli/terminal_text.h"
#include "render/instruction.h"

namespace fencepost::cli {

namespace {

using findings::Finding;
using findings::Frame;
using findings::Trace;

bool is_one_of(const std::string& kind, std::initializer_list<const char*> kinds) {
  for (const char* const each : kinds) {
    if (kind == each) return true;
  }
  return false;
}

/// In bytes. Where the instruction can't be decoded, it was one at least.
std::uint64_t access_size(const Finding& finding) {
  if (finding.damage) return finding.damage->count;
  const std::optional<render::DecodedInstruction> decoded = render::decode(finding);
  return decoded && decoded->access_size ? *decoded->access_size : 1;
}

std::string access_sentence(const Finding& finding) {
  if (finding.access == "execute") return "Jump to the invalid address stated on the next line";
  return "Invalid " + std::string(finding.access == "read" ? "read" : "write") + " of size " +
         std::to_string(access_size(finding));
}

std::string system_call_sentence(const Finding& finding) {
  const std::string call = finding.system_call ? finding.system_call->name + "(argument " +
                                                     std::to_string(finding.system_call->argument) + ")"
                                               : "of a system call";
  return "Syscall param " + call + " points to unaddressable byte(s)";
}

std::string location(const findings::SourceFrame& source, const Frame& frame) {
  if (source.file.empty()) return "in " + frame.module;
  return source.file + (source.line == 0 ? "" : ":" + std::to_string(source.line));
}

/// Writes lines of one process, as Valgrind begins them.
class Log {
 public:
  Log(std::ostream& out, const Finding& finding)
      : out_(out), prefix_("==" + std::to_string(finding.process.pid) + "== ") {}

  void line(const std::string& text) { out_ << prefix_ << printable(text) << "\n"; }

  void trace(const Trace& trace) {
    const char* word = "   at ";
    for (const Frame& frame : trace.frames) {
      for (const std::string& place : places(frame)) {
        std::ostringstream text;
        text << word << "0x" << std::uppercase << std::hex << frame.pc << ": " << place;
        line(text.str());
        word = "   by ";
      }
    }
  }

 private:
  static std::vector<std::string> places(const Frame& frame) {
    std::vector<std::string> all;
    for (const findings::SourceFrame& source : frame.source) {
      all.push_back((source.function.empty() ? "???" : source.function) + " (" + location(source, frame) + ")");
    }
    if (all.empty()) all.push_back((frame.function.empty() ? "???" : frame.function) + " (in " + frame.module + ")");
    return all;
  }

  std::ostream& out_;
  std::string prefix_;
};

std::string title(const Trace& trace) {
  if (trace.role == "freed") return " Block was freed by " + trace.with + " at";
  if (trace.role == "allocated") return " Block was alloc'd by " + trace.with + " at";
  return " Thread was created at";
}

void write_one(std::ostream& out, const Finding& finding) {
  Log log(out, finding);
  log.line(finding.kind + ": " + memcheck_sentence(finding));
  for (const Trace& trace : finding.traces) {
    if (trace.role == "error") {
      log.trace(trace);
      for (const std::string& place : finding.place) log.line(" " + place);
    }
  }
  for (const Trace& trace : finding.traces) {
    if (trace.role == "error") continue;
    log.line(title(trace));
    log.trace(trace);
  }
  if (finding.count > 1) {
    log.line(" Found " + std::to_string(finding.count) + " times");
  }
  log.line("");
}

}  // namespace

std::string memcheck_sentence(const Finding& finding) {
  if (is_one_of(finding.kind, {"double-free", "invalid-free"})) return "Invalid free() / delete / delete[] / realloc()";
  if (finding.kind.starts_with("mismatched-")) return "Mismatched free() / delete / delete []";
  if (finding.kind == "bad-syscall-buffer") return system_call_sentence(finding);
  if (is_one_of(finding.kind, {"allocation-size-overflow", "invalid-alignment"})) {
    return "Argument of function " + finding.function + " has a fishy (possibly negative) value";
  }
  return access_sentence(finding);
}

void write_valgrind_log(std::ostream& out, const std::vector<Finding>& findings) {
  for (const Finding& finding : findings) write_one(out, finding);
}

}  // namespace fencepost::cli
