// What of a program decides whether it is guarded.
#pragma once

#include <filesystem>
#include <string>

#include "cli/remark.h"

namespace fencepost::cli {

struct ProgramReport {
  Remarks remarks;
  std::filesystem::path file;  ///< the ELF file that runs in the end: of a script, its interpreter
  bool guarded = false;
};

/// `name` is looked up as execvp(3) does. The program is not run.
[[nodiscard]] ProgramReport check_program(const std::string& name);

}  // namespace fencepost::cli
