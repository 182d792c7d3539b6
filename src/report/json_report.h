// A finding as programs read it: one line of JSON.
#pragma once

#include "base/types.h"
#include "base/writer.h"
#include "report/frame_namer.h"
#include "report/json_writer.h"
#include "report/story.h"

namespace fencepost::report {

/// The version of the format, which is in every line. Fields that come to it leave it as it is.
inline constexpr unsigned kJsonVersion = 1;

/// Addresses, program counters and offsets are strings "0x…"; sizes, counts and ids are numbers; what does not apply is
/// left out. Text that is not UTF-8 has U+FFFD in place of the bytes that are not. Context: signal.
class JsonReport {
 public:
  JsonReport(Writer& out, FindModule find_module) : out_(out), json_(out), namer_(find_module) {}

  /// Writes the whole line with its end. Frames for which there is no room are left out, and "frames_left_out" of
  /// their trace tells how many. False if there is not even room for the rest (some 64 KiB are always enough): then
  /// what was written is no line.
  [[nodiscard]] bool write(const Story& story);

 private:
  void process();
  void error(const Story& story);
  void sentences(const Story& story);
  void arguments(const record::FaultRecord& fault);
  void block(const record::Finding& finding);
  void damage(const record::SlackDamage& damage);
  void instruction(const Story& story);
  void thread(ThreadLabel thread);

  void error_trace(const Story& story);
  void past(std::string_view role, const Past& past, std::string_view with);
  void begin_trace(std::string_view role);
  void end_trace(Size left_out);
  [[nodiscard]] Size frames(std::span<const Address> frames, bool first_is_exact);
  void frame(Address pc);
  void folded(const record::FoldedTrace& trace);
  [[nodiscard]] bool is_over_share() const;

  Writer& out_;
  JsonWriter json_;
  FrameNamer namer_;
  Size traces_to_come_ = 0;
  Size share_end_ = 0;  ///< up to which byte of the line the present trace may go
};

}  // namespace fencepost::report
