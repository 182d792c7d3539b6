#include "fault/locate.h"

#include "os/modules.h"

namespace fencepost::fault {

using record::Place;

void locate(record::FaultRecord& fault, const metadata::ThreadTable& threads) {
  const os::Surroundings around = os::find_surroundings(fault.address);
  const Range here = around.here.range;
  os::Module module;
  if (!around.here.is_open()) {
    fault.place = here.empty() ? Place::unmapped : Place::closed;
    fault.open_above = around.above.range;
  } else if (os::find_module(fault.address, module)) {
    fault.place = around.here.executable ? Place::code : Place::data;
  } else if (here.contains(fault.sp)) {
    fault.place = Place::stack;
    fault.stack_owner = fault.thread;
  } else {
    const bool is_stack = threads.find_by_stack(here, fault.address, fault.stack_owner);
    fault.place = is_stack ? Place::stack : Place::mapped;
  }
}

}  // namespace fencepost::fault
