#include "cli/status_line.h"

#include <unistd.h>

#include <string_view>

namespace fencepost::cli {

namespace {

constexpr std::chrono::seconds kPatience{2};
constexpr std::string_view kWipe = "\r\033[K";

void write_text(std::string_view text) { static_cast<void>(!write(STDERR_FILENO, text.data(), text.size())); }

std::string counted(std::uint64_t count, const char* noun, const char* plural) {
  return std::to_string(count) + " " + (count == 1 ? noun : plural);
}

bool in_foreground() { return tcgetpgrp(STDERR_FILENO) == getpgrp(); }

}  // namespace

std::string status_text(std::chrono::seconds time, const Progress& progress) {
  return "fencepost: " + std::to_string(time.count()) + " s, " + counted(progress.processes, "process", "processes") +
         ", " + std::to_string(progress.allocations / 1000) + " thousand allocations, " +
         counted(progress.findings, "finding", "findings");
}

StatusLine::StatusLine()
    : start_(std::chrono::steady_clock::now()), possible_(isatty(STDERR_FILENO) == 1 && isatty(STDOUT_FILENO) == 0) {}

bool StatusLine::wanted() const {
  return possible_ && std::chrono::steady_clock::now() - start_ >= kPatience && in_foreground();
}

void StatusLine::show(const Progress& progress) {
  if (!wanted()) return;
  const auto time = std::chrono::duration_cast<std::chrono::seconds>(std::chrono::steady_clock::now() - start_);
  write_text(std::string(kWipe) + status_text(time, progress));
  shown_ = true;
}

void StatusLine::wipe() {
  if (shown_) write_text(kWipe);
  shown_ = false;
}

}  // namespace fencepost::cli
