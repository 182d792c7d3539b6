// What an engine is: a way to open and fence pages.
#pragma once

#include <concepts>
#include <span>
#include <string_view>

#include "base/range.h"
#include "base/types.h"
#include "os/page_transfer.h"

namespace fencepost::fence {

/// What the heap may ask of an engine; it never asks for its name.
struct Capabilities {
  Size chunks_together = 1;         ///< how many are best told of at once: `prepare` costs as much for them as for one
  Size mappings_per_live_slot = 0;  ///< 0: slots cost no mappings, so vm.max_map_count does not bound them
  bool keeps_contents = false;      ///< opened pages hold the engine's pattern, or what `move` brought along
  bool moves_pages = false;         ///< `move` fences one slot and opens another in one step
  bool refuses_locked = false;      ///< can't fence memory that is locked
  bool needs_descriptor = false;    ///< stops working when the program closes a descriptor
  bool lost_across_fork = false;    ///< a forked child must set it up again
  bool fences_in_batches = false;   ///< `fence_many` costs less than as many times `fence`
  bool opens_lazily = false;        ///< open() costs nothing until pages are touched
  bool opens_many = false;  ///< `open_many` costs less than as many times `open` and the first touch of each page
  bool detaches = false;    ///< `detach` and `attach` take the contents of a slot to another
};

/// Every range given to an engine is whole pages inside the arena it was started for.
///
/// - `prepare` is told of address space before anything in it is opened; from then on all of it faults.
/// - `adopt` is told of address space that was replaced by a fresh reservation since it was prepared: it is then
///   as if it never had been. False if the kernel refuses.
/// - `open` makes the pages of one slot readable and writable; they hold zeros unless `keeps_contents`.
///   False, with nothing changed, if the kernel refuses.
/// - `fence` makes every later access fault, on every thread, before it returns, and gives the physical
///   pages back. False if the kernel refuses; the contents are gone even so.
/// - `fence_many` fences several slots, at most os::kMostRanges, with as few interruptions of other processors
///   as it can.
/// - `after_fork_in_child` runs before anything else of the child's.
///
/// Context: malloc, on any thread, with no lock held.
template <typename F>
concept Fence = requires(F fence, Range pages) {
  { F::kName } -> std::convertible_to<std::string_view>;
  { F::kCapabilities } -> std::convertible_to<Capabilities>;
  { fence.prepare(pages) } -> std::same_as<bool>;
  { fence.adopt(pages) } -> std::same_as<bool>;
  { fence.open(pages) } -> std::same_as<bool>;
  { fence.fence(pages) } -> std::same_as<bool>;
  { fence.fence_many(std::span<const Range>{&pages, 1}) } -> std::same_as<bool>;
  { fence.after_fork_in_child() } -> std::same_as<void>;
};

/// `fence_many` for engines that have nothing better than one after the other.
template <typename F>
[[nodiscard]] bool fence_each(F& fence, std::span<const Range> slots) {
  bool all = true;
  for (const Range pages : slots) all = fence.fence(pages) && all;
  return all;
}

/// An engine that opens several slots, at most os::kMostRanges, at the price of fewer: their pages are in memory then.
/// False, with all of them fenced still, if the kernel refuses; then it is not worth another try, as `may_open_many`
/// says.
template <typename F>
concept ManyOpeningFence = Fence<F> && requires(F fence, Range pages) {
  { fence.may_open_many() } -> std::same_as<bool>;
  { fence.open_many(std::span<const Range>{&pages, 1}) } -> std::same_as<bool>;
};

/// An engine that fences pages by taking them elsewhere: `move` fences `from` and opens `to`, which was never
/// opened, with the contents of `from`. False if that can't be done for these pages: then `to` is closed still, and
/// `from` is to be fenced in another way, whatever is left of it.
template <typename F>
concept MovingFence = Fence<F> && requires(F fence, Range pages) {
  { fence.move(pages, pages) } -> std::same_as<bool>;
};

/// An engine that moves the contents of one slot to another without copying them, as os::detach_pages and
/// os::attach_pages do: `from` is closed, though not fenced yet; `to` was never opened, and is.
template <typename F>
concept DetachingFence = Fence<F> && requires(F fence, Range pages) {
  { fence.detach(pages, os::Leaving::closed_before) } -> std::same_as<Range>;
  { fence.attach(pages, pages, pages) } -> std::same_as<bool>;
};

}  // namespace fencepost::fence
