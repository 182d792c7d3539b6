#include "stack/unwind_table.h"

#include <algorithm>
#include <catch2/catch.hpp>

#include "os/pages.h"
#include "stack/table_image.h"
#include "support.h"

using namespace fencepost;
using stack::FrameRule;
using Kind = FrameRule::Kind;

#if defined(__x86_64__)

// Functions that are never called: what matters is what their tables say at each label. A rule belongs to the
// instruction before its label, as that of a call does to its return address.
asm(R"(
  .text
  .type rules_of_ordinary_code, @function
rules_of_ordinary_code:
  .cfi_startproc
  nop
rule_at_entry:
  .cfi_def_cfa_offset 16
  .cfi_offset rbp, -16
  nop
rule_after_push:
  .cfi_def_cfa_register rbp
  .cfi_remember_state
  nop
rule_of_body:
  .cfi_restore rbp
  .cfi_def_cfa rsp, 8
  nop
rule_after_leave:
  .cfi_restore_state
  .skip 300, 0x90
rule_of_second_body:
  .cfi_def_cfa rsp, 1048592
  .cfi_offset rbx, -24
  .cfi_offset rbp, -56
  .skip 70000, 0x90
rule_of_large_frame:
  .cfi_endproc

rules_beyond_us:
  .cfi_startproc
  .cfi_escape 0x0f, 0x03, 0x76, 0x78, 0x06  # def_cfa_expression: breg6 -8, deref
  nop
rule_by_expression:
  .cfi_def_cfa rsp, 16
  .cfi_escape 0x10, 0x06, 0x02, 0x76, 0x00  # expression: rbp, breg6 0
  nop
rule_with_lost_frame_pointer:
  .cfi_same_value rbp
  .cfi_def_cfa r10, 0
  nop
rule_by_other_register:
  .cfi_def_cfa rsp, 12
  nop
rule_unaligned:
  .cfi_def_cfa rsp, 16
  .cfi_register rip, r11
  nop
rule_with_return_address_elsewhere:
  .cfi_endproc

rules_of_outermost:
  .cfi_startproc
  .cfi_undefined rip
  nop
rule_of_outermost:
  .cfi_endproc

rules_of_signal_frame:
  .cfi_startproc
  .cfi_signal_frame
  nop
rule_of_signal_frame:
  .cfi_endproc

  .skip 64, 0x90
no_rules:
  nop
rule_without_table:
)");

#define LABEL(name) extern "C" const char name[] asm(#name)
LABEL(rule_at_entry);
LABEL(rule_after_push);
LABEL(rule_of_body);
LABEL(rule_after_leave);
LABEL(rule_of_second_body);
LABEL(rule_of_large_frame);
LABEL(rule_by_expression);
LABEL(rule_with_lost_frame_pointer);
LABEL(rule_by_other_register);
LABEL(rule_unaligned);
LABEL(rule_with_return_address_elsewhere);
LABEL(rule_of_outermost);
LABEL(rule_of_signal_frame);
LABEL(rule_without_table);

namespace {

FrameRule rule_before(const char* label) { return stack::find_frame_rule(test::address_of(label)); }

}  // namespace

TEST_CASE("rules follow a function from its entry to its end", "[stack]") {
  CHECK(rule_before(rule_at_entry) == FrameRule{Kind::stack_pointer, 8, 0});
  CHECK(rule_before(rule_after_push) == FrameRule{Kind::stack_pointer, 16, 16});
  CHECK(rule_before(rule_of_body) == FrameRule{Kind::frame_pointer, 16, 16});
  CHECK(rule_before(rule_after_leave) == FrameRule{Kind::stack_pointer, 8, 0});
  CHECK(rule_before(rule_of_second_body) == FrameRule{Kind::frame_pointer, 16, 16});
  CHECK(rule_before(rule_of_large_frame) == FrameRule{Kind::stack_pointer, 1048592, 56});
}

TEST_CASE("frames that a rule can't describe are unknown", "[stack]") {
  for (const char* const label : {rule_by_expression, rule_with_lost_frame_pointer, rule_by_other_register,
                                  rule_unaligned, rule_with_return_address_elsewhere, rule_of_signal_frame}) {
    CHECK(rule_before(label) == FrameRule{});
  }
}

TEST_CASE("the outermost frame is known as such", "[stack]") {
  CHECK(rule_before(rule_of_outermost).kind == Kind::outermost);
}

namespace {

/// Bytes between two closed pages, with nothing in between on one side.
class ClosedIn {
 public:
  ClosedIn(const std::string& bytes, bool at_end) : pages_(os::reserve(3 * kPageSize)) {
    const Range open{pages_.begin + kPageSize, pages_.end - kPageSize};
    if (!os::open_pages(open)) throw std::bad_alloc();
    const Address begin = at_end ? open.end - bytes.size() : open.begin;
    std::copy(bytes.begin(), bytes.end(), reinterpret_cast<char*>(begin));
    range_ = {begin, begin + bytes.size()};
  }
  ~ClosedIn() { os::give_back(pages_); }
  ClosedIn(const ClosedIn&) = delete;
  ClosedIn& operator=(const ClosedIn&) = delete;

  [[nodiscard]] Range range() const { return range_; }

 private:
  Range pages_;
  Range range_;
};

FrameRule rule_in(const ClosedIn& table, Size offset) {
  return stack::read_frame_rule(table.range(), table.range().begin, table.range().begin + offset);
}

/// CFA: rsp+8; after 4 bytes rsp+16 with rbp saved there; after 4 more rbp+16.
std::string ordinary_table() {
  const std::string entry("\x0c\x07\x08\x90\x01", 5);
  return test::table_image(entry, "\x44\x0e\x10\x86\x02\x44\x0d\x06", 16);
}

}  // namespace

TEST_CASE("a table is read wherever it stands", "[stack]") {
  for (const bool at_end : {false, true}) {
    const ClosedIn table(ordinary_table(), at_end);
    CHECK(rule_in(table, 0) == FrameRule{Kind::stack_pointer, 8, 0});
    CHECK(rule_in(table, 4) == FrameRule{Kind::stack_pointer, 16, 16});
    CHECK(rule_in(table, 15) == FrameRule{Kind::frame_pointer, 16, 16});
    CHECK(rule_in(table, 16) == FrameRule{});
  }
}

TEST_CASE("whatever a table says, nothing outside of its module is read", "[stack]") {
  const std::string good = ordinary_table();
  for (const bool at_end : {false, true}) {
    CHECK(test::in_child([&] {
            for (Size at = 0; at < good.size(); ++at) {
              for (const int value : {0x00, 0x01, 0x7f, 0x80, 0x8f, 0xff}) {
                std::string bytes = good;
                // Up to four bytes, so that lengths become large ones.
                for (Size i = at; i < std::min(at + 4, bytes.size()); ++i) {
                  bytes[i] = static_cast<char>(value);
                  const ClosedIn table(bytes, at_end);
                  for (const Size offset : {Size{0}, Size{5}, Size{15}}) static_cast<void>(rule_in(table, offset));
                }
              }
            }
          }).exited_with(0));
  }
}

TEST_CASE("an offset that no number can hold makes no rule", "[stack]") {
  // offset_extended_sf: rbp, the lowest number there is, times -8; then the same without the scale.
  const std::string lowest("\x80\x80\x80\x80\x80\x80\x80\x80\x80\x7f", 10);
  const ClosedIn scaled(test::table_image("", "\x11\x06" + lowest, 16), true);
  CHECK(rule_in(scaled, 4) == FrameRule{});
  std::string plain = test::table_image("\x0c\x07\x10", "\x11\x06" + lowest, 16);
  plain[plain.find('\x78')] = '\1';
  const ClosedIn unscaled(plain, true);
  CHECK(rule_in(unscaled, 4) == FrameRule{});
}

TEST_CASE("where there is no table there is no rule", "[stack]") {
  CHECK(rule_before(rule_without_table) == FrameRule{});
  CHECK(stack::find_frame_rule(0x1234567) == FrameRule{});
  int on_stack = 0;
  CHECK(stack::find_frame_rule(test::address_of(&on_stack)) == FrameRule{});
}

#endif
