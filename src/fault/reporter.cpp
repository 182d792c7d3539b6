#include "fault/reporter.h"

#include <cstring>

#include "fault/report_stack.h"
#include "record/trace.h"

namespace fencepost::fault {

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
  call_on_report_stack(run, &job);
  return job.finding;
}

void Reporter::run(void* argument) {
  Job& job = *static_cast<Job*>(argument);
  job.finding = examine(job.reporter.sources_, job.fault);
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
    return end(report, finding, folded.head.view());
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
  end(report, finding, trace);
}

void Reporter::end(report::TextReport& report, const record::Finding& finding, std::span<const Address> trace) const {
  report.summary(finding);
  if (!prints_suppressions_) return;
  TextBuffer<2048> suppression;
  suppressor_.write_ready_made(finding, trace, suppression);
  report.suppression(suppression.view());
}

}  // namespace fencepost::fault
