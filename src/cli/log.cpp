#include "cli/log.h"

#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>

namespace fencepost::cli {

void start_log() {
  auto logger = spdlog::stderr_color_mt("fencepost");
  logger->set_pattern("%n: %^%l%$: %v");
  spdlog::set_default_logger(std::move(logger));
}

void log_error(std::string_view message) { spdlog::error("{}", message); }

}  // namespace fencepost::cli
