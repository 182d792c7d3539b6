#include "fault/reporter.h"

#include <algorithm>
#include <cstring>

#include "fault/report_stack.h"
#include "record/trace.h"
#include "report/text_report.h"

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
  job.reporter.tell(job.finding, job.trace, job.signal_context);
}

report::NamedThread Reporter::name(ThreadId thread) const {
  report::NamedThread named{.id = thread};
  const metadata::ThreadInfo* const info = sources_.threads.find(thread);
  if (info == nullptr) return named;
  const int kernel_id = info->kernel_id.load(std::memory_order_acquire);
  const bool alive = kernel_id != 0 && os::thread_name(kernel_id, named.name);
  if (!alive) std::memcpy(named.name, info->name, sizeof named.name);
  return named;
}

report::Past Reporter::creation_of(ThreadId thread) const {
  const metadata::ThreadInfo* const info = sources_.threads.find(thread);
  if (info == nullptr || info->created_at == 0) return {};
  return {true, name(info->creator), sources_.traces.load(info->created_at)};
}

void Reporter::gather_traces(report::Story& story, std::span<const Address> trace) const {
  const record::Finding& finding = story.finding;
  record::Trace& head = story.error.head;
  story.first_is_exact = story.signal_context != nullptr;
  if (story.signal_context == nullptr) {
    head.size = static_cast<std::uint32_t>(std::min(trace.size(), record::kMaxTraceDepth));
    std::copy_n(trace.begin(), head.size, head.frames);
  } else if (finding.kind == record::FindingKind::stack_overflow) {
    sources_.unwinder.walk(story.signal_context, story.error);
  } else {
    head.size = static_cast<std::uint32_t>(sources_.unwinder.walk(story.signal_context, head.frames));
  }
  const record::BlockRecord& block = finding.block;
  if (finding.has_block()) {
    story.allocated = {true, name(block.alloc_thread), sources_.traces.load(block.alloc_trace)};
    if (block.is_freed()) story.freed = {true, name(block.free_thread), sources_.traces.load(block.free_trace)};
  }
  story.created = creation_of(finding.fault.thread);
}

/// The headline comes first: whatever is wrong with the stack, it stands.
void Reporter::tell_in_words(report::Story& story, std::span<const Address> trace) {
  report::TextReport report(sources_.sink, find_module_);
  report.headline(story.finding, story.thread.label());
  gather_traces(story, trace);
  report.error_trace(story.error, story.first_is_exact);
  report.place(story.finding, story.stack_owner.label());
  if (story.freed.known) report.freed_by(story.finding, story.freed.thread.label(), story.freed.frames);
  if (story.allocated.known) report.allocated_by(story.finding, story.allocated.thread.label(), story.allocated.frames);
  if (story.created.known) report.created_by(story.thread.label(), story.created.thread.label(), story.created.frames);
  report.summary(story.finding);
  if (!prints_suppressions_) return;
  TextBuffer<2048> suppression;
  suppressor_.write_ready_made(story.finding, story.error.head.view(), suppression);
  report.suppression(suppression.view());
}

void Reporter::tell(const record::Finding& finding, std::span<const Address> trace, const void* signal_context) {
  report::Story story{.finding = finding,
                      .thread = name(finding.fault.thread),
                      .stack_owner = name(finding.fault.stack_owner),
                      .signal_context = signal_context};
  tell_in_words(story, trace);
}

}  // namespace fencepost::fault
