#include <charconv>
#include <nlohmann/json.hpp>

#include "findings/json.h"

namespace fencepost::findings {

namespace {

/// Fields are written in the order in which they are set, which is the order of the format's description.
using Json = nlohmann::ordered_json;

std::string hex(std::uint64_t value) {
  char text[2 + 16] = {'0', 'x'};
  return {text, std::to_chars(text + 2, text + sizeof text, value, 16).ptr};
}

std::string hex_bytes(const std::vector<std::uint8_t>& bytes) {
  constexpr char kDigits[] = "0123456789abcdef";
  std::string text;
  for (const std::uint8_t byte : bytes) {
    text += kDigits[byte >> 4];
    text += kDigits[byte & 15];
  }
  return text;
}

void set(Json& json, const char* name, const std::string& value) {
  if (!value.empty()) json[name] = value;
}

template <typename T>
void set(Json& json, const char* name, const std::optional<T>& value) {
  if (value) json[name] = *value;
}

void set_hex(Json& json, const char* name, const std::optional<std::uint64_t>& value) {
  if (value) json[name] = hex(*value);
}

template <typename T, typename Write>
void set_list(Json& json, const char* name, const std::vector<T>& values, Write write) {
  if (values.empty()) return;
  Json& list = json[name] = Json::array();
  for (const T& value : values) list.push_back(write(value));
}

Json write(const Process& process) {
  Json json{{"pid", process.pid}};
  if (process.parent != 0) json["parent"] = process.parent;
  set(json, "name", process.name);
  set(json, "executable", process.executable);
  return json;
}

Json write(const Thread& thread) {
  Json json{{"id", thread.id}};
  set(json, "name", thread.name);
  return json;
}

Json write(const SourceFrame& source) {
  Json json = Json::object();
  set(json, "function", source.function);
  set(json, "file", source.file);
  if (source.line != 0) json["line"] = source.line;
  if (source.column != 0) json["column"] = source.column;
  if (source.inlined) json["inlined"] = true;
  return json;
}

Json write(const Frame& frame) {
  Json json{{"pc", hex(frame.pc)}};
  set(json, "module", frame.module);
  if (!frame.module.empty() || frame.offset != 0) json["offset"] = hex(frame.offset);
  set(json, "build_id", frame.build_id);
  set(json, "function", frame.function);
  if (frame.unloaded) json["unloaded"] = true;
  set(json, "module_inode", frame.module_inode);
  set(json, "module_size", frame.module_size);
  set(json, "module_mtime", frame.module_mtime);
  set_list(json, "source", frame.source, [](const SourceFrame& each) { return write(each); });
  set(json, "note", frame.note);
  return json;
}

Json write(const Trace& trace) {
  Json json{{"role", trace.role}, {"thread", write(trace.thread)}};
  set(json, "with", trace.with);
  Json& frames = json["frames"] = Json::array();
  for (const Frame& frame : trace.frames) frames.push_back(write(frame));
  if (trace.frames_left_out != 0) json["frames_left_out"] = trace.frames_left_out;
  if (trace.folded) {
    json["folded"] = {{"after", trace.folded->after},
                      {"count", trace.folded->count},
                      {"functions", trace.folded->functions},
                      {"complete", trace.folded->complete}};
  }
  return json;
}

Json write(const Stated& stated) {
  Json json = Json::object();
  set(json, "size", stated.size);
  set(json, "count", stated.count);
  set(json, "alignment", stated.alignment);
  return json;
}

Json write(const Block& block) {
  Json json{{"address", hex(block.address)}, {"size", block.size}};
  set(json, "state", block.state);
  set_hex(json, "data_begin", block.data_begin);
  set_hex(json, "data_end", block.data_end);
  return json;
}

Json write(const Damage& damage) {
  return {{"begin", hex(damage.begin)},
          {"end", hex(damage.end)},
          {"count", damage.count},
          {"pattern", damage.pattern},
          {"bytes", damage.bytes}};
}

Json write(const SystemCall& call) {
  return {{"name", call.name}, {"argument", call.argument}, {"begin", hex(call.begin)}, {"end", hex(call.end)}};
}

Json write(const Instruction& instruction) {
  Json json{{"bytes", hex_bytes(instruction.bytes)}};
  Json& registers = json["registers"] = Json::object();
  for (const auto& [name, value] : instruction.registers) registers[name] = hex(value);
  return json;
}

void write_sentences(Json& json, const Finding& finding) {
  set(json, "headline", finding.headline);
  set(json, "action", finding.action);
  set_list(json, "place", finding.place, [](const std::string& line) { return Json(line); });
  set(json, "explanation", finding.explanation);
  set(json, "hint", finding.hint);
}

void write_what_happened(Json& json, const Finding& finding) {
  set(json, "event", finding.event);
  set(json, "access", finding.access);
  set_hex(json, "address", finding.address);
  set_hex(json, "pc", finding.pc);
  set_hex(json, "sp", finding.sp);
  set(json, "signal", finding.signal);
  json["thread"] = write(finding.thread);
  set(json, "function", finding.function);
  if (finding.system_call) json["system_call"] = write(*finding.system_call);
  if (finding.stated) json["stated"] = write(*finding.stated);
  if (finding.expired) json["expired"] = true;
  set(json, "relation", finding.relation);
  set(json, "distance", finding.distance);
  if (finding.block) json["block"] = write(*finding.block);
  if (finding.damage) json["damage"] = write(*finding.damage);
  if (finding.instruction) json["instruction"] = write(*finding.instruction);
}

Json write(const Finding& finding) {
  Json json{{"fencepost", kFormatVersion}, {"kind", finding.kind}, {"severity", finding.severity}};
  json["goes_on"] = finding.goes_on;
  json["process"] = write(finding.process);
  json["time"] = finding.time;
  write_sentences(json, finding);
  write_what_happened(json, finding);
  set(json, "suppressions", finding.suppressions);
  Json& traces = json["traces"] = Json::array();
  for (const Trace& trace : finding.traces) traces.push_back(write(trace));
  if (finding.count != 1) json["count"] = finding.count;
  set(json, "fingerprint", finding.fingerprint);
  set_list(json, "processes", finding.processes, [](const Process& each) { return write(each); });
  if (!finding.other.empty()) json.update(Json::parse(finding.other));
  return json;
}

}  // namespace

std::string to_json(const Finding& finding) {
  return write(finding).dump(-1, ' ', true, Json::error_handler_t::replace);
}

}  // namespace fencepost::findings
