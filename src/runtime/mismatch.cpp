// Releases that seem to be of another family than the allocation, though the program is right.
#include "runtime/runtime.h"

namespace fencepost::runtime {

/// An operator new of the program's own calls malloc, its operator delete calls free. Where only one of the two is
/// its own, or only some of its modules have them, we see one end of the pair by the wrong name.
bool Runtime::is_excused(const record::FaultRecord& error, const CallSite& site) {
  if (error.event != record::Event::mismatched_family) return false;
  const bool malloc_allocated = record::family(error.block.alloc_api) == record::Family::c;
  const bool free_frees = record::family(site.api) == record::Family::c;
  if (malloc_allocated == free_frees) return false;
  if (operators_are_replaced()) return true;
  if (free_frees) return private_operators_.are_in_module_of(site.pc);
  const std::span<const Address> trace = depot_.load(error.block.alloc_trace);
  return !trace.empty() && private_operators_.are_in_module_of(trace.front());
}

}  // namespace fencepost::runtime
