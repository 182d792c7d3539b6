#include "stack/table_walk.h"

#include "base/align.h"

namespace fencepost::stack {

namespace {

Address read_word(Address address, TraceMemo* memo) {
  const Address word = *reinterpret_cast<const Address*>(address);
  if (memo != nullptr) memo->note(address, word);
  return word;
}

/// Turns a frame into its caller's. False if the stack does not grow the way it should.
bool step(Frame& frame, const FrameRule& rule, TraceMemo* memo) {
  const Address base = rule.kind == FrameRule::Kind::frame_pointer ? frame.bp : frame.sp;
  const Address cfa = base + rule.cfa_offset;
  if (cfa <= frame.sp || !is_aligned(cfa, sizeof(Address))) return false;
  if (rule.bp_saved_below != 0) frame.bp = read_word(cfa - rule.bp_saved_below, memo);
  frame.pc = read_word(cfa - sizeof(Address), memo);
  frame.sp = cfa;
  return true;
}

}  // namespace

Size walk_tables(const Frame& start, RuleCache& rules, TraceMemo* memo, std::span<Address> frames) {
  if (memo != nullptr) memo->begin(start, rules.generation());
  Frame frame = start;
  Size count = 0;
  while (count < frames.size() && frame.pc != 0) {
    frames[count++] = frame.pc;
    if (count == frames.size()) break;
    const FrameRule rule = rules.find(frame.pc);
    if (rule.kind == FrameRule::Kind::outermost) break;
    if (rule.kind == FrameRule::Kind::unknown || !step(frame, rule, memo)) return 0;
  }
  return count;
}

}  // namespace fencepost::stack
