// Unwind tables of nonsense: nothing outside of their module is read, and every rule is one that can be kept.
// Whole tables are read as a second machine reads them.
#include "stack/unwind_table.h"

#include <fuzzer/FuzzedDataProvider.h>

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "property.h"
#include "stack/table_image.h"

using namespace fencepost;
using fuzz::must_hold;
using stack::FrameRule;

namespace {

constexpr std::uint32_t kCodeSize = 200;

/// A row as the table means it, and the instructions that lead to it.
struct Row {
  Address from = 0;
  bool by_frame_pointer = false;
  std::uint32_t cfa_offset = 8;
  std::uint32_t saved_below = 0;
  bool outermost = false;
};

std::string leb(std::uint32_t value) {
  std::string bytes;
  for (; value >= 0x80; value >>= 7) bytes += static_cast<char>(value | 0x80);
  return bytes + static_cast<char>(value);
}

/// Instructions as compilers write them, and what they mean.
std::string any_function(FuzzedDataProvider& input, std::vector<Row>& rows) {
  std::string instructions;
  std::vector<Row> remembered;
  Row row;
  rows = {row};
  for (int count = input.ConsumeIntegralInRange(0, 12); count > 0; --count) {
    const auto step = input.ConsumeIntegralInRange<std::uint32_t>(1, 20);
    row.from += step;
    instructions += static_cast<char>(0x40 | step);  // advance_loc
    const auto slots = input.ConsumeIntegralInRange<std::uint32_t>(1, 2000);
    switch (input.ConsumeIntegralInRange(0, 6)) {
      case 0:  // def_cfa_offset
        row.cfa_offset = slots * 8;
        instructions += '\x0e' + leb(row.cfa_offset);
        break;
      case 1:  // def_cfa
        row.by_frame_pointer = input.ConsumeBool();
        row.cfa_offset = slots * 8;
        instructions += '\x0c' + leb(row.by_frame_pointer ? 6 : 7) + leb(row.cfa_offset);
        break;
      case 2:  // offset: rbp
        row.saved_below = slots * 8;
        instructions += '\x86' + leb(slots);
        break;
      case 3:  // restore: rbp
        row.saved_below = 0;
        instructions += '\xc6';
        break;
      case 4:  // remember_state
        if (remembered.size() == 4) break;
        remembered.push_back(row);
        instructions += '\x0a';
        break;
      case 5: {  // restore_state
        if (remembered.empty()) break;
        const Address from = row.from;
        row = remembered.back();
        row.from = from;
        remembered.pop_back();
        instructions += '\x0b';
        break;
      }
      default:  // undefined: the return address
        row.outermost = true;
        instructions += std::string("\x07\x10", 2);
    }
    rows.push_back(row);
  }
  return instructions;
}

FrameRule expected(const std::vector<Row>& rows, Address code) {
  const auto next = std::find_if(rows.begin(), rows.end(), [code](const Row& row) { return row.from > code; });
  const Row& row = next[-1];
  if (code >= kCodeSize) return {};
  if (row.outermost) return {FrameRule::Kind::outermost};
  const auto kind = row.by_frame_pointer ? FrameRule::Kind::frame_pointer : FrameRule::Kind::stack_pointer;
  return {kind, row.cfa_offset, row.saved_below};
}

void damage(FuzzedDataProvider& input, std::string& bytes) {
  for (int count = input.ConsumeIntegralInRange(0, 10); count > 0; --count) {
    bytes[input.ConsumeIntegralInRange<Size>(0, bytes.size() - 1)] = input.ConsumeIntegral<char>();
  }
  if (input.ConsumeBool()) bytes.resize(input.ConsumeIntegralInRange<Size>(0, bytes.size()));
}

/// Read from a block of its own, so that the sanitizer sees what lies around it.
FrameRule rule_in(const std::string& bytes, Address offset, Size table) {
  const auto copy = std::make_unique<char[]>(bytes.size());
  std::copy(bytes.begin(), bytes.end(), copy.get());
  const auto begin = reinterpret_cast<Address>(copy.get());
  return stack::read_frame_rule({begin, begin + bytes.size()}, begin + table, begin + offset);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  FuzzedDataProvider input(data, size);
  const Address code = input.ConsumeIntegral<std::uint8_t>();
  const bool is_whole = input.ConsumeBool(), any_instructions = input.ConsumeBool();
  const Size table = is_whole || input.ConsumeBool() ? 0 : input.ConsumeIntegral<std::uint8_t>();
  std::vector<Row> rows;
  const std::string function = any_function(input, rows);
  const std::string entry("\x0c\x07\x08\x90\x01", 5);
  if (is_whole) {
    must_hold(rule_in(test::table_image(entry, function, kCodeSize), code, 0) == expected(rows, code), "the rule");
    return 0;
  }
  const std::string other = any_instructions ? input.ConsumeRandomLengthString(60) : function;
  std::string bytes =
      test::table_image(any_instructions ? input.ConsumeRandomLengthString(20) : entry, other, kCodeSize);
  damage(input, bytes);
  const FrameRule rule = rule_in(bytes, code, table);
  must_hold(FrameRule::unpack(rule.pack()) == rule, "a rule can be kept");
  must_hold(rule.cfa_offset % 8 == 0 && rule.cfa_offset <= FrameRule::kMostCfaOffset, "an offset that fits");
  must_hold(rule.bp_saved_below % 8 == 0 && rule.bp_saved_below <= FrameRule::kMostSavedBelow, "a place that fits");
  return 0;
}
