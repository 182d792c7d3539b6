#include "findings/json.h"

#include <algorithm>
#include <charconv>
#include <concepts>
#include <istream>
#include <limits>
#include <nlohmann/json.hpp>
#include <set>

#include "findings/utf8.h"

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

// ---- Reading
// -------------------------------------------------------------------------------------------------

/// One object of a line, which knows where it is, for messages.
class Object {
 public:
  explicit Object(const Json& json) : Object(json, nullptr, "") {}

  /// The field, or null. Fields that come in the order in which they are asked for are found at once.
  [[nodiscard]] const Json* find(std::string_view name) {
    if (parent_ == nullptr) known_.insert(name);
    for (std::size_t tried = 0; tried < fields_.size(); ++tried) {
      if (next_ == fields_.size()) next_ = 0;
      const auto& [field, value] = fields_.begin()[static_cast<std::ptrdiff_t>(next_++)];
      if (field == name) return value.is_null() ? nullptr : &value;
    }
    return nullptr;
  }

  [[noreturn]] void refuse(const char* name, const char* expected) const {
    throw FormatError(at(name) + " is not " + expected);
  }
  [[noreturn]] void miss(const char* name) const { throw FormatError(at(name) + " is missing"); }

  void read(const char* name, std::string& into) {
    const Json* const value = find(name);
    if (value == nullptr) return;
    if (!value->is_string()) refuse(name, "a string");
    into = value->get<std::string>();
  }

  void read(const char* name, bool& into) {
    const Json* const value = find(name);
    if (value == nullptr) return;
    if (!value->is_boolean()) refuse(name, "true or false");
    into = value->get<bool>();
  }

  template <typename Number>
  requires std::integral<Number>
  void read(const char* name, Number& into) {
    if (const Json* const value = find(name)) into = number<Number>(name, *value);
  }

  template <typename Number>
  void read(const char* name, std::optional<Number>& into) {
    if (const Json* const value = find(name)) into = number<Number>(name, *value);
  }

  void read(const char* name, std::vector<std::string>& into) {
    for_each(name, [&](const Json& item) {
      if (!item.is_string()) refuse(name, "a list of strings");
      into.push_back(item.get<std::string>());
    });
  }

  /// "0x7f…"
  void read_hex(const char* name, std::uint64_t& into) {
    if (const Json* const value = find(name)) into = hex_number(name, *value);
  }
  void read_hex(const char* name, std::optional<std::uint64_t>& into) {
    if (const Json* const value = find(name)) into = hex_number(name, *value);
  }

  template <typename Reader>
  void read_object(const char* name, Reader reader) {
    if (const Json* const value = find(name)) reader(Object(*value, this, name));
  }

  template <typename Reader>
  void for_each(const char* name, Reader reader) {
    const Json* const value = find(name);
    if (value == nullptr) return;
    if (!value->is_array()) refuse(name, "a list");
    for (const Json& item : *value) reader(item);
  }

  template <typename Reader>
  void for_each_object(const char* name, Reader reader) {
    std::size_t number = 0;
    for_each(name, [&](const Json& item) { reader(Object(item, this, name, number++)); });
  }

  template <typename Reader>
  void for_each_field(Reader reader) const {
    for (const auto& [name, value] : fields_) reader(name.c_str(), value);
  }

  std::uint64_t hex_number(const char* name, const Json& value) const {
    const std::string* const text = value.get_ptr<const std::string*>();
    std::uint64_t result = 0;
    if (text == nullptr || !text->starts_with("0x")) refuse(name, "a string with a hexadecimal number");
    const char* const end = text->data() + text->size();
    const auto parsed = std::from_chars(text->data() + 2, end, result, 16);
    if (parsed.ec != std::errc() || parsed.ptr != end) refuse(name, "a string with a hexadecimal number of 64 bits");
    return result;
  }

  /// What nobody asked for of the line's own fields, as an object's text, or "".
  [[nodiscard]] std::string rest() const {
    Json rest;
    for (const auto& [name, value] : fields_) {
      if (!known_.contains(name)) rest[name] = value;
    }
    return rest.empty() ? "" : rest.dump();
  }

 private:
  Object(const Json& json, const Object* parent, const char* name, std::optional<std::size_t> number = {})
      : fields_(fields_of(json, parent, name, number)), parent_(parent), name_(name), number_(number) {}

  static const Json::object_t& fields_of(const Json& json, const Object* parent, const char* name,
                                         std::optional<std::size_t> number) {
    if (!json.is_object()) throw FormatError(path_of(parent, name, number) + " is not an object");
    return json.get_ref<const Json::object_t&>();
  }

  /// "traces[0].frames[3]"
  static std::string path_of(const Object* parent, const char* name, std::optional<std::size_t> number) {
    const std::string path = parent == nullptr ? name : parent->at(name);
    return number ? path + '[' + std::to_string(*number) + ']' : path;
  }

  [[nodiscard]] std::string at(const char* name) const {
    const std::string path = path_of(parent_, name_, number_);
    return path.empty() ? name : path + '.' + name;
  }

  template <typename Number>
  Number number(const char* name, const Json& value) const {
    using Limits = std::numeric_limits<Number>;
    if (value.is_number_unsigned()) {
      const auto read = value.get<std::uint64_t>();
      if (read > static_cast<std::uint64_t>(Limits::max())) refuse(name, "a number that small");
      return static_cast<Number>(read);
    }
    if (!value.is_number_integer()) refuse(name, "a whole number");
    const auto read = value.get<std::int64_t>();
    if (!Limits::is_signed || read < static_cast<std::int64_t>(Limits::min())) refuse(name, "a number that large");
    return static_cast<Number>(read);
  }

  const Json::object_t& fields_;
  const Object* parent_;  ///< null: this is the line
  const char* name_;      ///< of the field that it is
  std::optional<std::size_t> number_;
  std::size_t next_ = 0;              ///< the field behind the one that was found last
  std::set<std::string_view> known_;  ///< fields of the line that were asked for
};

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

// ---- Writing
// -------------------------------------------------------------------------------------------------

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

std::string to_json(const Finding& finding) {
  return write(finding).dump(-1, ' ', true, Json::error_handler_t::replace);
}

}  // namespace fencepost::findings
