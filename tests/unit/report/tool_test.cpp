#include "report/tool.h"

#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <chrono>
#include <string>

#include "support.h"

using namespace fencepost;
using report::Tool;

namespace {

/// A tool that a shell script plays.
class Script {
 public:
  explicit Script(const std::string& text) : file_("#!/bin/sh\n" + text + "\n") { chmod(file_.path().c_str(), 0700); }
  [[nodiscard]] const std::string& path() const { return file_.path(); }

 private:
  test::TempFile file_;
};

struct Told {
  bool good;
  bool usable;  ///< afterwards
  std::string text;
};

Told tell(const std::string& script, const std::string& finding = "{}\n", unsigned milliseconds = 60000) {
  const Script made(script);
  const test::TempFile log;
  report::Sink sink;
  sink.set_path(log.path());
  Tool tool;
  tool.set_time_limit(milliseconds);
  tool.set_path(made.path());
  const bool good = tool.tell(finding, sink);
  return {good, tool.is_usable(), log.contents()};
}

}  // namespace

TEST_CASE("a tool gets the finding and has the word", "[report]") {
  const Told told = tell("echo \"$@\"; tr a b", "{\"a\": 1}\n");
  CHECK(told.good);
  CHECK(told.usable);
  CHECK(told.text == "symbolize\n{\"b\": 1}\n");
}

TEST_CASE("a tool that fails says nothing, and is not asked again", "[report]") {
  for (const char* const script : {"echo half; exit 1", "exit 0", "echo half; kill -SEGV $$", "exit 2"}) {
    CAPTURE(script);
    const Told told = tell(script);
    CHECK(!told.good);
    CHECK(!told.usable);
    CHECK(told.text.empty());
  }
}

TEST_CASE("a tool that hangs is ended", "[report]") {
  const auto begin = std::chrono::steady_clock::now();
  const Told told = tell("echo half; exec sleep 1000", "{}\n", 100);
  CHECK(!told.good);
  CHECK(told.text.empty());
  CHECK(std::chrono::steady_clock::now() - begin < std::chrono::seconds(60));
}

TEST_CASE("a tool that is not there is none", "[report]") {
  const report::Sink sink;
  Tool tool;
  CHECK(!tool.is_usable());
  tool.set_path("");
  CHECK(!tool.is_usable());
  tool.set_path(std::string(2000, 'x'));
  CHECK(!tool.is_usable());
  tool.set_path("/nonexistent/fencepost");
  CHECK(tool.is_usable());
  CHECK(!tool.tell("{}\n", sink));
  CHECK(!tool.is_usable());
}

TEST_CASE("beside a program there is no tool to look for", "[report]") {
  Tool tool;
  tool.look_beside_library();
  CHECK(!tool.is_usable());
}

TEST_CASE("a relative path begins where the program did", "[report]") {
  const Script made("cat");
  CHECK(test::holds_in_child([&] {
    const test::TempFile log;
    report::Sink sink;
    sink.set_path(log.path());
    const std::string::size_type slash = made.path().rfind('/');
    if (chdir(made.path().substr(0, slash).c_str()) != 0) return false;
    Tool tool;
    tool.set_path(made.path().substr(slash + 1));
    return chdir("/proc") == 0 && tool.tell("{}\n", sink) && log.contents() == "{}\n";
  }));
}

TEST_CASE("a program that has locked itself in since gets no tool", "[report]") {
  const Script made("cat");
  CHECK(test::holds_in_child([&] {
    const report::Sink sink;
    Tool tool;
    tool.set_path(made.path());
    return test::forbid_system_call(SYS_umask) && !tool.tell("{}\n", sink) && !tool.is_usable();
  }));
}

TEST_CASE("a sandbox that was there from the start does not matter", "[report]") {
  const Script made("cat");
  CHECK(test::holds_in_child([&] {
    const test::TempFile log;
    report::Sink sink;
    sink.set_path(log.path());
    Tool tool;
    if (!test::forbid_system_call(SYS_umask)) return false;
    tool.set_path(made.path());
    return tool.tell("{}\n", sink);
  }));
}

TEST_CASE("a tool's environment is the program's first one without what is meant for the program", "[report]") {
  const Told told = tell("env");
  CHECK(told.good);
  CHECK(told.text.find("PATH=") != std::string::npos);
  CHECK(told.text.find("LD_") == std::string::npos);
  CHECK(told.text.find("FENCEPOST_OPTIONS") == std::string::npos);
  CHECK(told.text.find("FENCEPOST_TERMINAL") == std::string::npos);  // a file
}
