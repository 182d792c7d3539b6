// Whether the program may still do what it could when it started.
#pragma once

namespace fencepost::os {

/// seccomp(2): mode 0 is none, 1 is strict, 2 is with filters, which can only be added to.
struct Sandbox {
  unsigned mode = 0;
  unsigned filters = 0;  ///< before Linux 5.10: 0

  friend bool operator==(const Sandbox&, const Sandbox&) = default;
};

/// What the process was started in. Context: start-up.
[[nodiscard]] Sandbox initial_sandbox();

/// False if nobody can tell. Context: anywhere.
[[nodiscard]] bool read_sandbox(Sandbox& sandbox);

}  // namespace fencepost::os
