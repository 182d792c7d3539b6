// Modules with an operator new or delete of their own, which the loader does not replace by ours.
#pragma once

#include <atomic>

#include "base/types.h"

namespace fencepost::runtime {

/// A module that was linked with a C++ runtime of its own (-static-libstdc++), or that hides its operators, reaches
/// us through them by malloc and free alone. Its blocks can't be told from those of its calls to malloc.
/// Context: malloc, any thread, no lock held.
class PrivateOperators {
 public:
  constexpr PrivateOperators() = default;

  /// True if the module that contains `pc` defines such an operator. Of a stripped module this is known only if it
  /// has a C++ runtime in it. Reads the module's file the first time.
  [[nodiscard]] bool are_in_module_of(Address pc);

 private:
  static constexpr Size kCapacity = 32;

  enum class Answer : std::uint8_t { unknown, no, yes };
  struct Entry {
    std::atomic<Address> module{0};  ///< where it is loaded; 0: free
    std::atomic<Answer> answer{Answer::unknown};
  };

  [[nodiscard]] Entry* entry_of(Address module);

  Entry entries_[kCapacity];
};

/// True if the program has replaced any form of operator new or delete: C functions may then be called on their
/// behalf, from anywhere. Defined in interpose/operator_new.cpp, which alone can tell its own definitions from others.
[[nodiscard]] bool operators_are_replaced();

}  // namespace fencepost::runtime
