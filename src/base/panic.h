// The end of the road for a bug of ours.
#pragma once

namespace fencepost {

using PanicHandler = void (*)(const char* phrase);

/// What `panic` calls before it traps: the runtime installs one that writes the phrase to standard error.
void set_panic_handler(PanicHandler handler);

/// Ends the process because Fencepost broke a promise to itself. `phrase` is a fixed sentence. Never used
/// for a resource that the kernel refuses or for a mistake of the program's. Context: anywhere.
[[noreturn]] void panic(const char* phrase);

}  // namespace fencepost
