// Ending the process on the program's behalf.
#pragma once

namespace fencepost::runtime {

/// _exit(2): with the status that tells of findings if the program went on after some and calls it a success.
/// Context: anywhere.
[[noreturn]] void call_exit_at_once(int status);

}  // namespace fencepost::runtime
