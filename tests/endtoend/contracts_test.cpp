// Every interposed function keeps its contract.
#include <catch2/catch.hpp>

#include "endtoend/clean.h"
#include "endtoend/flavours.h"
#include "support/report_parser.h"

namespace fencepost::endtoend {
namespace {

TEST_CASE("the allocation functions of C and POSIX", "[contracts]") {
  check_clean(GENERATE(values<Clean>({
      {.program = "clean_errno", .options = "bad_argument=ignore"},
      {.program = "clean_overflowing_products", .options = "bad_argument=ignore"},
      {.program = "clean_posix_memalign", .options = "bad_argument=ignore"},
      {.program = "clean_alignment_of_blocks"},
      {.program = "clean_malloc_zero"},
      {.program = "clean_realloc"},
      {.program = "clean_realloc_5000_times"},
      {.program = "clean_realloc_5000_times", .options = "fence=batch"},
      {.program = "clean_usable_size", .needs_fencepost = true},
      {.program = "clean_rare_names", .needs_fencepost = true},
      {.program = "clean_1000_live_blocks"},
      {.program = "clean_large_blocks"},
      {.program = "clean_mlockall"},
      {.program = "clean_mlock"},
      {.program = "clean_mlock", .options = "fence=batch"},
      {.program = "clean_no_allocation"},
  })));
}

TEST_CASE("they keep it in every placement", "[contracts]") {
  const std::string options = GENERATE("side=begin", "side=random:seed=7", "align=1:side=begin", "align=64",
                                       "fill_malloc=none:fill_slack=none", "engine=none", "max_blocks=20", "depth=0");
  for (const char* const program : {"clean_alignment_of_blocks", "clean_realloc", "clean_malloc_zero",
                                    "clean_posix_memalign", "clean_large_blocks", "clean_errno"}) {
    for (const Setting& setting : both_flavours()) {
      INFO(program << ", " << describe(setting) << ", " << options);
      const support::Outcome outcome = run(program, setting, options + ":bad_argument=ignore");
      CHECK(outcome.ending() == "exit 0");
      CHECK(support::parse_reports(outcome.err).empty());
      CHECK(outcome.err.find("not true") == std::string::npos);
    }
  }
}

TEST_CASE("aligned allocation answers as the C library does", "[contracts]") {
  check_same_output("clean_alignment_table", "bad_argument=ignore");
}

TEST_CASE("the functions that tell about the heap", "[contracts]") {
  for (const Setting& setting : all_settings()) {
    INFO(describe(setting));
    const support::Outcome outcome = run("clean_malloc_information", setting);
    INFO(outcome.err);
    CHECK(outcome.ending() == "exit 0");
    const std::vector<std::string> messages = support::parse_messages(outcome.err);
    REQUIRE(messages.size() == 1);  // of malloc_stats
    CHECK_THAT(messages[0], Catch::Matchers::Contains("blocks of") && Catch::Matchers::Contains("bytes in use"));
  }
}

TEST_CASE("C++", "[contracts]") {
  check_clean(GENERATE(values<Clean>({
      {.program = "clean_operator_new"},
      {.program = "clean_bad_alloc", .options = "bad_argument=ignore"},
      {.program = "clean_bad_alignments", .options = "bad_argument=ignore"},
      {.program = "clean_new_handler"},
      {.program = "clean_exceptions"},
      {.program = "clean_plugin_bad_alloc"},
  })));
}

TEST_CASE("a program's own operator new and delete serve the forms that it did not replace", "[contracts]") {
  check_clean({.program = "clean_own_operator_new"});
}

}  // namespace
}  // namespace fencepost::endtoend
