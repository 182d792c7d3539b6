// The functions of one compilation unit, and what was inlined into them.
#pragma once

#include <elfutils/libdw.h>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "symbolize/intervals.h"

namespace fencepost::symbolize {

/// A function with code of its own, or the copy of one at the place where it was inlined.
struct Function {
  Dwarf_Die die{};
  std::optional<std::size_t> caller;  ///< an inlined function's
  std::size_t depth = 0;              ///< of its entry
};

class FunctionIndex {
 public:
  /// Reads every function of the unit, whose entry `unit` is.
  explicit FunctionIndex(Dwarf_Die unit);

  /// The function at the address, then those that it was inlined into, from the inside out; empty if there is
  /// none. The pointers live as long as the index.
  [[nodiscard]] std::vector<Function*> at(std::uint64_t address);

 private:
  struct Scope {
    std::optional<std::size_t> function;
    std::size_t depth = 0;
  };

  void read_children(Dwarf_Die& parent, Scope scope);
  void read(Dwarf_Die& die, Scope scope);
  [[nodiscard]] std::size_t add(Dwarf_Die& die, Scope scope);

  std::vector<Function> functions_;
  Intervals<std::size_t> code_;
};

}  // namespace fencepost::symbolize
