// Findings after which the program goes on: with on_error=continue, and those that are suppressed.
#include <cstring>

#include "diagnosis/diagnose.h"
#include "fault/handler.h"
#include "os/errno_scope.h"
#include "os/modules.h"
#include "os/process.h"
#include "os/signals.h"
#include "record/trace.h"

namespace fencepost::fault {

namespace {

/// Memory that was found changed tells nothing of who changed it: there the block is the place.
bool is_found_later(record::Event event) {
  return event == record::Event::changed_slack || event == record::Event::changed_poison;
}

/// Findings are the same if their kind and the calls that led to them are.
std::uint64_t key_of_finding(const record::Finding& finding, std::span<const Address> trace) {
  const TraceId block = is_found_later(finding.fault.event) ? finding.block.alloc_trace : 0;
  return key_of(std::uint64_t{block} << 32 | static_cast<std::uint64_t>(finding.kind), trace);
}

/// memset and its like store with several instructions: what matters is who called them.
std::span<const Address> callers_of_libc(std::span<const Address> trace) {
  os::Module here, libc;
  const bool in_libc = trace.size() > 1 && os::find_module(trace[0], here) &&
                       os::find_module(reinterpret_cast<Address>(&std::memset), libc) && here.range == libc.range;
  return in_libc ? trace.subspan(1) : trace;
}

}  // namespace

void Handler::tell_once(const record::FaultRecord& fault, std::span<const Address> trace, const void* signal_context) {
  const metadata::HeapView heap(sources_.chunks);
  const record::Finding finding = diagnosis::diagnose(fault, heap.around(fault.address));
  if (told_.first(key_of_finding(finding, callers_of_libc(trace)))) return tell(fault, trace, signal_context);
  findings_.fetch_add(1, std::memory_order_relaxed);
}

void Handler::tell(const record::FaultRecord& fault, std::span<const Address> trace, const void* signal_context) {
  findings_.fetch_add(1, std::memory_order_relaxed);
  const std::uint64_t earlier = reports_.fetch_add(1, std::memory_order_relaxed);
  const bool enough = ending_.go_on && ending_.max_reports != 0 && earlier >= ending_.max_reports;
  if (!enough) report_and_continue(fault, trace, signal_context);
}

bool Handler::suppresses(const record::FaultRecord& fault, std::span<const Address> trace) {
  Suppressor& suppressor = reporter_.suppressor();
  if (!suppressor.has_rules() || latch_.is_mine()) return false;
  const os::ErrnoScope errno_scope;
  const std::uint64_t key = suppressor.key_of(fault, trace);
  const Suppressor::Answer answer = suppressor.recall(key);
  if (answer != Suppressor::Answer::unknown) return answer == Suppressor::Answer::suppressed;
  const os::AllSignalsBlocked blocked;  // as in a report
  if (latch_.enter(reporter_.patience_milliseconds()) != Latch::Entry::first) return false;
  const bool suppressed = suppressor.decide(fault, trace, key);
  latch_.leave();
  return suppressed;
}

bool Handler::go_on_after(int signal, const os::FaultContext& fault, void* context, ThreadId thread) {
  if (!may_go_on() || latch_.is_mine()) return false;
  record::Trace trace;
  trace.size = static_cast<std::uint32_t>(sources_.unwinder.walk(context, trace.frames));
  const record::FaultRecord record = record_of(signal, fault, thread);
  // Code in a freed block would run on, byte by byte, through poison.
  const bool is_jump = fault.access == record::Access::execute;
  if (!suppresses(record, trace.view())) {
    if (is_jump || !ending_.go_on) return false;
    tell_once(record, trace.view(), context);
  }
  if (is_jump || !stepper_.let_through(context, fault.address)) die_of(signal, fault.address);
  return true;
}

/// The same for a fault that nothing can be done about.
bool Handler::suppresses_elsewhere(int signal, const os::FaultContext& fault, const void* context, ThreadId thread) {
  if (!reporter_.suppressor().has_rules() || latch_.is_mine()) return false;
  record::Trace trace;
  trace.size = static_cast<std::uint32_t>(sources_.unwinder.walk(context, trace.frames));
  return suppresses(record_of(signal, fault, thread), trace.view());
}

void Handler::on_trap(siginfo_t* info, void* context, Range own_stack) {
  if (stepper_.finish(context) || forward(SIGTRAP, info, context, own_stack)) return;
  os::restore_default_action(SIGTRAP);
  os::raise_here(SIGTRAP);
}

}  // namespace fencepost::fault
