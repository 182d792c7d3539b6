#include "findings/frame_names.h"

#include <catch2/catch.hpp>

#include "findings/invented.h"

using namespace fencepost;
using findings::base_name;
using findings::demangled;
using findings::frames_before_start;
using findings::function_name;
using test::frame_of;

TEST_CASE("a path's last part", "[findings]") {
  CHECK(base_name("/usr/lib/libc.so.6") == "libc.so.6");
  CHECK(base_name("program") == "program");
  CHECK(base_name("/") == "");
  CHECK(base_name("") == "");
}

TEST_CASE("symbols are demangled if they are mangled", "[findings]") {
  CHECK(demangled("_Z4fillPc") == "fill(char*)");
  CHECK(demangled("main") == "main");
  CHECK(demangled("_Znot_one") == "_Znot_one");
  CHECK(demangled("") == "");
}

TEST_CASE("a frame's function is named by the symbol, else by the source", "[findings]") {
  findings::Frame frame = frame_of("_Z4fillPc", 1);
  CHECK(function_name(frame) == "fill(char*)");
  frame.source = {{"store()", "a.h", 1, 1, true}, {"fill(char*)", "a.cpp", 2, 1, false}};
  CHECK(function_name(frame) == "fill(char*)");
  frame.function.clear();
  CHECK(function_name(frame) == "fill(char*)");
  frame.source.clear();
  CHECK(function_name(frame) == "");
}

TEST_CASE("what compilers and linkers put behind a name doesn't count", "[findings]") {
  CHECK(function_name(frame_of("_Z4fillPc.constprop.0", 1)) == "fill(char*)");
  CHECK(function_name(frame_of("fill.part.3", 1)) == "fill");
  CHECK(function_name(frame_of("__libc_start_main@@GLIBC_2.34", 1)) == "__libc_start_main");
}

TEST_CASE("our own frames are known by module or name", "[findings]") {
  CHECK(is_ours(frame_of("malloc", 1, "/opt/lib/libfencepost.so")));
  CHECK(is_ours(frame_of("_ZN9fencepost7runtime7releaseEv", 1, "/usr/bin/indexer")));
  CHECK_FALSE(is_ours(frame_of("main", 1, "/home/libfencepost.so/indexer")));
}

TEST_CASE("the frames that start a program or a thread are not counted", "[findings]") {
  const std::string libc = "/lib/x86_64-linux-gnu/libc.so.6";
  findings::Trace trace;
  CHECK(frames_before_start(trace) == 0);
  trace.frames = {frame_of("", 9, libc), frame_of("main", 1), frame_of("", 2, libc),
                  frame_of("__libc_start_main", 3, libc), frame_of("_start", 4)};
  CHECK(frames_before_start(trace) == 2);
  trace.frames = {frame_of("worker", 1), frame_of("start_thread", 1, libc), frame_of("clone3", 1, libc)};
  CHECK(frames_before_start(trace) == 1);
  trace.frames = {frame_of("worker", 1), frame_of("qsort_r", 1, libc)};
  CHECK(frames_before_start(trace) == 2);
  trace.frames = {frame_of("_start", 1)};
  CHECK(frames_before_start(trace) == 1);
}
