// Errors that the program survives.
#include "os/errno_scope.h"
#include "record/trace.h"
#include "runtime/runtime.h"

namespace fencepost::runtime {

void Runtime::report_and_go_on(record::FaultRecord& error, const CallSite& site) {
  record::Trace trace;
  trace.size = static_cast<std::uint32_t>(capture_frames(site, trace.frames));
  describe(error, site);
  if (handler_.suppresses(error, trace.view())) return;
  handler_.tell_once(error, trace.view());
}

void Runtime::refuse(record::FaultRecord error, const CallSite& site) {
  const os::ErrnoScope errno_scope;
  ensure_started();
  if (stands_down()) return;
  switch (options_.bad_argument) {
    case options::BadArgument::report: return report_and_go_on(error, site);
    case options::BadArgument::die: fail(error, site);
    case options::BadArgument::ignore: break;
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
