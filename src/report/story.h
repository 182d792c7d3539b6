// All that a report tells, whatever its form.
#pragma once

#include <span>

#include "base/types.h"
#include "os/thread_name.h"
#include "record/finding.h"
#include "record/trace.h"
#include "report/sentences.h"

namespace fencepost::report {

/// A thread's number with the name it has or had.
struct NamedThread {
  ThreadId id = 0;
  char name[os::kThreadNameSize] = {};

  [[nodiscard]] ThreadLabel label() const { return {id, name}; }
};

/// What led to the error: who did it, and where. Return addresses only.
struct Past {
  bool known = false;
  NamedThread thread;
  std::span<const Address> frames;
};

struct Story {
  record::Finding finding;
  NamedThread thread;                    ///< that erred
  NamedThread stack_owner;               ///< whose stack the address is in, if it is in one
  const void* signal_context = nullptr;  ///< of a fault

  record::FoldedTrace error;    ///< all in its head, if nothing was folded
  bool first_is_exact = false;  ///< the first frame is an instruction, not a return address
  Past freed;
  Past allocated;
  Past created;                  ///< the thread that erred, and its creator
  std::string_view suppression;  ///< that the finding would be silenced by; empty: not wanted
};

}  // namespace fencepost::report
