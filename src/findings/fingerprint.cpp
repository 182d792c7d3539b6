#include "findings/fingerprint.h"

#include <charconv>
#include <cstdint>
#include <string_view>
#include <vector>

#include "findings/frame_names.h"

namespace fencepost::findings {

namespace {

/// Enough to tell places apart, few enough that a bug reached in two ways stays one.
constexpr std::size_t kTopFrames = 5;

enum class Detail { functions, inlined, places };

std::string hex(std::uint64_t value, std::size_t digits) {
  char text[16];
  const std::string number(text, std::to_chars(text, text + sizeof text, value, 16).ptr);
  return std::string(digits > number.size() ? digits - number.size() : 0, '0') + number;
}

std::string offset_of(const Frame& frame) { return frame.module.empty() ? "?" : '+' + hex(frame.offset, 1); }

std::string place_of(const Frame& frame) {
  if (frame.source.empty() || frame.source.front().line == 0) return offset_of(frame);
  std::string place;
  for (const SourceFrame& source : frame.source) {
    place += '@' + source.function + '@' + std::string(base_name(source.file)) + ':' + std::to_string(source.line);
  }
  return place;
}

std::string inlined_of(const Frame& frame) {
  std::string names;
  for (const SourceFrame& source : frame.source) {
    if (source.inlined) names += '@' + source.function;
  }
  return names;
}

std::string key_of(const Frame& frame, Detail detail) {
  if (is_libc(frame)) return "libc";
  const std::string name = function_name(frame);
  std::string key = std::string(base_name(frame.module)) + '!' + name;
  switch (detail) {
    case Detail::places: return key + place_of(frame);
    case Detail::inlined: key += inlined_of(frame); break;
    case Detail::functions: break;
  }
  return name.empty() ? key + offset_of(frame) : key;
}

/// The trace that ends where damage was found says nothing about who did it.
bool is_found_late(const Finding& finding) {
  return finding.event == "changed-slack" || finding.event == "changed-poison";
}

std::vector<const Trace*> telling_traces(const Finding& finding) {
  std::vector<const Trace*> traces;
  const Trace* const error = finding.trace("error");
  if (error != nullptr && !error->frames.empty()) traces.push_back(error);
  const Trace* const allocated = finding.trace("allocated");
  if (allocated != nullptr && (traces.empty() || is_found_late(finding))) traces.push_back(allocated);
  return traces;
}

void add_keys(const Trace& trace, Detail detail, std::string& text) {
  text += '|' + trace.role;
  std::string before;
  std::size_t taken = 0;
  const std::size_t count = frames_before_start(trace);
  for (std::size_t i = 0; i < count && taken < kTopFrames; ++i) {
    const Frame& frame = trace.frames[i];
    if (is_ours(frame)) continue;
    std::string key = key_of(frame, detail);
    if (key == "libc" && key == before) continue;
    text += '|' + key;
    before = std::move(key);
    ++taken;
  }
}

std::string text_of(const Finding& finding, Detail detail) {
  std::string text = finding.kind;
  for (const Trace* trace : telling_traces(finding)) add_keys(*trace, detail, text);
  return text;
}

/// FNV-1a of 64 bits (Fowler, Noll, Vo; RFC 9923), from an offset basis of one's own choice.
std::uint64_t hash(std::string_view text, std::uint64_t basis) {
  for (const char c : text) basis = (basis ^ static_cast<unsigned char>(c)) * 0x100000001b3u;
  return basis;
}

}  // namespace

std::string identity(const Finding& finding) { return text_of(finding, Detail::places); }

std::string fingerprint(const Finding& finding, bool with_inlined) {
  const std::string text = text_of(finding, with_inlined ? Detail::inlined : Detail::functions);
  constexpr std::uint64_t kBasis = 0xcbf29ce484222325u;
  return hex(hash(text, kBasis), 16) + hex(hash(text, ~kBasis), 16);
}

bool knows_source(const Finding& finding) {
  for (const Trace* trace : telling_traces(finding)) {
    for (const Frame& frame : trace->frames) {
      if (!frame.source.empty()) return true;
    }
  }
  return false;
}

}  // namespace fencepost::findings
