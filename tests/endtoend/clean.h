// Programs without a bug, which must not notice Fencepost.
#pragma once

#include <string>
#include <vector>

namespace fencepost::endtoend {

struct Clean {
  std::string program;
  std::string out = {};          ///< what it prints, the whole of it
  bool needs_fencepost = false;  ///< the C library's own allocator behaves otherwise
  std::string options = {};
};

/// Runs the program without Fencepost and then on every engine and flavour: it ends with 0, prints what it
/// should, and there is not a word from Fencepost.
void check_clean(const Clean& clean);

/// Runs the program without Fencepost and then on every engine and flavour: it prints the same.
void check_same_output(const std::string& program, const std::string& options = {});

}  // namespace fencepost::endtoend
