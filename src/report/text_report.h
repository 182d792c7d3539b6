// A finding as people read it, in the shape that the sanitizers made common.
#pragma once

#include <span>

#include "base/types.h"
#include "base/writer.h"
#include "record/finding.h"
#include "record/trace.h"
#include "report/frame_namer.h"
#include "report/sentences.h"
#include "report/sink.h"

namespace fencepost::report {

/// Writes the parts of one report, each to the sink as soon as it is complete, so that what is known stands
/// even if the next part can't be had. Context: signal.
class TextReport {
 public:
  TextReport(const Sink& sink, FindModule find_module) : sink_(sink), namer_(find_module) {}

  /// The headline, and who did what.
  void headline(const record::Finding& finding, ThreadLabel thread);
  /// The stack of the error. `first_is_exact`: the first frame is an instruction, not a return address.
  void error_trace(std::span<const Address> frames, bool first_is_exact);
  /// The same of a recursion, or of a trace that is all head.
  void error_trace(const record::FoldedTrace& trace, bool first_is_exact = true);
  /// What the address has to do with which block, or what else it is; `owner` is the thread whose stack it is in.
  void place(const record::Finding& finding, ThreadLabel owner = {});
  void allocated_by(const record::Finding& finding, ThreadLabel thread, std::span<const Address> frames);
  void freed_by(const record::Finding& finding, ThreadLabel thread, std::span<const Address> frames);
  void created_by(ThreadLabel thread, ThreadLabel creator, std::span<const Address> frames);
  /// Advice if there is any, and the line that names the error once more.
  void summary(const record::Finding& finding);
  /// The line that keeps the finding from being told again, if it is put into a file of suppressions.
  void suppression(std::string_view line);

 private:
  void hint(std::string_view text);
  void function_names(std::span<const Address> frames);
  void remember_culprit(Address pc);
  void frames(std::span<const Address> frames, bool first_is_exact);
  void frame(Size number, Address pc);
  void flush();

  const Sink& sink_;
  FrameNamer namer_;
  TextBuffer<8192> out_;
  TextBuffer<kLongestName> culprit_name_;
  FrameName culprit_;  ///< the frame that the summary names
};

}  // namespace fencepost::report
