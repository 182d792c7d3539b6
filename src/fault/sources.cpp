#include "fault/sources.h"

#include "diagnosis/diagnose.h"
#include "fault/locate.h"

namespace fencepost::fault {

record::Finding examine(const Sources& sources, record::FaultRecord fault) {
  const metadata::HeapView view(sources.chunks);
  if (!is_argument(fault.event) && !view.in_arena(fault.address)) locate(fault, sources.threads);
  return diagnosis::diagnose(fault, view.around(fault.address));
}

}  // namespace fencepost::fault
