#include "endtoend/flavours.h"

namespace fencepost::endtoend {

namespace {

std::string file_name(std::string_view program, const Setting& setting) {
  return std::string(program) + (setting.flavour == Flavour::linked ? ".static" : "");
}

}  // namespace

std::vector<Setting> all_settings() {
  std::vector<Setting> settings;
  for (const char* const engine : kEngines) {
    settings.push_back({engine, Flavour::preload});
    settings.push_back({engine, Flavour::linked});
  }
  return settings;
}

std::vector<Setting> batches() {
  return {{"page_move:fence=batch", Flavour::preload}, {"guard_region:fence=batch", Flavour::linked}};
}

std::vector<Setting> all_settings_and_batches() {
  std::vector<Setting> settings = all_settings();
  for (Setting& setting : batches()) settings.push_back(std::move(setting));
  return settings;
}

std::vector<Setting> both_flavours() { return {{"auto", Flavour::preload}, {"auto", Flavour::linked}}; }

std::string describe(const Setting& setting) {
  return "engine " + setting.engine + (setting.flavour == Flavour::preload ? ", preloaded" : ", linked");
}

std::string program_path(std::string_view file) { return std::string(FENCEPOST_PROGRAMS "/").append(file); }

support::Command command(std::string_view program, const Setting& setting, std::string_view options) {
  support::Command command;
  command.arguments = {program_path(file_name(program, setting))};
  command.environment["FENCEPOST_OPTIONS"] =
      "engine=" + setting.engine + (options.empty() ? "" : ":") + std::string(options);
  if (setting.flavour == Flavour::preload) command.environment["LD_PRELOAD"] = FENCEPOST_LIBRARY;
  return command;
}

support::Outcome run(std::string_view program, const Setting& setting, std::string_view options) {
  return support::run(command(program, setting, options));
}

support::Outcome run_plain(std::string_view program) {
  support::Command command;
  command.arguments = {program_path(program)};
  return support::run(command);
}

std::string first_thread_name(std::string_view program, const Setting& setting) {
  return file_name(program, setting).substr(0, 15);
}

}  // namespace fencepost::endtoend
