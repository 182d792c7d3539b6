// fencepost doctor
#pragma once

#include <string>

namespace fencepost::cli {

struct DoctorRequest {
  std::string library;  ///< empty: look for it
  std::string program;  ///< empty: only the system
};

/// Prints what will be guarded here and why, a verdict last. Returns 0 if all is fine, 1 if nothing, or not the
/// program, will be guarded.
[[nodiscard]] int examine(const DoctorRequest& request);

}  // namespace fencepost::cli
