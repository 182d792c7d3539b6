#include "fault/suppressor.h"

#include <algorithm>

#include "base/hash.h"
#include "diagnosis/diagnose.h"
#include "diagnosis/wording.h"
#include "fault/first_times.h"
#include "fault/report_stack.h"
#include "suppression/ready_made.h"

namespace fencepost::fault {

namespace {

using record::Event;

/// In the trace of a fault the first address is the instruction; all others are one past a call.
bool first_is_exact(const record::FaultRecord& fault) { return fault.event == Event::access; }

Address pc_of(std::span<const Address> trace, Size index, bool first_exact) {
  return index == 0 && first_exact ? trace[0] : trace[index] - 1;
}

/// Memory that was found changed tells nothing of who changed it: its block does.
bool is_found_later(Event event) { return event == Event::changed_slack || event == Event::changed_poison; }

suppression::Frame frame_of(report::FrameNamer& namer, Address pc, bool with_source) {
  const report::FrameName name = namer.name(pc);
  const std::string_view module = name.module.path == nullptr ? std::string_view() : name.module.path;
  return {name.function, {}, module, with_source ? namer.source_file(pc) : std::string_view()};
}

}  // namespace

struct Suppressor::Job {
  Suppressor& suppressor;
  const record::FaultRecord& fault;
  std::span<const Address> trace;
  suppression::Rule* rule;
};

std::uint64_t Suppressor::key_of(const record::FaultRecord& fault, std::span<const Address> trace) const {
  const metadata::HeapView heap(sources_.chunks);
  const record::Finding finding = diagnosis::diagnose(fault, heap.around(fault.address));
  const bool has_block = finding.has_block();
  const std::uint64_t block = has_block ? std::uint64_t{finding.block.alloc_trace} << 32 | finding.block.free_trace : 0;
  const auto what = static_cast<std::uint64_t>(finding.kind) << 8 | static_cast<std::uint64_t>(fault.event);
  return fault::key_of(mix(block) ^ what, trace);
}

Suppressor::Answer Suppressor::recall(std::uint64_t key) {
  const std::uint64_t found = place_of(key).load(std::memory_order_acquire);
  const std::uint64_t answer = found & kAnswerBits;
  if (answer == 0 || ((found ^ key) & ~kAnswerBits) != 0) return Answer::unknown;
  if (answer == kTold) return Answer::told;
  rules_->all()[answer - kFirstRule].uses.fetch_add(1, std::memory_order_relaxed);
  return Answer::suppressed;
}

bool Suppressor::decide(const record::FaultRecord& fault, std::span<const Address> trace, std::uint64_t key) {
  Job job{*this, fault, trace, nullptr};
  call_on_report_stack(run, &job);
  const std::uint64_t answer =
      job.rule == nullptr ? kTold : kFirstRule + static_cast<std::uint64_t>(job.rule - rules_->all().data());
  place_of(key).store((key & ~kAnswerBits) | answer, std::memory_order_release);
  if (job.rule != nullptr) job.rule->uses.fetch_add(1, std::memory_order_relaxed);
  return job.rule != nullptr;
}

void Suppressor::run(void* argument) {
  Job& job = *static_cast<Job*>(argument);
  job.rule = job.suppressor.find_rule(job.fault, job.trace);
}

suppression::Rule* Suppressor::find_rule(const record::FaultRecord& fault, std::span<const Address> trace) {
  const record::Finding finding = examine(sources_, fault);
  report::FrameNamer namer(find_module_);
  rules_->begin(diagnosis::kind_name(finding.kind));
  show(namer, trace, first_is_exact(fault));
  if (finding.has_block()) {
    if (finding.block.is_freed()) show(namer, sources_.traces.load(finding.block.free_trace), false);
    show(namer, sources_.traces.load(finding.block.alloc_trace), false);
  }
  return rules_->met();
}

void Suppressor::show(report::FrameNamer& namer, std::span<const Address> trace, bool first_exact) {
  for (Size i = 0; i < trace.size() && rules_->undecided(); ++i) {
    rules_->show(frame_of(namer, pc_of(trace, i, first_exact), rules_->ask_for_source()));
  }
}

void Suppressor::write_ready_made(const record::Finding& finding, std::span<const Address> trace, Writer& out) const {
  const bool of_block = is_found_later(finding.fault.event) && finding.has_block() && finding.block.alloc_trace != 0;
  const std::span<const Address> shown = of_block ? sources_.traces.load(finding.block.alloc_trace) : trace;
  report::FrameNamer namer(find_module_);
  suppression::Frame frames[suppression::kReadyMadeFrames];
  const Size count = std::min(shown.size(), suppression::kReadyMadeFrames);
  for (Size i = 0; i < count; ++i) {
    frames[i] = frame_of(namer, pc_of(shown, i, !of_block && first_is_exact(finding.fault)), false);
  }
  suppression::write_ready_made(out, diagnosis::kind_name(finding.kind), {frames, count});
}

void Suppressor::reset_in_child() {
  if (rules_ == nullptr) return;
  for (suppression::Rule& rule : rules_->all()) rule.uses.store(0, std::memory_order_relaxed);
}

}  // namespace fencepost::fault
