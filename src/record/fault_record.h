// What happened, before anyone has said what it means: a fault, or an error found by the allocator.
#pragma once

#include <type_traits>

#include "base/range.h"
#include "base/types.h"
#include "record/api.h"
#include "record/block_record.h"
#include "record/system_call.h"

namespace fencepost::record {

enum class Event : std::uint8_t {
  access,                ///< the MMU stopped a load, a store or a jump
  call,                  ///< a function of the heap was handed an address that it may not be handed
  mismatched_family,     ///< a block was freed by a function of another family than its own
  mismatched_size,       ///< a block was freed with a size that is not its own
  mismatched_alignment,  ///< the same with an alignment
  excessive_size,        ///< a block was asked for that is larger than any can be
  bad_alignment,         ///< a block was asked for at an alignment that there is not
  changed_slack,         ///< slack no longer holds its pattern
  changed_poison,        ///< a freed block that was not fenced yet no longer holds its poison
  system_call,           ///< the kernel was handed memory that it could not use, and said so instead of faulting
};

/// A release that found its block, but not the block that it speaks of.
[[nodiscard]] constexpr bool is_mismatch(Event event) {
  return event == Event::mismatched_family || event == Event::mismatched_size || event == Event::mismatched_alignment;
}
/// The address is one that the program handed to a function of the heap.
[[nodiscard]] constexpr bool is_call(Event event) { return event == Event::call || is_mismatch(event); }

/// The arguments of an allocation are wrong: no address has to do with it.
[[nodiscard]] constexpr bool is_argument(Event event) {
  return event == Event::excessive_size || event == Event::bad_alignment;
}

enum class Access : std::uint8_t { unknown, read, write, execute };

/// What lies at an address that is not ours, as far as it can be told without locks.
enum class Place : std::uint8_t {
  unmapped,
  closed,  ///< mapped, but nobody may access it
  mapped,
  stack,  ///< of a thread, see stack_owner
  code,   ///< of a module
  data,   ///< of a module: variables and constants
};

/// Bytes of slack, or of a freed block, that lost their pattern.
struct SlackDamage {
  static constexpr Size kSampleSize = 16;

  Range changed;            ///< from the first changed byte to one past the last
  std::uint64_t count = 0;  ///< bytes that differ from the pattern
  std::uint8_t pattern = 0;
  std::uint8_t sample[kSampleSize];  ///< the bytes from `changed.begin` on, as far as the pattern went
  std::uint8_t sample_size = 0;
};

struct FaultRecord {
  Event event = Event::access;
  Access access = Access::unknown;
  Api api = Api::none;  ///< of a call, and of the call that found changed slack
  Place place = Place::unmapped;
  bool address_known = true;  ///< false for a general protection fault, which carries no address
  ThreadId stack_owner = 0;   ///< of Place::stack
  int signal = 0;
  Address address = 0;
  Address pc = 0;
  Address sp = 0;
  Range open_above;  ///< of an access to what is unmapped or closed: the first open mapping above it
  ThreadId thread = 0;
  SystemCall system_call = SystemCall::none;
  std::uint8_t argument = 0;  ///< of the system call, counted from 1
  Range buffer;               ///< what that argument named, of which `address` is the first byte behind a fence
  bool goes_on = false;       ///< the process survives the error
  Size stated_size = 0;       ///< in bytes: what the call said, if a size is what is wrong with it
  Size stated_count = 1;      ///< of elements of that size; 0: neither is known
  Size stated_alignment = 0;  ///< the same of an alignment
  SlackDamage damage;
  BlockRecord block;  ///< what the error was found with, as it was then; unused: it is to be looked for

  [[nodiscard]] constexpr bool has_block() const { return block.state != BlockState::unused; }
};

static_assert(std::is_trivially_copyable_v<FaultRecord>);

}  // namespace fencepost::record
