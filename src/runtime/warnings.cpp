// Errors that the program survives.
#include "base/hash.h"
#include "os/errno_scope.h"
#include "record/trace.h"
#include "runtime/runtime.h"

namespace fencepost::runtime {

namespace {

/// Names an error and the calls that led to it; never 0.
std::uint64_t key_of(record::Event event, std::span<const Address> trace) {
  std::uint64_t key = mix(static_cast<std::uint64_t>(event) + 1);
  for (const Address pc : trace) key = mix(key ^ pc);
  return key | 1;
}

}  // namespace

void Runtime::report_and_go_on(record::FaultRecord& error, const CallSite& site) {
  record::Trace trace;
  trace.size = static_cast<std::uint32_t>(capture_frames(site.pc, trace.frames));
  if (!told_.add(key_of(error.event, trace.view()))) return;
  describe(error, site);
  handler_.on_warning(error, trace.view());
}

void Runtime::refuse(record::FaultRecord error, const CallSite& site) {
  const os::ErrnoScope errno_scope;
  ensure_started();
  switch (options_.bad_argument) {
    case options::BadArgument::report:
      return report_and_go_on(error, site);
    case options::BadArgument::die:
      fail(error, site);
    case options::BadArgument::ignore:
      break;
  }
}

void Runtime::refuse_size(Size count, Size size, const CallSite& site) {
  record::FaultRecord error;
  error.event = record::Event::excessive_size;
  error.stated_count = count;
  error.stated_size = size;
  refuse(error, site);
}

void Runtime::refuse_alignment(Size alignment, Size size, const CallSite& site) {
  record::FaultRecord error;
  error.event = record::Event::bad_alignment;
  error.stated_alignment = alignment;
  error.stated_size = size;
  refuse(error, site);
}

}  // namespace fencepost::runtime
