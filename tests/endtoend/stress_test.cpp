// Very many threads, forks, modules and blocks: nothing hangs, and Fencepost's own memory stays within what
// it said.
#include <catch2/catch.hpp>

#include "endtoend/flavours.h"

namespace fencepost::endtoend {
namespace {

void check_stress(const std::string& program, const Setting& setting, std::chrono::seconds time_limit) {
  INFO(program << ", " << describe(setting));
  support::Command stress = command(program, setting);
  stress.time_limit = time_limit;
  const support::Outcome outcome = support::run(stress);
  INFO(outcome.out << outcome.err);
  CHECK(outcome.ending() == "exit 0");
  CHECK(outcome.err.empty());
}

TEST_CASE("1,000 threads", "[stress_threads]") {
  for (const Setting& setting : all_settings_and_batches())
    check_stress("stress_threads_1000", setting, std::chrono::minutes(2));
}

TEST_CASE("100 modules loaded and unloaded", "[stress_dlopen]") {
  for (const Setting& setting : all_settings()) check_stress("stress_dlopen_100", setting, std::chrono::minutes(2));
}

TEST_CASE("1,000,000 blocks", "[stress_churn]") {
  for (const Setting& setting : all_settings_and_batches())
    check_stress("stress_churn_million", setting, std::chrono::minutes(5));
}

TEST_CASE("10,000 forks beside eight allocating threads", "[stress_forks]") {
  // Both flavours are the same code here: the linked one on one engine is enough.
  for (const char* const engine : kEngines) {
    check_stress("stress_forks_10000", {engine, Flavour::preload}, std::chrono::minutes(8));
  }
  check_stress("stress_forks_10000", {"auto", Flavour::linked}, std::chrono::minutes(8));
  check_stress("stress_forks_10000", {"auto:fence=batch", Flavour::preload}, std::chrono::minutes(8));
}

}  // namespace
}  // namespace fencepost::endtoend
