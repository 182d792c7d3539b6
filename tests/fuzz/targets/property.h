// What a fuzz target says about every input.
#pragma once

#include <cstdio>
#include <cstdlib>

namespace fencepost::fuzz {

/// Ends the run unless `holds`: the fuzzer then keeps the input.
inline void must_hold(bool holds, const char* property) {
  if (holds) return;
  std::fprintf(stderr, "does not hold: %s\n", property);
  std::abort();
}

}  // namespace fencepost::fuzz
