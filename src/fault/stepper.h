// Going on after a fault: the instruction that met a fence is let through, alone.
#pragma once

#include "base/types.h"

namespace fencepost::fault {

/// What opens a fenced page for a moment, and closes it; `open` is false if that can't be done.
/// Context: signal; any thread, several pages at once.
struct PageDoor {
  bool (*open)(Address page) = nullptr;
  void (*close)(Address page) = nullptr;
};

/// Runs one instruction of the interrupted thread with the fenced pages open that it touches. Each touch faults once,
/// opens its page and tries the instruction again; when it has completed, SIGTRAP closes them.
///
/// Other threads may touch the open pages meanwhile, unnoticed: a few microseconds.
class Stepper {
 public:
  constexpr Stepper() = default;

  void set_door(const PageDoor& door) { door_ = door; }

  /// The interrupted thread goes on with the faulting instruction. False if it can't: no door, a page that can't be
  /// opened, more pages than an instruction touches. Context: signal (the fault).
  [[nodiscard]] bool let_through(void* signal_context, Address fault);

  /// True if this SIGTRAP ended an instruction that was let through. Context: signal (SIGTRAP).
  [[nodiscard]] bool finish(void* signal_context);

 private:
  PageDoor door_;
};

}  // namespace fencepost::fault
