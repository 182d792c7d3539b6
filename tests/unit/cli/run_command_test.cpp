#include "cli/run_command.h"

#include <algorithm>
#include <catch2/catch.hpp>

using namespace fencepost::cli;

namespace {

void give(RunRequest& request, const std::string& name, const std::string& value) {
  const auto option = std::find_if(request.runtime_options.begin(), request.runtime_options.end(),
                                   [&](const RuntimeOption& each) { return each.name == name; });
  REQUIRE(option != request.runtime_options.end());
  option->value = value;
}

}  // namespace

TEST_CASE("options given on the command line come after those of the environment", "[cli]") {
  RunRequest request = new_run_request();
  CHECK(join_options("", request).empty());
  CHECK(join_options("depth=3", request) == "depth=3");
  give(request, "depth", "5");
  CHECK(join_options("", request) == "depth=5");
  give(request, "side", "begin");
  CHECK(join_options("depth=3:seed=1", request) == "depth=3:seed=1:side=begin:depth=5");
}

TEST_CASE("what run decides itself is no option of it", "[cli]") {
  const RunRequest request = new_run_request();
  for (const RuntimeOption& option : request.runtime_options) {
    CHECK(option.name != "help");
    CHECK(option.name != "json_path");
    CHECK_FALSE(option.help.empty());
    CHECK_FALSE(option.accepted.empty());
  }
}
