#include "fault/reporter.h"

#include <algorithm>
#include <cstring>

#include "fault/report_stack.h"
#include "os/attempt.h"
#include "record/trace.h"
#include "report/json_report.h"
#include "report/text_report.h"

namespace fencepost::fault {

namespace {

/// Four traces of 64 frames take about 80 KiB; with paths and names of kilobytes, frames are left out.
constexpr Size kLineCapacity = 512 << 10;
constinit char json_line[kLineCapacity] = {};

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
  story.error = {};  // a first try may have been cut off
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

void Reporter::add_suppression(report::Story& story, Writer& room) const {
  if (!prints_suppressions_) return;
  suppressor_.write_ready_made(story.finding, story.error.head.view(), room);
  story.suppression = room.view();
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
  TextBuffer<2048> suppression;
  add_suppression(story, suppression);
  if (!story.suppression.empty()) report.suppression(story.suppression);
}

/// Five seconds for us, and what the tool may take.
unsigned Reporter::patience_milliseconds() const {
  return 5000 + (sources_.tool.is_usable() ? sources_.tool.time_limit() : 0);
}

/// False if the line could not be made, or nobody took it: then nobody has heard of the finding yet.
bool Reporter::tell_as_json(report::Story& story, std::span<const Address> trace) {
  Writer line(json_line, kLineCapacity);
  report::JsonReport report(line, find_module_);
  bool complete = false;
  TextBuffer<2048> suppression;
  const bool survived = os::attempt([&] {
    gather_traces(story, trace);
    add_suppression(story, suppression);
    complete = report.write(story);
  });
  if (!survived || !complete) return false;
  return sources_.json.has_path() ? sources_.json.write_to_file(line.view())
                                  : sources_.tool.tell(line.view(), sources_.sink);
}

void Reporter::tell(const record::Finding& finding, std::span<const Address> trace, const void* signal_context) {
  report::Story story{.finding = finding,
                      .thread = name(finding.fault.thread),
                      .stack_owner = name(finding.fault.stack_owner),
                      .signal_context = signal_context};
  const bool as_json = sources_.json.has_path() || sources_.tool.is_usable();
  if (as_json && tell_as_json(story, trace)) return;
  tell_in_words(story, trace);
}

}  // namespace fencepost::fault
