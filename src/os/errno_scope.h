// errno belongs to the program.
#pragma once

#include <cerrno>

namespace fencepost::os {

namespace detail {

/// Where the calling thread's errno is, once it was asked for: a call into libc costs more than all else here.
/// initial-exec: reading it must never call the loader, which may allocate.
inline constinit thread_local int* errno_place [[gnu::tls_model("initial-exec")]] = nullptr;

}  // namespace detail

[[nodiscard]] inline int& own_errno() {
  if (detail::errno_place == nullptr) detail::errno_place = &errno;
  return *detail::errno_place;
}

/// Puts errno back at the end of the scope, unless `set` chose another value.
class ErrnoScope {
 public:
  ErrnoScope() : saved_(own_errno()) {}
  ~ErrnoScope() { own_errno() = saved_; }
  ErrnoScope(const ErrnoScope&) = delete;
  ErrnoScope& operator=(const ErrnoScope&) = delete;

  void set(int value) { saved_ = value; }

 private:
  int saved_;
};

}  // namespace fencepost::os
