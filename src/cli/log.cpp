#include "cli/log.h"

#include <spdlog/sinks/basic_file_sink.h>
#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>

#include <cstdlib>

namespace fencepost::cli {

namespace {

constexpr const char* kOnTerminal = "%n: %^%l%$: %v";
constexpr const char* kInFile = "%Y-%m-%dT%H:%M:%S.%e%z %P %n: %l: %v";

spdlog::level::level_enum level_of(Level level) {
  switch (level) {
    case Level::error: return spdlog::level::err;
    case Level::warning: return spdlog::level::warn;
    case Level::information: return spdlog::level::info;
    case Level::debug: break;
  }
  return spdlog::level::debug;
}

/// https://no-color.org: any value but an empty one.
bool colour_is_unwanted() {
  const char* const value = std::getenv("NO_COLOR");
  return value != nullptr && *value != '\0';
}

void use(spdlog::sink_ptr sink, const char* pattern) {
  auto logger = std::make_shared<spdlog::logger>("fencepost", std::move(sink));
  logger->set_pattern(pattern);
  logger->flush_on(spdlog::level::debug);  // a killed supervisor must not take its last words along
  spdlog::set_default_logger(std::move(logger));
}

}  // namespace

void start_log() {
  const auto mode = colour_is_unwanted() ? spdlog::color_mode::never : spdlog::color_mode::automatic;
  use(std::make_shared<spdlog::sinks::stderr_color_sink_mt>(mode), kOnTerminal);
  spdlog::set_level(level_of(LogSettings{}.level));
}

bool set_log(const LogSettings& settings) {
  bool good = true;
  if (!settings.file.empty()) {
    try {
      use(std::make_shared<spdlog::sinks::basic_file_sink_mt>(settings.file), kInFile);
    } catch (const spdlog::spdlog_ex& error) {
      log_error(error.what());
      good = false;
    }
  }
  spdlog::set_level(level_of(settings.level));
  return good;
}

void log_error(std::string_view message) { spdlog::error("{}", message); }
void log_warning(std::string_view message) { spdlog::warn("{}", message); }
void log_information(std::string_view message) { spdlog::info("{}", message); }
void log_debug(std::string_view message) { spdlog::debug("{}", message); }

}  // namespace fencepost::cli
