// The line that a long run shows on a terminal.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

namespace fencepost::cli {

struct Progress {
  std::uint64_t processes = 0;
  std::uint64_t allocations = 0;
  std::uint64_t findings = 0;
};

/// On standard error; wiped when it goes. Shows nothing at all where it would get in somebody's way: where
/// standard error is no terminal, where the program's output goes to a terminal too, or in the background.
class StatusLine {
 public:
  StatusLine();
  ~StatusLine() { wipe(); }
  StatusLine(const StatusLine&) = delete;
  StatusLine& operator=(const StatusLine&) = delete;

  /// True if a line would be shown now: not before two seconds have passed.
  [[nodiscard]] bool wanted() const;
  void show(const Progress& progress);
  void wipe();

 private:
  std::chrono::steady_clock::time_point start_;
  bool possible_;
  bool shown_ = false;
};

/// "fencepost: 75 s, 3 processes, 42 thousand allocations, 1 finding"
[[nodiscard]] std::string status_text(std::chrono::seconds time, const Progress& progress);

}  // namespace fencepost::cli
