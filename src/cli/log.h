// What the program itself has to say: on standard error, or to a file.
#pragma once

#include <string>
#include <string_view>

namespace fencepost::cli {

enum class Level { error, warning, information, debug };

struct LogSettings {
  Level level = Level::warning;  ///< the least important that is still told
  std::string file;              ///< appended to, instead of standard error; empty: none
};

/// Errors and warnings to standard error. Once, before any other call.
void start_log();

/// From here on as `settings` say. False if the file can't be written; then nothing changes but the level.
[[nodiscard]] bool set_log(const LogSettings& settings);

void log_error(std::string_view message);
void log_warning(std::string_view message);
void log_information(std::string_view message);
void log_debug(std::string_view message);

}  // namespace fencepost::cli
