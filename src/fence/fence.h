// What an engine is: a way to open and fence pages.
#pragma once

#include <concepts>
#include <string_view>

#include "base/range.h"
#include "base/types.h"

namespace fencepost::fence {

/// What the heap may ask of an engine; it never asks for its name.
struct Capabilities {
  Size mappings_per_live_slot = 0;  ///< 0: slots cost no mappings, so vm.max_map_count does not bound them
  bool keeps_contents = false;      ///< a page may come with what an earlier block left in it
  bool refuses_locked = false;      ///< can't fence memory that is locked
  bool needs_descriptor = false;    ///< stops working when the program closes a descriptor
  bool lost_across_fork = false;    ///< a forked child must set it up again
  bool opens_lazily = false;        ///< open() costs nothing until pages are touched
};

/// Every range given to an engine is whole pages of one slot, inside the reservation.
///
/// - A page that was never opened faults.
/// - `open` makes the pages readable and writable; they hold zeros unless `keeps_contents`. False, with
///   nothing changed, if the kernel refuses.
/// - `fence` makes every later access fault, on every thread, before it returns, and gives the physical
///   pages back. False if the kernel refuses; the contents are gone even so.
///
/// Context: malloc, on any thread, with no lock held.
template <typename F>
concept Fence = requires(F fence, Range pages) {
  { F::kName } -> std::convertible_to<std::string_view>;
  { F::kCapabilities } -> std::convertible_to<Capabilities>;
  { fence.open(pages) } -> std::same_as<bool>;
  { fence.fence(pages) } -> std::same_as<bool>;
};

}  // namespace fencepost::fence
