#include <algorithm>
#include <charconv>

#include "findings/json.h"
#include "findings/json_object.h"
#include "findings/utf8.h"

namespace fencepost::findings {

namespace {

std::vector<std::uint8_t> bytes_of_hex(Object& object, const char* name) {
  std::string text;
  object.read(name, text);
  std::vector<std::uint8_t> bytes;
  for (std::size_t i = 0; i < text.size(); i += 2) {
    std::uint8_t byte = 0;
    const char* const end = text.data() + std::min(i + 2, text.size());
    const auto parsed = std::from_chars(text.data() + i, end, byte, 16);
    if (text.size() % 2 != 0 || parsed.ec != std::errc() || parsed.ptr != end) {
      object.refuse(name, "a string of bytes of two hexadecimal digits each");
    }
    bytes.push_back(byte);
  }
  return bytes;
}

void read(Object object, Process& process) {
  if (object.find("pid") == nullptr) object.miss("pid");
  object.read("pid", process.pid);
  object.read("parent", process.parent);
  object.read("name", process.name);
  object.read("executable", process.executable);
}

void read(Object object, Thread& thread) {
  object.read("id", thread.id);
  object.read("name", thread.name);
}

void read(Object object, SourceFrame& source) {
  object.read("function", source.function);
  object.read("file", source.file);
  object.read("line", source.line);
  object.read("column", source.column);
  object.read("inlined", source.inlined);
}

void read(Object object, Frame& frame) {
  if (object.find("pc") == nullptr) object.miss("pc");
  object.read_hex("pc", frame.pc);
  object.read("module", frame.module);
  object.read_hex("offset", frame.offset);
  object.read("build_id", frame.build_id);
  object.read("function", frame.function);
  object.read("unloaded", frame.unloaded);
  object.read("module_inode", frame.module_inode);
  object.read("module_size", frame.module_size);
  object.read("module_mtime", frame.module_mtime);
  object.for_each_object("source", [&](Object each) { read(std::move(each), frame.source.emplace_back()); });
  object.read("note", frame.note);
}

void read(Object object, Folded& folded) {
  object.read("after", folded.after);
  object.read("count", folded.count);
  object.read("functions", folded.functions);
  object.read("complete", folded.complete);
}

void read(Object object, Trace& trace) {
  if (object.find("role") == nullptr) object.miss("role");
  object.read("role", trace.role);
  object.read_object("thread", [&](Object each) { read(std::move(each), trace.thread); });
  object.read("with", trace.with);
  object.for_each_object("frames", [&](Object each) { read(std::move(each), trace.frames.emplace_back()); });
  object.read("frames_left_out", trace.frames_left_out);
  object.read_object("folded", [&](Object each) { read(std::move(each), trace.folded.emplace()); });
}

void read(Object object, SystemCall& call) {
  object.read("name", call.name);
  object.read("argument", call.argument);
  object.read_hex("begin", call.begin);
  object.read_hex("end", call.end);
}

void read(Object object, Stated& stated) {
  object.read("size", stated.size);
  object.read("count", stated.count);
  object.read("alignment", stated.alignment);
}

void read(Object object, Block& block) {
  if (object.find("address") == nullptr) object.miss("address");
  object.read_hex("address", block.address);
  object.read("size", block.size);
  object.read("state", block.state);
  object.read_hex("data_begin", block.data_begin);
  object.read_hex("data_end", block.data_end);
}

void read(Object object, Damage& damage) {
  object.read_hex("begin", damage.begin);
  object.read_hex("end", damage.end);
  object.read("count", damage.count);
  object.read("pattern", damage.pattern);
  object.for_each("bytes", [&](const Json& item) {
    if (!item.is_number_unsigned() || item.get<std::uint64_t>() > 255) object.refuse("bytes", "a list of bytes");
    damage.bytes.push_back(item.get<std::uint8_t>());
  });
}

void read(Object object, Instruction& instruction) {
  instruction.bytes = bytes_of_hex(object, "bytes");
  object.read_object("registers", [&](Object registers) {
    registers.for_each_field(
        [&](const char* name, const Json& value) { instruction.registers[name] = registers.hex_number(name, value); });
  });
}

void check_version(Object& object) {
  if (object.find("fencepost") == nullptr) throw FormatError("not a finding: there is no field fencepost");
  std::int64_t version = 0;
  object.read("fencepost", version);
  if (version == kFormatVersion) return;
  throw FormatError("version " + std::to_string(version) + " of the format is not known, only " +
                    std::to_string(kFormatVersion));
}

void read_sentences(Object& object, Finding& finding) {
  object.read("headline", finding.headline);
  object.read("action", finding.action);
  object.read("place", finding.place);
  object.read("explanation", finding.explanation);
  object.read("hint", finding.hint);
}

void read_what_happened(Object& object, Finding& finding) {
  object.read("event", finding.event);
  object.read("access", finding.access);
  object.read_hex("address", finding.address);
  object.read_hex("pc", finding.pc);
  object.read_hex("sp", finding.sp);
  object.read("signal", finding.signal);
  object.read_object("thread", [&](Object each) { read(std::move(each), finding.thread); });
  object.read("function", finding.function);
  object.read_object("system_call", [&](Object each) { read(std::move(each), finding.system_call.emplace()); });
  object.read_object("stated", [&](Object each) { read(std::move(each), finding.stated.emplace()); });
  object.read("expired", finding.expired);
  object.read("relation", finding.relation);
  object.read("distance", finding.distance);
  object.read_object("block", [&](Object each) { read(std::move(each), finding.block.emplace()); });
  object.read_object("damage", [&](Object each) { read(std::move(each), finding.damage.emplace()); });
  object.read_object("instruction", [&](Object each) { read(std::move(each), finding.instruction.emplace()); });
}

void read(Object object, Finding& finding) {
  check_version(object);
  object.read("kind", finding.kind);
  if (finding.kind.empty()) object.miss("kind");
  object.read("severity", finding.severity);
  if (finding.severity != "error" && finding.severity != "warning") object.refuse("severity", "error or warning");
  object.read("goes_on", finding.goes_on);
  if (object.find("process") == nullptr) object.miss("process");
  object.read_object("process", [&](Object each) { read(std::move(each), finding.process); });
  object.read("time", finding.time);
  read_sentences(object, finding);
  read_what_happened(object, finding);
  object.read("suppressions", finding.suppressions);
  object.for_each_object("traces", [&](Object each) { read(std::move(each), finding.traces.emplace_back()); });
  object.read("count", finding.count);
  object.read("fingerprint", finding.fingerprint);
  object.for_each_object("processes", [&](Object each) { read(std::move(each), finding.processes.emplace_back()); });
  finding.other = object.rest();
}

/// Deeper than any finding; what follows the depth of its input by recursion must not exhaust the stack.
constexpr int kDeepest = 64;

bool is_too_deep(std::string_view text) {
  int depth = 0;
  bool in_string = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (in_string && c == '\\') {
      ++i;
      continue;
    }
    if (c == '"') in_string = !in_string;
    if (in_string) continue;
    if (c == '{' || c == '[') ++depth;
    if (c == '}' || c == ']') --depth;
    if (depth > kDeepest) return true;
  }
  return false;
}

/// The parser's own words carry prefixes that mean nothing here.
std::string reason_of(const nlohmann::json::parse_error& error) {
  return "no JSON from byte " + std::to_string(error.byte) + " on (was the line cut off?)";
}

}  // namespace

Finding from_json(std::string_view line) {
  // A program can have any bytes in its names; that is no reason to lose what it did.
  const std::string text = to_valid_utf8(line);
  if (is_too_deep(text)) throw FormatError("not a finding: nested too deeply");
  Json json;
  try {
    json = Json::parse(text);
  } catch (const nlohmann::json::parse_error& error) {
    throw FormatError(reason_of(error));
  } catch (const nlohmann::json::out_of_range&) {
    throw FormatError("a number that is too large");
  }
  if (!json.is_object()) throw FormatError("not a finding: no object");
  Finding finding;
  read(Object(json), finding);
  return finding;
}

}  // namespace fencepost::findings
