// Every way in which a program meets Fencepost.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "support/run_program.h"

namespace fencepost::endtoend {

/// A new engine is one word here.
inline constexpr const char* kEngines[] = {"auto", "page_move", "guard_region", "mprotect"};

enum class Flavour { preload, linked };

struct Setting {
  std::string engine;
  Flavour flavour = Flavour::preload;
};

/// Every engine in every flavour.
[[nodiscard]] std::vector<Setting> all_settings();

/// The engines that fence in batches, doing so.
[[nodiscard]] std::vector<Setting> batches();

/// Both of these: for whatever does not touch freed blocks.
[[nodiscard]] std::vector<Setting> all_settings_and_batches();

/// The preloaded and the linked flavour, on the engine of the system's choice: for what no engine can change.
[[nodiscard]] std::vector<Setting> both_flavours();

[[nodiscard]] std::string describe(const Setting& setting);

/// Where the programs are.
[[nodiscard]] std::string program_path(std::string_view file);

/// A run of `program` with `options` added to the engine's; to be adapted and given to support::run.
[[nodiscard]] support::Command command(std::string_view program, const Setting& setting, std::string_view options = {});

[[nodiscard]] support::Outcome run(std::string_view program, const Setting& setting, std::string_view options = {});

/// Without Fencepost.
[[nodiscard]] support::Outcome run_plain(std::string_view program);

/// The name that the kernel gives to the first thread of a program in this flavour.
[[nodiscard]] std::string first_thread_name(std::string_view program, const Setting& setting);

}  // namespace fencepost::endtoend
