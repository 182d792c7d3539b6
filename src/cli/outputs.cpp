#include "cli/outputs.h"

#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <iostream>
#include <optional>

#include "cli/log.h"
#include "cli/places.h"
#include "render/github.h"
#include "render/json.h"
#include "render/junit.h"
#include "render/sarif.h"
#include "render/text.h"
#include "render/valgrind_xml.h"

namespace fencepost::cli {

namespace {

constexpr std::array<const char*, 6> kNames{"text", "json", "sarif", "junit", "github", "valgrind"};

std::optional<Format> format_of(const std::string& name) {
  for (std::size_t i = 0; i < kNames.size(); ++i) {
    if (name == kNames[i]) return static_cast<Format>(i);
  }
  return {};
}

render::Context context() {
  std::error_code error;
  return {.directory = std::filesystem::current_path(error).string(), .version = FENCEPOST_VERSION};
}

render::TextStyle style(bool is_terminal) {
  render::TextStyle style = render::choose_style(is_terminal, [](const char* name) { return environment(name); });
  style.directory = context().directory;
  return style;
}

void write_as(Format format, std::ostream& out, const std::vector<findings::Finding>& findings, bool is_terminal) {
  switch (format) {
    case Format::text: return render::write_text(out, findings, style(is_terminal));
    case Format::json: return render::write_json(out, findings);
    case Format::sarif: return render::write_sarif(out, findings, context());
    case Format::junit: return render::write_junit(out, findings, context());
    case Format::github: return render::write_github(out, findings, context());
    case Format::valgrind: return render::write_valgrind_xml(out, findings, context());
  }
}

}  // namespace

std::string format_names() {
  std::string names;
  for (const char* const name : kNames) names += (names.empty() ? "" : "|") + std::string(name);
  return names;
}

bool Outputs::open(const std::vector<std::string>& wanted) {
  for (const std::string& each : wanted) {
    if (!open_one(each)) return false;
  }
  if (!wanted.empty()) return true;
  outputs_.push_back({});
  if (environment("GITHUB_ACTIONS") == "true")
    outputs_.push_back({.format = Format::github, .path = "", .file = nullptr});
  return true;
}

bool Outputs::open_one(const std::string& wanted) {
  const std::size_t equals = wanted.find('=');
  const std::optional<Format> format = format_of(wanted.substr(0, equals));
  if (!format) {
    log_error("unknown format '" + wanted.substr(0, equals) + "'; the formats are " + format_names());
    return false;
  }
  Output output{
      .format = *format, .path = equals == std::string::npos ? "" : wanted.substr(equals + 1), .file = nullptr};
  if (!output.path.empty()) {
    output.file = std::make_unique<std::ofstream>(output.path, std::ios::binary | std::ios::trunc);
    if (!*output.file) {
      log_error(output.path + ": " + std::strerror(errno));
      return false;
    }
  }
  outputs_.push_back(std::move(output));
  return true;
}

bool Outputs::write(const std::vector<findings::Finding>& findings) {
  bool good = true;
  for (Output& output : outputs_) {
    std::ostream& out = output.file ? *output.file : output.format == Format::text ? text_ : std::cout;
    const int descriptor = &out == &std::cerr ? STDERR_FILENO : STDOUT_FILENO;
    const bool is_terminal = !output.file && isatty(descriptor) == 1;
    write_as(output.format, out, findings, is_terminal);
    out.flush();
    if (out) continue;
    log_error("could not write " +
              (output.path.empty() ? std::string(kNames[static_cast<std::size_t>(output.format)]) : output.path));
    good = false;
  }
  return good;
}

}  // namespace fencepost::cli
