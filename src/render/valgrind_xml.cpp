#include "render/valgrind_xml.h"

#include <filesystem>
#include <ostream>
#include <pugixml.hpp>

#include "render/escape.h"
#include "render/kinds.h"
#include "render/locations.h"

namespace fencepost::render {

namespace {

using findings::Finding;
using findings::Trace;

pugi::xml_node add(pugi::xml_node parent, const char* name, const std::string& text) {
  pugi::xml_node node = parent.append_child(name);
  node.append_child(pugi::node_pcdata).set_value(text.c_str());
  return node;
}

/// Any text of the program's.
void add_if_any(pugi::xml_node parent, const char* name, const std::string& text) {
  if (!text.empty()) add(parent, name, printable(text));
}

/// Readers that know Memcheck expect its numbers in capitals.
std::string upper_hex(std::uint64_t value) {
  std::string text = hex(value);
  for (std::size_t i = 2; i < text.size(); ++i) {
    if (text[i] >= 'a') text[i] = static_cast<char>(text[i] - 'a' + 'A');
  }
  return text;
}

void add_frame(pugi::xml_node stack, const Location& location) {
  pugi::xml_node frame = stack.append_child("frame");
  add(frame, "ip", upper_hex(location.frame->pc));
  add_if_any(frame, "obj", location.frame->module);
  add_if_any(frame, "fn", location.function);
  if (!location.has_source()) return;
  const std::filesystem::path file(location.file);
  add_if_any(frame, "dir", file.parent_path().string());
  add_if_any(frame, "file", file.filename().string());
  add(frame, "line", std::to_string(location.line));
}

void add_stack(pugi::xml_node error, const Trace& trace) {
  pugi::xml_node stack = error.append_child("stack");
  for (const findings::Frame& frame : trace.frames) {
    for (const Location& location : locations_of(frame)) add_frame(stack, location);
  }
}

std::string what_of(const Finding& finding) {
  return printable(finding.kind) + ": " + (finding.action.empty() ? printable(finding.headline) : action_of(finding));
}

void add_error(pugi::xml_node root, const Finding& finding, std::size_t number) {
  pugi::xml_node error = root.append_child("error");
  add(error, "unique", upper_hex(number));
  add(error, "tid", std::to_string(finding.thread.id + std::uint64_t{1}));
  add_if_any(error, "threadname", finding.thread.name);
  add(error, "kind", memcheck_kind(finding));
  add(error, "what", what_of(finding));
  const Trace* const trace = finding.trace("error");
  add_stack(error, trace == nullptr ? Trace{} : *trace);
  for (const std::string& line : place_of(finding)) add(error, "auxwhat", printable(line));
  for (const Trace& each : finding.traces) {
    if (&each == trace || each.frames.empty()) continue;
    add(error, "auxwhat", title_of(each, finding));
    add_stack(error, each);
  }
  for (const std::string& hint : hints_of(finding)) add(error, "auxwhat", printable(hint));
}

void add_preamble(pugi::xml_node root, const std::vector<Finding>& findings, const Context& context) {
  add(root, "protocolversion", "4");
  add(root, "protocoltool", "memcheck");
  add(root.append_child("preamble"), "line", "Fencepost " + context.version + ", a malloc debugger");
  const findings::Process process = findings.empty() ? findings::Process{} : findings.front().process;
  add(root, "pid", std::to_string(process.pid));
  add(root, "ppid", std::to_string(process.parent));
  add(root, "tool", "memcheck");
  pugi::xml_node arguments = root.append_child("args");
  add(arguments.append_child("vargv"), "exe", "fencepost");
  add(arguments.append_child("argv"), "exe", printable(process.executable.empty() ? process.name : process.executable));
}

void add_status(pugi::xml_node root, const char* state) {
  pugi::xml_node status = root.append_child("status");
  add(status, "state", state);
  add(status, "time", "00:00:00:00.000 ");
}

void add_counts(pugi::xml_node root, const std::vector<Finding>& findings) {
  pugi::xml_node counts = root.append_child("errorcounts");
  for (std::size_t i = 0; i < findings.size(); ++i) {
    pugi::xml_node pair = counts.append_child("pair");
    add(pair, "count", std::to_string(findings[i].count));
    add(pair, "unique", upper_hex(i));
  }
  root.append_child("suppcounts");
}

std::string kind_of_access(const Finding& finding) {
  if (finding.access == "write") return "InvalidWrite";
  return finding.access == "execute" ? "InvalidJump" : "InvalidRead";
}

}  // namespace

std::string memcheck_kind(const Finding& finding) {
  const std::string& kind = finding.kind;
  if (kind == "double-free" || kind == "invalid-free") return "InvalidFree";
  if (kind == "mismatched-deallocation" || kind == "mismatched-size") return "MismatchedFree";
  if (kind == "allocation-size-overflow" || kind == "invalid-alignment") return "FishyValue";
  if (kind == "bad-syscall-buffer") return "SyscallParam";
  // Found late, but it was a write that changed the bytes.
  if (finding.event == "changed-slack" || finding.event == "changed-poison") return "InvalidWrite";
  return kind_of_access(finding);
}

void write_valgrind_xml(std::ostream& out, const std::vector<Finding>& findings, const Context& context) {
  pugi::xml_document document;
  pugi::xml_node root = document.append_child("valgrindoutput");
  add_preamble(root, findings, context);
  add_status(root, "RUNNING");
  for (std::size_t i = 0; i < findings.size(); ++i) add_error(root, findings[i], i);
  add_status(root, "FINISHED");
  add_counts(root, findings);
  document.save(out, "  ", pugi::format_default, pugi::encoding_utf8);
}

}  // namespace fencepost::render
