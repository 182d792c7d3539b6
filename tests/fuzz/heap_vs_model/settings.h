// What a run is: it is printed first, and the same again repeats it (the order in which threads meet apart).
#pragma once

#include <cstdint>
#include <cstdio>
#include <cstdlib>

#include "fence/any_fence.h"

namespace fencepost::model {

struct Run {
  fence::EngineKind engine = fence::EngineKind::page_move;
  bool batch = false;
  std::uint64_t seed = 1;
  std::uint64_t operations = 40000;  ///< of all threads together
  unsigned threads = 4;
  std::uint64_t memory_limit = 24;  ///< MiB
  std::uint64_t history = 1000000;
};

/// Ends the run unless `holds`.
inline void must_hold(bool holds, const char* what) {
  if (holds) return;
  std::fprintf(stderr, "does not hold: %s\n", what);
  std::abort();
}

}  // namespace fencepost::model
