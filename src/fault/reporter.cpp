#include "fault/reporter.h"

#include <cstring>

#include "diagnosis/diagnose.h"
#include "fault/locate.h"
#include "os/signals.h"
#include "os/stack_switch.h"
#include "record/trace.h"

namespace fencepost::fault {

namespace {

/// A thread's own stack may be a few pages, or the thing that is broken.
constexpr Size kReportStackSize = 256 << 10;
alignas(kPageSize) constinit char report_stack[kReportStackSize] = {};

/// For faults in the report itself, which os::attempt survives: the kernel would put their frames over the
/// first fault's, at the top of the thread's alternate stack, because the report runs elsewhere.
constexpr Size kNestedStackSize = 64 << 10;
alignas(kPageSize) constinit char nested_stack[kNestedStackSize] = {};

template <Size N>
Range range_of(const char (&stack)[N]) {
  const auto begin = reinterpret_cast<Address>(stack);
  return {begin, begin + N};
}

}  // namespace

struct Reporter::Job {
  Reporter& reporter;
  const record::FaultRecord& fault;
  std::span<const Address> trace;
  const void* signal_context;
  record::Finding finding;
};

record::Finding Reporter::report(const record::FaultRecord& fault, std::span<const Address> trace,
                                 const void* signal_context) {
  Job job{*this, fault, trace, signal_context, {}};
  os::call_on_stack(range_of(report_stack), run, &job);
  return job.finding;
}

void Reporter::run(void* argument) {
  Job& job = *static_cast<Job*>(argument);
  const os::AlternateStackScope nested(range_of(nested_stack));
  const metadata::HeapView view(job.reporter.sources_.chunks);
  record::FaultRecord fault = job.fault;
  if (!is_argument(fault.event) && !view.in_arena(fault.address)) locate(fault, job.reporter.sources_.threads);
  job.finding = diagnosis::diagnose(fault, view.around(fault.address));
  job.reporter.write(job.finding, job.trace, job.signal_context);
}

NamedThread Reporter::name(ThreadId thread) const {
  NamedThread named{.id = thread};
  const metadata::ThreadInfo* const info = sources_.threads.find(thread);
  if (info == nullptr) return named;
  const int kernel_id = info->kernel_id.load(std::memory_order_acquire);
  const bool alive = kernel_id != 0 && os::thread_name(kernel_id, named.name);
  if (!alive) std::memcpy(named.name, info->name, sizeof named.name);
  return named;
}

void Reporter::tell_creation(report::TextReport& report, ThreadId thread) {
  const metadata::ThreadInfo* const info = sources_.threads.find(thread);
  if (info == nullptr || info->created_at == 0) return;
  report.created_by(name(thread).label(), name(info->creator).label(), sources_.traces.load(info->created_at));
}

void Reporter::write(const record::Finding& finding, std::span<const Address> trace, const void* signal_context) {
  report::TextReport report(sources_.sink, find_module_);
  report.headline(finding, name(finding.fault.thread).label());
  record::Trace walked;
  if (finding.kind == record::FindingKind::stack_overflow && signal_context != nullptr) {
    record::FoldedTrace folded;
    sources_.unwinder.walk(signal_context, folded);
    report.error_trace(folded);
    report.place(finding);
    tell_creation(report, finding.fault.thread);
    return report.summary(finding);
  }
  if (signal_context != nullptr) {
    walked.size = static_cast<std::uint32_t>(sources_.unwinder.walk(signal_context, walked.frames));
    trace = walked.view();
  }
  report.error_trace(trace, signal_context != nullptr);
  report.place(finding, name(finding.fault.stack_owner).label());
  if (finding.has_block()) {
    const record::BlockRecord& block = finding.block;
    if (block.is_freed()) {
      report.freed_by(finding, name(block.free_thread).label(), sources_.traces.load(block.free_trace));
    }
    report.allocated_by(finding, name(block.alloc_thread).label(), sources_.traces.load(block.alloc_trace));
  }
  tell_creation(report, finding.fault.thread);
  report.summary(finding);
}

}  // namespace fencepost::fault
