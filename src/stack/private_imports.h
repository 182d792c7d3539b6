// What our private copy of libunwind calls in libc.
#pragma once

struct link_map;

namespace fencepost::stack {

class ModuleList;

/// Redirects those imports of the module `library` that are unsafe inside malloc and fault handlers:
///
/// - dl_iterate_phdr takes the loader's lock: it reads `modules` instead;
/// - pipe2, read and close: libunwind 1.6 keeps a pipe to test whether memory is readable. A program that
///   closes what it did not open would get its own file read and written. No pipe is opened here; memory
///   that is not readable faults, and os::attempt catches that;
/// - sigprocmask blocks every signal while it looks a function up: a fault there would kill;
/// - pthread_mutex_lock and pthread_mutex_unlock: a fault that os::attempt catches would leave the mutex locked,
///   and the next capture would wait for ever. The end of the CaptureScope unlocks it.
///
/// They change only for a thread that is inside a capture; a program that uses the same libunwind by itself
/// keeps the real ones. Context: start-up, before the first capture.
void redirect_imports(const link_map& library, ModuleList& modules);

/// While one of these lives, the calling thread is inside a capture.
class CaptureScope {
 public:
  CaptureScope();
  ~CaptureScope();
  CaptureScope(const CaptureScope&) = delete;
  CaptureScope& operator=(const CaptureScope&) = delete;

  /// Context: anywhere.
  [[nodiscard]] static bool active();
};

}  // namespace fencepost::stack
