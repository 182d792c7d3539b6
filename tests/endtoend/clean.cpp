#include "endtoend/clean.h"

#include <catch2/catch.hpp>

#include "endtoend/flavours.h"

namespace fencepost::endtoend {

namespace {

void check_outcome(const support::Outcome& outcome, const std::string& out) {
  CHECK(outcome.ending() == "exit 0");
  CHECK(outcome.err.empty());
  CHECK(outcome.out == out);
  if (!outcome.err.empty()) WARN(outcome.err);
}

}  // namespace

void check_clean(const Clean& clean) {
  INFO(clean.program << " " << clean.options);
  if (!clean.needs_fencepost) {
    INFO("without Fencepost");
    check_outcome(run_plain(clean.program), clean.out);
  }
  for (const Setting& setting : all_settings_and_batches()) {
    INFO(describe(setting));
    check_outcome(run(clean.program, setting, clean.options), clean.out);
  }
}

void check_same_output(const std::string& program, const std::string& options) {
  const support::Outcome plain = run_plain(program);
  REQUIRE(plain.ending() == "exit 0");
  REQUIRE(!plain.out.empty());
  for (const Setting& setting : all_settings_and_batches()) {
    INFO(program << ", " << describe(setting));
    check_outcome(run(program, setting, options), plain.out);
  }
}

}  // namespace fencepost::endtoend
