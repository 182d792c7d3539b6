#include "stack/table_walk.h"

#include "base/align.h"

namespace fencepost::stack {

namespace {

Address word_at(Address address) { return *reinterpret_cast<const Address*>(address); }

/// Turns a frame into its caller's. False if the stack does not grow the way it should.
bool step(Frame& frame, const FrameRule& rule) {
  const Address base = rule.kind == FrameRule::Kind::frame_pointer ? frame.bp : frame.sp;
  const Address cfa = base + rule.cfa_offset;
  if (cfa <= frame.sp || !is_aligned(cfa, sizeof(Address))) return false;
  if (rule.bp_saved_below != 0) frame.bp = word_at(cfa - rule.bp_saved_below);
  frame.pc = word_at(cfa - sizeof(Address));
  frame.sp = cfa;
  return true;
}

}  // namespace

Size walk_tables(Frame start, RuleCache& rules, std::span<Address> frames) {
  Frame frame = start;
  Size count = 0;
  while (count < frames.size() && frame.pc != 0) {
    frames[count++] = frame.pc;
    if (count == frames.size()) break;
    const FrameRule rule = rules.find(frame.pc);
    if (rule.kind == FrameRule::Kind::outermost) break;
    if (rule.kind == FrameRule::Kind::unknown || !step(frame, rule)) return 0;
  }
  return count;
}

}  // namespace fencepost::stack
