#include "report/text_report.h"

#include "base/text.h"
#include "diagnosis/wording.h"
#include "os/process.h"

namespace fencepost::report {

using record::Finding;

void TextReport::flush() {
  sink_.write(out_.view());
  out_.clear();
}

void TextReport::headline(const Finding& finding, ThreadLabel thread) {
  out_.text("==").decimal(static_cast<unsigned>(os::process_id()));
  out_.text(is_warning(finding.fault) ? "==WARNING: Fencepost: " : "==ERROR: Fencepost: ");
  write_headline(out_, finding);
  out_.text("\n");
  write_action(out_, finding.fault, thread);
  out_.text("\n");
  flush();
}

void TextReport::frame(Size number, Address pc) {
  const FrameName name = namer_.name(pc);
  out_.text("    #").decimal(number).text(" ").hex(pc);
  if (!name.function.empty()) out_.text(" in ").printable(first(name.function, kLongestName));
  if (name.module.path != nullptr) {
    out_.text(" (").printable(name.module.path).text("+").hex(name.offset);
    out_.text(name.module.unloaded ? ", unloaded)" : ")");
  } else {
    out_.text(" (no module)");
  }
  out_.text("\n");
}

void TextReport::frames(std::span<const Address> frames, bool first_is_exact) {
  if (frames.empty()) out_.text("    (no trace)\n");
  for (Size i = 0; i < frames.size(); ++i) {
    // A return address is one past the call, which may be another line or another function.
    const bool exact = i == 0 && first_is_exact;
    frame(i, exact ? frames[i] : frames[i] - 1);
    if (out_.view().size() > 4096) flush();
  }
  flush();
}

void TextReport::remember_culprit(Address pc) {
  culprit_ = namer_.name(pc);
  culprit_name_.clear();
  // Its file may be closed by the time of the summary.
  culprit_.function = culprit_name_.text(first(culprit_.function, kLongestName)).view();
}

void TextReport::error_trace(std::span<const Address> trace, bool first_is_exact) {
  if (!trace.empty()) remember_culprit(first_is_exact ? trace[0] : trace[0] - 1);
  frames(trace, first_is_exact);
}

void TextReport::error_trace(const record::FoldedTrace& trace, bool first_is_exact) {
  error_trace(trace.head.view(), first_is_exact);
  if (trace.folded != 0) {
    out_.text("    ... ").decimal(trace.folded).text(" more frames of ");
    function_names(trace.kinds.view());
    out_.text(trace.complete ? "\n" : ", and no end\n");
  }
  const Size before = trace.head.size + trace.folded;
  for (Size i = 0; i < trace.tail.size; ++i) frame(before + i, trace.tail.frames[i] - 1);
  flush();
}

/// "f -> g"
void TextReport::function_names(std::span<const Address> frames) {
  constexpr Size kMost = 8;
  Size count = 0;
  namer_.for_each_function(frames, [&](std::string_view function, Address pc) {
    if (count == kMost) {
      out_.text(" and others");
      return false;
    }
    if (count++ > 0) out_.text(" -> ");
    if (function.empty()) {
      out_.hex(pc);
    } else {
      out_.printable(first(function, kLongestName));
    }
    return true;
  });
}

void TextReport::place(const Finding& finding, ThreadLabel owner) {
  write_place(out_, finding, owner, namer_);
  TextBuffer<256> reason;
  write_reason(reason, finding);
  hint(reason.view());
  flush();
}

void TextReport::hint(std::string_view text) {
  if (!text.empty()) out_.text("Hint: ").text(text).text("\n");
}

void TextReport::allocated_by(const Finding& finding, ThreadLabel thread, std::span<const Address> trace) {
  out_.text("allocated by ");
  write_thread(out_, thread);
  out_.text(" with ").text(record::name(finding.block.alloc_api)).text(":\n");
  // What is found in the end was not done by it.
  if (record::is_end(finding.fault.api) && !trace.empty()) remember_culprit(trace[0] - 1);
  frames(trace, false);
}

void TextReport::freed_by(const Finding& finding, ThreadLabel thread, std::span<const Address> trace) {
  out_.text("freed by ");
  write_thread(out_, thread);
  out_.text(" with ").text(record::name(finding.block.free_api)).text(":\n");
  frames(trace, false);
}

void TextReport::created_by(ThreadLabel thread, ThreadLabel creator, std::span<const Address> trace) {
  write_thread(out_, thread);
  out_.text(" was created by ");
  write_thread(out_, creator);
  out_.text(":\n");
  frames(trace, false);
}

void TextReport::summary(const Finding& finding) {
  hint(diagnosis::advice(finding));
  out_.text("SUMMARY: Fencepost: ").text(diagnosis::kind_name(finding.kind));
  if (culprit_.module.path != nullptr) {
    out_.text(" (").printable(culprit_.module.path).text("+").hex(culprit_.offset).text(")");
  }
  if (!culprit_.function.empty()) out_.text(" in ").printable(culprit_.function);
  out_.text("\n");
  flush();
}

void TextReport::suppression(std::string_view line) {
  out_.text("SUPPRESSION: ").text(line).text("\n");
  flush();
}

}  // namespace fencepost::report
