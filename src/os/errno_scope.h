// errno belongs to the program.
#pragma once

#include <cerrno>

namespace fencepost::os {

/// Puts errno back at the end of the scope, unless `set` chose another value.
class ErrnoScope {
 public:
  ErrnoScope() : saved_(errno) {}
  ~ErrnoScope() { errno = saved_; }
  ErrnoScope(const ErrnoScope&) = delete;
  ErrnoScope& operator=(const ErrnoScope&) = delete;

  void set(int value) { saved_ = value; }

 private:
  int saved_;
};

}  // namespace fencepost::os
