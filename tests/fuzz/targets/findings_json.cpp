// JSON lines of programs that died: any bytes are a finding or a FormatError, and what was read is written so that it
// reads the same.
#include <algorithm>
#include <sstream>
#include <string>

#include "findings/json.h"
#include "findings/lines.h"
#include "findings/utf8.h"
#include "property.h"

using namespace fencepost;
using findings::Finding;
using fuzz::must_hold;

namespace {

bool is_valid_utf8(std::string_view text) {
  while (!text.empty()) {
    const findings::Character character = findings::first_character(text);
    must_hold(character.length > 0 && character.length <= std::min<std::size_t>(4, text.size()),
              "a character is a part of the text");
    if (!character.valid) return false;
    text.remove_prefix(character.length);
  }
  return true;
}

void check_utf8(const std::string& text) {
  const std::string valid = findings::to_valid_utf8(text);
  must_hold(is_valid_utf8(valid), "all characters are valid");
  must_hold(is_valid_utf8(text) == (valid == text), "valid text stays as it is");
}

void check_written(const Finding& finding) {
  const std::string line = findings::to_json(finding);
  must_hold(line.find('\n') == std::string::npos && is_valid_utf8(line), "a finding is one line of UTF-8");
  must_hold(findings::from_json(line) == finding, "what is written is read back");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  check_utf8(text);
  std::istringstream in(text);
  const findings::Lines lines = findings::read_lines(in);
  for (const Finding& finding : lines.findings) check_written(finding);
  std::size_t last = 0;
  for (const findings::BadLine& bad : lines.bad) {
    must_hold(bad.number > last && !bad.reason.empty(), "a bad line is told with its number and why");
    last = bad.number;
  }
  const auto count = static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n')) + 1;
  must_hold(last <= count && lines.findings.size() + lines.bad.size() <= count, "a line is a finding or a bad line");
  return 0;
}
