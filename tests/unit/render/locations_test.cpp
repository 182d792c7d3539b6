#include "render/locations.h"

#include <catch2/catch.hpp>

#include "findings/invented.h"

using namespace fencepost;
using namespace fencepost::render;
using test::finding_of;
using test::frame_at;
using test::frame_of;

TEST_CASE("a frame is one line for each function inlined into it, and one for its own", "[render]") {
  findings::Frame frame = frame_of("_Z4fillPc", 1);
  REQUIRE(locations_of(frame).size() == 1);
  CHECK(locations_of(frame)[0].function == "fill(char*)");
  CHECK_FALSE(locations_of(frame)[0].has_source());
  frame.source = {{"store()", "a.h", 1, 2, true}, {"", "a.cpp", 3, 4, false}};
  const auto lines = locations_of(frame);
  REQUIRE(lines.size() == 2);
  CHECK(lines[0].function == "store()");
  CHECK(lines[0].has_source());
  CHECK(lines[1].function == "fill(char*)");
}

TEST_CASE("the culprit is the program's own code", "[render]") {
  const findings::Frame libc = frame_of("memcpy", 1, "/lib/libc.so.6");
  const findings::Frame ours = frame_of("free", 1, "/opt/libfencepost.so");
  CHECK(culprit(finding_of("k", {ours, libc, frame_of("fill", 1)})).function == "fill");
  CHECK(culprit(finding_of("k", {libc})).function == "memcpy");
  const findings::Frame cxx = frame_of("_ZNSs6appendEPKc", 1, "/usr/lib/x86_64-linux-gnu/libstdc++.so.6.0.30");
  CHECK(culprit(finding_of("k", {cxx, frame_of("fill", 1)})).function == "fill");
  CHECK(culprit(finding_of("k", {cxx})).frame != nullptr);
  findings::Finding late = finding_of("k", {});
  CHECK(culprit(late).frame == nullptr);
  late.traces.push_back({"allocated", {}, "malloc", {frame_of("make", 1)}, {}});
  CHECK(culprit(late).function == "make");
}

TEST_CASE("the culprit is not a header whose code was inlined, but the line that used it", "[render]") {
  findings::Frame frame = frame_at("total", "/src/a.cpp", 12);
  frame.source.insert(frame.source.begin(), {.function = "std::vector<int>::begin()",
                                             .file = "/usr/include/c++/12/bits/stl_vector.h",
                                             .line = 869,
                                             .column = 16,
                                             .inlined = true});
  CHECK(culprit(finding_of("k", {frame})).file == "/src/a.cpp");
  findings::Frame algorithm = frame_at("std::sort", "/usr/include/c++/12/bits/stl_algo.h", 4);
  CHECK(culprit(finding_of("k", {algorithm, frame})).line == 12);
  CHECK(culprit(finding_of("k", {algorithm})).function == "std::sort");
}

TEST_CASE("what is found when the program has returned is looked for where the block was allocated", "[render]") {
  const findings::Frame libc = frame_of("exit", 1, "/lib/libc.so.6");
  findings::Finding late = finding_of("slack-overwritten", {libc, frame_of("_start", 1)});
  CHECK(culprit(late).function == "exit");
  late.traces.push_back({"allocated", {}, "malloc", {libc, frame_of("make", 1), frame_of("_start", 1)}, {}});
  CHECK(culprit(late).function == "make");
}

TEST_CASE("what is found in the end is told at its allocation, whoever brought about the end", "[render]") {
  findings::Finding late = finding_of("slack-overwritten", {frame_of("quit", 1)});
  late.traces.push_back({"allocated", {}, "malloc", {frame_of("make", 1)}, {}});
  late.function = "free";
  CHECK(culprit(late).function == "quit");
  for (const char* const found_by : {"exit", "thread exit"}) {
    late.function = found_by;
    CHECK(culprit(late).function == "make");
  }
}

TEST_CASE("files below the directory are named from it on", "[render]") {
  CHECK(from_directory("/src/app/a.c", "/src/app") == "a.c");
  CHECK(from_directory("/src/app/a.c", "/src/app/") == "a.c");
  CHECK(from_directory("/src/app/build/../lib/./a.c", "/src/app") == "lib/a.c");
  CHECK(from_directory("/src/application/a.c", "/src/app") == "/src/application/a.c");
  CHECK(from_directory("/src/app/../other/a.c", "/src/app") == "/src/other/a.c");
  CHECK(from_directory("/a.c", "/") == "a.c");
  CHECK(from_directory("a.c", "/src") == "a.c");
  CHECK(from_directory("/src/a.c", "") == "/src/a.c");
  CHECK(from_directory("", "/src").empty());
}

TEST_CASE("places are named with what is known", "[render]") {
  const findings::Frame with = frame_at("fill", "/src/a.c", 7);
  CHECK(place_and_function(locations_of(with)[0], "/src") == "a.c:7:3 in fill");
  const findings::Frame without = frame_of("fill", 0x1187);
  CHECK(place_and_function(locations_of(without)[0], "") == "(/usr/bin/indexer+0x1187) in fill");
  const findings::Frame nameless = frame_of("", 0x1187);
  CHECK(place_and_function(locations_of(nameless)[0], "") == "(/usr/bin/indexer+0x1187)");
  const findings::Frame jit = frame_of("fill", 1, "");
  CHECK(place_and_function(locations_of(jit)[0], "") == "in fill");
  CHECK(place_and_function({}, "").empty());
}

TEST_CASE("threads, processes and traces have names", "[render]") {
  CHECK(name_of(findings::Thread{3, "worker"}) == "thread T3 (worker)");
  CHECK(name_of(findings::Thread{3, ""}) == "thread T3");
  CHECK(name_of(findings::Process{7, 1, "a", "/b"}) == "a (7)");
  CHECK(name_of(findings::Process{7, 1, "", "/bin/b"}) == "b (7)");
  CHECK(name_of(findings::Process{7, 1, "", ""}) == "7");
  findings::Finding finding;
  finding.thread = {3, "worker"};
  CHECK(title_of({"freed", {0, ""}, "free", {}, {}}, finding) == "freed by thread T0 with free");
  CHECK(title_of({"created", {0, ""}, "", {}, {}}, finding) == "thread T3 (worker) was created by thread T0");
  CHECK(title_of({"error", {3, ""}, "", {}, {}}, finding) == "error in thread T3");
}

TEST_CASE("the action tells the size of the access if the instruction does", "[render]") {
  findings::Finding finding;
  finding.action = "WRITE at 0x1000 thread T0";
  CHECK(action_of(finding) == "WRITE at 0x1000 thread T0");
  finding.address = 0x1000;
  finding.instruction = {{0x89, 0x10}, {{"rip", 1}, {"rax", 0x1000}}};
  CHECK(action_of(finding) == "WRITE of size 4 at 0x1000 thread T0");
  finding.action = "free of 0x1000 thread T0";
  CHECK(action_of(finding) == "free of 0x1000 thread T0");
}

TEST_CASE("what was found often is said to be", "[render]") {
  findings::Finding finding = finding_of("k", {}, 7);
  CHECK(occurrences_of(finding).empty());
  finding.count = 3;
  CHECK(occurrences_of(finding) == "Found 3 times in 1 process: indexer (7)");
  for (int pid = 1; pid <= 7; ++pid) finding.processes.push_back({pid, 1, "a", ""});
  CHECK(occurrences_of(finding) == "Found 3 times in 7 processes: a (1), a (2), a (3), a (4), a (5) and 2 others");
}
