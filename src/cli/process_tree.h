// Who descends from whom, as /proc tells.
#pragma once

#include <sys/types.h>

#include <string>
#include <string_view>
#include <vector>

namespace fencepost::cli {

struct RunningProcess {
  pid_t pid = 0;
  pid_t parent = 0;
  std::string name;  ///< as the process chose it: at most 15 bytes of anything
  bool zombie = false;
};

/// Takes /proc/<pid>/stat apart, in which the name may hold blanks and parentheses. A pid of 0 if it can't be.
[[nodiscard]] RunningProcess read_stat(std::string_view stat);

/// The processes that descend from `ancestor` now, without those that are dead and only not waited for.
[[nodiscard]] std::vector<RunningProcess> descendants_of(pid_t ancestor);

}  // namespace fencepost::cli
