// A descriptor of one's own in a program that may close it.
#pragma once

#include "os/file.h"

namespace fencepost::os {

/// A second descriptor for an open file, out of the way. The program may close it, and its number may be another file's
/// by then: it is used only while it is still that of the file. Context: keep at start-up; all else anywhere.
class KeptDescriptor {
 public:
  constexpr KeptDescriptor() = default;

  void keep_copy_of(int descriptor) {
    if (identify(descriptor, identity_)) number_ = duplicate_high(descriptor);
  }

  /// The number, or -1 if there is none any more.
  [[nodiscard]] int number() const {
    FileIdentity now;
    return number_ >= 0 && identify(number_, now) && now == identity_ ? number_ : -1;
  }

  void release() {
    if (const int still = number(); still >= 0) close_descriptor(still);
    number_ = -1;
  }

 private:
  int number_ = -1;
  FileIdentity identity_;
};

}  // namespace fencepost::os
