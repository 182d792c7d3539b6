// From a fault record to a finished report.
#pragma once

#include <span>

#include "base/types.h"
#include "fault/latch.h"
#include "fault/sources.h"
#include "fault/suppressor.h"
#include "record/fault_record.h"
#include "record/finding.h"
#include "report/frame_namer.h"
#include "report/story.h"

namespace fencepost::fault {

/// Finds the module behind a pc, for frame names.
using FindModule = report::FindModule;

class Reporter {
 public:
  constexpr Reporter(const Sources& sources, FindModule find_module)
      : sources_(sources), find_module_(find_module), suppressor_(sources, find_module) {}

  /// Each report ends with a suppression for its finding, from now on.
  void print_suppressions() { prints_suppressions_ = true; }
  [[nodiscard]] Suppressor& suppressor() { return suppressor_; }

  /// How long a report may take, and other threads have to wait for it.
  [[nodiscard]] unsigned patience_milliseconds() const;

  /// Diagnoses `fault` and writes the report, on a stack of its own. The stack of the error is `trace`, or
  /// is walked from `signal_context` if that is not null. Context: signal, one thread at a time.
  record::Finding report(const record::FaultRecord& fault, std::span<const Address> trace, const void* signal_context);

 private:
  struct Job;

  static void run(void* job);
  void tell(const record::Finding& finding, std::span<const Address> trace, const void* signal_context);
  [[nodiscard]] bool tell_as_json(report::Story& story, std::span<const Address> trace);
  void tell_in_words(report::Story& story, std::span<const Address> trace);
  void gather_traces(report::Story& story, std::span<const Address> trace) const;
  void add_suppression(report::Story& story, Writer& room) const;
  [[nodiscard]] report::Past creation_of(ThreadId thread) const;
  [[nodiscard]] report::NamedThread name(ThreadId thread) const;

  Sources sources_;
  FindModule find_module_;
  Suppressor suppressor_;
  bool prints_suppressions_ = false;
};

}  // namespace fencepost::fault
