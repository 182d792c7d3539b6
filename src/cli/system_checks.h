// What of this system decides how programs are guarded.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "cli/remark.h"

namespace fencepost::cli {

struct SystemReport {
  Remarks remarks;
  std::string engine;  ///< empty: nothing can be guarded here
};

[[nodiscard]] SystemReport check_system(const std::filesystem::path& library);

/// The value of a field of a file like /proc/self/status or /proc/meminfo: "2" of "Seccomp:\t2". Empty if it
/// is not there.
[[nodiscard]] std::string field_of(std::string_view text, std::string_view name);

}  // namespace fencepost::cli
