#include "stack/table_walk.h"

#include "base/align.h"

namespace fencepost::stack {

namespace {

Address read_word(Address address) { return *reinterpret_cast<const Address*>(address); }

/// Goes from frame to frame, and notes in the memo what the way depends on: return addresses, and those frame pointers
/// that a frame was found by. Most registers that were saved as such hold something else, and are never used here.
class Walk {
 public:
  Walk(const Frame& start, TraceMemo* memo) : frame_(start), memo_(memo) {}

  [[nodiscard]] Address pc() const { return frame_.pc; }

  /// On to the caller's frame. False if the stack does not grow the way it should.
  bool step(const FrameRule& rule) {
    const bool by_frame_pointer = rule.kind == FrameRule::Kind::frame_pointer;
    const Address cfa = (by_frame_pointer ? frame_.bp : frame_.sp) + rule.cfa_offset;
    if (cfa <= frame_.sp || !is_aligned(cfa, sizeof(Address))) return false;
    if (by_frame_pointer) note_frame_pointer();
    if (rule.bp_saved_below != 0) {
      bp_saved_at_ = cfa - rule.bp_saved_below;
      frame_.bp = read_word(bp_saved_at_);
    }
    frame_.pc = read_word(cfa - sizeof(Address));
    note(cfa - sizeof(Address), frame_.pc);
    frame_.sp = cfa;
    return true;
  }

 private:
  void note(Address address, Address word) {
    if (memo_ != nullptr) memo_->note(address, word);
  }

  void note_frame_pointer() {
    if (bp_saved_at_ != 0) return note(bp_saved_at_, frame_.bp);
    if (memo_ != nullptr) memo_->note_frame_pointer();
  }

  Frame frame_;
  Address bp_saved_at_ = 0;  ///< 0: it is the one that the walk began with
  TraceMemo* memo_;
};

}  // namespace

Size walk_tables(const Frame& start, RuleCache& rules, TraceMemo* memo, std::span<Address> frames) {
  if (memo != nullptr) memo->begin(start, rules.generation());
  Walk walk(start, memo);
  Size count = 0;
  while (count < frames.size() && walk.pc() != 0) {
    frames[count++] = walk.pc();
    if (count == frames.size()) break;
    const FrameRule rule = rules.find(walk.pc());
    if (rule.kind == FrameRule::Kind::outermost) break;
    if (rule.kind == FrameRule::Kind::unknown || !walk.step(rule)) return 0;
  }
  return count;
}

}  // namespace fencepost::stack
