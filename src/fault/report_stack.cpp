#include "fault/report_stack.h"

#include "base/types.h"
#include "os/signals.h"
#include "os/stack_switch.h"

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

struct Job {
  void (*function)(void*);
  void* argument;
};

void run(void* argument) {
  const Job& job = *static_cast<Job*>(argument);
  const os::AlternateStackScope nested(range_of(nested_stack));
  job.function(job.argument);
}

/// What came before is put back from where it was: not even the kernel changes a signal stack under the one
/// on it.
struct Visit {
  Job job;
  Range own;
  stack_t before{};
};

void run_visit(void* argument) {
  Visit& visit = *static_cast<Visit*>(argument);
  visit.before = os::replace_alternate_stack(visit.own);
  visit.job.function(visit.job.argument);
}

}  // namespace

void call_on_report_stack(void (*function)(void*), void* argument) {
  Job job{function, argument};
  os::call_on_stack(range_of(report_stack), run, &job);
}

void call_on_own_stack(Range own, void (*function)(void*), void* argument) {
  const auto here = reinterpret_cast<Address>(__builtin_frame_address(0));
  if (own.empty() || own.contains(here)) return function(argument);
  Visit visit{{function, argument}, own};
  os::call_on_stack(own, run_visit, &visit);
  os::restore_alternate_stack(visit.before);
}

}  // namespace fencepost::fault
