#include "suppression/ready_made.h"

#include <algorithm>

#include "base/text.h"
#include "suppression/glob.h"

namespace fencepost::suppression {

namespace {

void write_pattern(Writer& out, std::string_view name) {
  constexpr Size kLongest = 256;
  for (const char& c : first(name, kLongest)) {
    const bool plain = c > ' ' && c < 0x7f;
    out.text(plain ? std::string_view(&c, 1) : "?");
  }
  if (name.size() > kLongest) out.text("*");
}

}  // namespace

void write_ready_made(Writer& out, std::string_view kind, std::span<const Frame> frames) {
  out.text(kind);
  std::string_view before, module;
  for (const Frame& frame : frames.first(std::min(frames.size(), kReadyMadeFrames))) {
    // Of a recursion once: every pattern may stand for any frame.
    if (!frame.function.empty() && frame.function != before) write_pattern(out.text(" function="), frame.function);
    before = frame.function;
    module = frame.module;
    if (frame.function == "main") break;
  }
  if (!file_name(module).empty()) write_pattern(out.text(" module="), file_name(module));
}

}  // namespace fencepost::suppression
