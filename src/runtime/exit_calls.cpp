#include "runtime/exit_calls.h"

#include "os/process.h"
#include "runtime/runtime.h"

namespace fencepost::runtime {

/// A child of vfork(2) shares our memory, but has found nothing itself.
int Runtime::status_of(int status) const {
  const bool went_on = options_.on_error == options::OnError::go_on && handler_.findings() != 0;
  return status == 0 && went_on && os::process_id() == process_ ? static_cast<int>(options_.exitcode) : status;
}

void call_exit_at_once(int status) { os::exit_process(instance().status_of(status)); }

}  // namespace fencepost::runtime
