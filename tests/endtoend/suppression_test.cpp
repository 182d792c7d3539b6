// Findings that are not to be told.
#include <algorithm>
#include <catch2/catch.hpp>
#include <fstream>

#include "endtoend/bug.h"
#include "endtoend/flavours.h"
#include "support/temporary_directory.h"

namespace fencepost::endtoend {
namespace {

using Catch::Matchers::Contains;
using support::Outcome;

/// A file of suppressions that is gone with its owner.
class Suppressions {
 public:
  explicit Suppressions(const std::string& text) { std::ofstream(path()) << text << '\n'; }

  [[nodiscard]] std::string path() const { return directory_.path() / "own.supp"; }
  [[nodiscard]] std::string option() const { return "suppressions=" + path(); }

 private:
  support::TemporaryDirectory directory_;
};

/// Of each kind one program, and how it ends when that is not told: as if nobody had looked, or as without
/// us.
struct Suppressed {
  const char* program;
  const char* kind;
  const char* ending;
};

constexpr Suppressed kEachKind[] = {
    {"overrun_write_by_1", "heap-buffer-overflow", "exit 0"},
    {"underrun_write_page_block", "heap-buffer-underflow", "exit 0"},
    {"use_after_free_read", "use-after-free", "exit 0"},
    {"use_after_free_of_large_block", "use-after-free", "exit 0"},
    {"double_free", "double-free", "exit 0"},
    {"free_interior_pointer", "invalid-free", "exit 0"},
    {"free_stack_address", "invalid-free", "exit 0"},
    {"delete_of_new_array", "mismatched-deallocation", "exit 0"},
    {"delete_derived_through_base", "mismatched-size", "exit 0"},
    {"slack_overwritten_after", "slack-overwritten", "exit 0"},
    {"slack_found_at_exit", "slack-overwritten", "exit 0"},
    {"malloc_of_negative_size", "allocation-size-overflow", "exit 0"},
    {"aligned_alloc_at_24", "invalid-alignment", "exit 0"},
    {"bad_read_past_the_end", "bad-syscall-buffer", "exit 0"},
    {"stack_exhausted", "stack-overflow", kDiesOfFault},
    {"null_dereference", "wild-access", kDiesOfFault},
    {"execute_freed_block", "use-after-free", kDiesOfFault},
};

TEST_CASE("each kind is suppressed by its name, and the program does as if nothing had been found", "[suppression]") {
  for (const Suppressed& one : kEachKind) {
    const Suppressions suppressions(one.kind);
    for (const Setting& setting : all_settings()) {
      INFO(one.program << ", " << describe(setting));
      const Outcome outcome = run(one.program, setting, suppressions.option());
      CHECK(outcome.ending() == one.ending);
      CHECK(outcome.err.empty());
    }
  }
}

TEST_CASE("other kinds are told as ever", "[suppression]") {
  for (const Suppressed& one : kEachKind) {
    std::string others;
    for (const Suppressed& other : kEachKind) {
      if (std::string_view(other.kind) != one.kind) others += std::string(other.kind) + "\n";
    }
    const Suppressions suppressions(others);
    for (const Setting& setting : both_flavours()) {
      INFO(one.program << ", " << describe(setting));
      const Outcome told = run(one.program, setting), outcome = run(one.program, setting, suppressions.option());
      CHECK(outcome.ending() == told.ending());
      const auto reports = support::parse_reports(outcome.err);
      REQUIRE(reports.size() == support::parse_reports(told.err).size());
      CHECK(reports.front().kind == one.kind);
    }
  }
}

/// The lines that reports offer.
std::string offered(const std::string& err) {
  const std::string mark = "\nSUPPRESSION: ";
  std::string lines;
  for (std::size_t at = err.find(mark); at != err.npos; at = err.find(mark, at + 1)) {
    const std::size_t begin = at + mark.size();
    lines += err.substr(begin, err.find('\n', begin) - begin) + "\n";
  }
  return lines;
}

TEST_CASE("the suppression that a report offers does suppress it", "[suppression]") {
  for (const Suppressed& one : kEachKind) {
    for (const Setting& setting : all_settings()) {
      INFO(one.program << ", " << describe(setting));
      const std::string lines = offered(run(one.program, setting, "print_suppressions=1").err);
      REQUIRE_THAT(lines, Catch::StartsWith(one.kind));
      const Suppressions suppressions(lines);
      const Outcome outcome = run(one.program, setting, suppressions.option());
      CHECK(outcome.ending() == one.ending);
      CHECK(outcome.err.empty());
    }
  }
}

TEST_CASE("what is found late has a suppression too", "[suppression]") {
  for (const Setting& setting : batches()) {
    INFO(describe(setting));
    const std::string lines = offered(run("use_after_free_write_before_64_frees", setting, "print_suppressions=1").err);
    REQUIRE_THAT(lines, Catch::StartsWith("use-after-free function="));
    const Suppressions suppressions(lines);
    const Outcome outcome = run("use_after_free_write_before_64_frees", setting, suppressions.option());
    CHECK(outcome.ending() == "exit 0");
    CHECK(outcome.err.empty());
  }
}

TEST_CASE("a report offers no suppression unless it is asked for one", "[suppression]") {
  CHECK(offered(run("double_free", {"auto"}).err).empty());
}

TEST_CASE("conditions are on any frame of any trace", "[suppression]") {
  // In use_after_free_read: main calls make_block, which allocates; release, which frees; and use, which
  // errs.
  const auto [line, suppressed] = GENERATE(table<const char*, bool>({
      {"use-after-free function=use", true},
      {"use-after-free function=make_block", true},
      {"use-after-free function=release", true},
      {"use-after-free function=main function=use function=release function=make_block", true},
      {"function=us? module=use_after_free_read*", true},
      {"use-*:release", true},
      {"*:use_after_free_read*", true},
      {"use-after-free module=*/use_after_free_read*", true},
      {"use-after-free source=use_after_free_read.c", true},  // of its static functions
      {"use-after-free:use_after_free_read.c", true},
      {"double-free function=use", false},
      {"use-after-free function=user", false},
      {"use-after-free function=us", false},
      {"use-after-free function=use function=other", false},
      {"use-after-free function=use module=libother.so", false},
      {"use-after-free module=use_after_free_rea", false},
      {"use-after-free source=other.c", false},
      {"use-after-free:other", false},
      {"# use-after-free", false},
  }));
  const Suppressions suppressions(line);
  for (const Setting& setting : all_settings()) {
    INFO(line << ", " << describe(setting));
    const Outcome outcome = run("use_after_free_read", setting, suppressions.option());
    CHECK(outcome.ending() == (suppressed ? "exit 0" : kDiesOfFault));
    CHECK(support::parse_reports(outcome.err).size() == (suppressed ? 0 : 1));
  }
}

TEST_CASE("a module is that of a plugin too", "[suppression]") {
  const auto [line, ending] = GENERATE(table<const char*, const char*>({
      {"heap-buffer-overflow module=libplugin_overrun.so", "exit 0"},
      {"heap-buffer-overflow function=plugin_overrun module=libplugin_*", "exit 0"},
      {"heap-buffer-overflow module=libplugin_release.so", kDiesOfFault},
  }));
  const Suppressions suppressions(line);
  for (const Setting& setting : all_settings()) {
    INFO(line << ", " << describe(setting));
    CHECK(run("overrun_in_plugin", setting, suppressions.option()).ending() == ending);
  }
}

TEST_CASE("twenty errors may all be suppressed, or all but one", "[suppression]") {
  const Suppressions all("*");
  const Suppressions but_one("use-after-free\ndouble-free\ninvalid-*\nheap-*\nmismatched-*\nslack-*\n*-overflow");
  for (const Setting& setting : all_settings()) {
    INFO(describe(setting));
    const Outcome outcome = run("several_twenty_errors", setting, all.option());
    CHECK(outcome.ending() == "exit 0");
    CHECK(outcome.out == "done\n");
    CHECK(outcome.err.empty());
    const Outcome told = run("several_twenty_errors", setting, but_one.option() + ":on_error=continue");
    CHECK(told.ending() == "exit 86");
    const auto reports = support::parse_reports(told.err);
    REQUIRE(reports.size() == 1);
    CHECK(reports[0].kind == "bad-syscall-buffer");
  }
}

TEST_CASE("threads that meet suppressed fences at once all go on", "[suppression]") {
  const Suppressions suppressions("heap-buffer-overflow\nuse-after-free\n");
  for (const Setting& setting : all_settings()) {
    INFO(describe(setting));
    const Outcome outcome = run("several_on_4_threads", setting, suppressions.option());
    CHECK(outcome.ending() == "exit 0");
    CHECK(outcome.out == "done\n");
    CHECK(outcome.err.empty());
  }
}

TEST_CASE("suppressed accesses get through wherever they are made", "[suppression]") {
  const Suppressions suppressions("heap-buffer-overflow");
  for (const char* const program :
       {"overrun_in_signal_handler", "overrun_on_own_signal_stack", "overrun_on_small_stack", "overrun_in_thread",
        "overrun_with_little_stack_left", "overrun_with_signals_blocked_in_thread",
        "overrun_in_handler_that_blocks_all", "overrun_with_own_sigsegv_handler", "overrun_with_sigsegv_ignored",
        "overrun_in_8_threads_at_once", "overrun_in_atexit_handler", "overrun_in_constructor",
        "overrun_after_closing_descriptors", "overrun_by_memcpy"}) {
    for (const Setting& setting : all_settings()) {
      INFO(program << ", " << describe(setting));
      const Outcome outcome = run(program, setting, suppressions.option());
      CHECK(outcome.ending() == "exit 0");
      CHECK(outcome.err.empty());
    }
  }
}

TEST_CASE("programs that handle signals themselves notice nothing of suppressions", "[suppression]") {
  const Suppressions suppressions("use-after-free function=nobody\nwild-access function=nobody\n");
  for (const char* const program :
       {"clean_handler_mask", "clean_handler_nested", "clean_handler_on_own_stack", "clean_handler_protects_live_block",
        "clean_handler_raised", "clean_handler_resethand", "clean_handler_sigbus", "clean_handler_siglongjmp",
        "clean_handler_write_barrier", "clean_ignored_sigsegv", "clean_mask_table", "clean_signal_table"}) {
    const Outcome plain = run_plain(program);
    for (const Setting& setting : all_settings()) {
      INFO(program << ", " << describe(setting));
      const Outcome outcome = run(program, setting, suppressions.option());
      CHECK(outcome.ending() == plain.ending());
      CHECK(outcome.out == plain.out);
      CHECK(outcome.err == plain.err);
    }
  }
}

TEST_CASE("forked children have the suppressions of their parent", "[suppression]") {
  const Suppressions suppressions("use-after-free function=main");
  for (const Setting& setting : all_settings()) {
    INFO(describe(setting));
    const Outcome outcome = run("use_after_free_in_forked_child", setting, suppressions.option());
    CHECK(outcome.err.empty());
  }
}

TEST_CASE("suppressions outrank what would be done about a finding", "[suppression]") {
  const Suppressions suppressions("bad-syscall-buffer\nallocation-size-overflow\ndouble-free\n");
  for (const Setting& setting : both_flavours()) {
    INFO(describe(setting));
    const std::string options = suppressions.option();
    CHECK(run("bad_read_past_the_end", setting, options + ":bad_syscall=die").ending() == "exit 0");
    CHECK(run("malloc_of_negative_size", setting, options + ":bad_argument=die").ending() == "exit 0");
    CHECK(run("double_free", setting, options + ":on_error=exit").ending() == "exit 0");
    CHECK(run("double_free", setting, options + ":on_error=continue").ending() == "exit 0");
  }
}

/// The messages about suppressions.
std::vector<std::string> counts(const Outcome& outcome) {
  std::vector<std::string> messages = support::parse_messages(outcome.err);
  std::erase_if(messages, [](const std::string& message) { return !message.starts_with("suppressed "); });
  return messages;
}

TEST_CASE("what each suppression did is counted, and told at the end with verbosity", "[suppression]") {
  const Suppressions suppressions("# none\nwild-access\nbad-syscall-buffer function=use\n");
  for (const Setting& setting : all_settings()) {
    INFO(describe(setting));
    const Outcome outcome = run("bad_read_100_times", setting, suppressions.option() + ":verbosity=1");
    CHECK(outcome.ending() == "exit 0");
    CHECK(support::parse_reports(outcome.err).empty());
    const std::string used = suppressions.path() + ":3: bad-syscall-buffer function=use";
    CHECK(counts(outcome) == std::vector<std::string>{"suppressed 100 findings by " + used});
    const Outcome all = run("bad_read_100_times", setting, suppressions.option() + ":verbosity=2");
    CHECK(counts(all) == std::vector<std::string>{"suppressed 0 findings by " + suppressions.path() + ":2: wild-access",
                                                  "suppressed 100 findings by " + used});
    CHECK(run("bad_read_100_times", setting, suppressions.option()).err.empty());
  }
}

TEST_CASE("bad lines are told once, with file and line, and the others hold", "[suppression]") {
  const Suppressions suppressions("double-free function\ndouble-free\nuse-after-fre\n");
  for (const Setting& setting : both_flavours()) {
    INFO(describe(setting));
    const Outcome outcome = run("double_free", setting, suppressions.option());
    CHECK(outcome.ending() == "exit 0");
    const auto messages = support::parse_messages(outcome.err);
    REQUIRE(messages.size() == 2);
    CHECK_THAT(messages[0],
               Catch::StartsWith("suppressions: " + suppressions.path() + ":1: 'function' is no condition"));
    CHECK_THAT(messages[1],
               Catch::StartsWith("suppressions: " + suppressions.path() + ":3: no kind of finding is 'use-after-fre'"));
  }
}

TEST_CASE("several files hold, and those that can't be read are told", "[suppression]") {
  const Suppressions first("double-free"), second("wild-access");
  const support::TemporaryDirectory directory;
  const std::string missing = directory.path() / "missing";
  const std::string folder = directory.path();
  for (const Setting& setting : both_flavours()) {
    INFO(describe(setting));
    const std::string paths = second.path() + "," + missing + "," + folder + "," + first.path();
    const Outcome outcome = run("double_free", setting, "suppressions=" + paths);
    CHECK(outcome.ending() == "exit 0");
    const auto messages = support::parse_messages(outcome.err);
    REQUIRE(messages.size() == 2);
    CHECK(messages[0] == "suppressions: " + missing + ": can't be opened; its suppressions don't hold");
    CHECK(messages[1] == "suppressions: " + folder + ": can't be read");
  }
}

TEST_CASE("a file may be so large and no larger", "[suppression]") {
  const std::string filler(std::size_t{1} << 20, '#');
  const Suppressions before("double-free\n" + filler), after(filler + "\ndouble-free");
  for (const Setting& setting : both_flavours()) {
    INFO(describe(setting));
    const Outcome outcome = run("double_free", setting, before.option());
    CHECK(outcome.ending() == "exit 0");
    CHECK_THAT(outcome.err, Contains("is larger than 1 MiB"));
    CHECK(run("double_free", setting, after.option()).ending() == kAborts);
  }
}

TEST_CASE("a program may bring its own suppressions, and those of the option are added", "[suppression]") {
  const Suppressions suppressions("double-free");
  for (const Setting& setting : all_settings()) {
    const char* const program =
        setting.flavour == Flavour::linked ? "default_suppressions" : "default_suppressions.exported";
    INFO(describe(setting));
    const Outcome own = run(program, setting);
    CHECK(own.ending() == kAborts);
    const auto reports = support::parse_reports(own.err);
    REQUIRE(reports.size() == 1);
    CHECK(reports[0].kind == "double-free");
    CHECK_THAT(own.err, Contains("suppressions: fencepost_default_suppressions:2: no kind of finding is 'nonsense'"));
    CHECK(run(program, setting, suppressions.option()).ending() == "exit 0");
  }
}

}  // namespace
}  // namespace fencepost::endtoend
