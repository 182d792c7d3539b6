#include "stack/unwind_table.h"

#include <catch2/catch.hpp>

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

TEST_CASE("where there is no table there is no rule", "[stack]") {
  CHECK(rule_before(rule_without_table) == FrameRule{});
  CHECK(stack::find_frame_rule(0x1234567) == FrameRule{});
  int on_stack = 0;
  CHECK(stack::find_frame_rule(test::address_of(&on_stack)) == FrameRule{});
}

#endif
