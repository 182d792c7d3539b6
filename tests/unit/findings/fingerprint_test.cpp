#include "findings/fingerprint.h"

#include <catch2/catch.hpp>

#include "findings/invented.h"

using namespace fencepost;
using findings::Finding;
using findings::fingerprint;
using findings::identity;
using test::finding_of;
using test::frame_at;
using test::frame_of;

namespace {

const std::string kLibc = "/lib/x86_64-linux-gnu/libc.so.6";

const std::string kKind = "heap-buffer-overflow";

Finding plain() { return finding_of(kKind, {frame_of("fill", 0x10), frame_of("main", 0x20)}); }

}  // namespace

TEST_CASE("addresses, processes and folders make no difference", "[findings]") {
  Finding other = plain();
  other.address = 0x1234;
  other.pc = 0x77;
  other.time = 99;
  other.process = {77, 1, "other", "/opt/other"};
  other.thread = {8, "worker"};
  for (findings::Frame& frame : other.traces[0].frames) {
    frame.pc += 0x10000;
    frame.module = "/opt/bin/indexer";
  }
  CHECK(identity(other) == identity(plain()));
  CHECK(fingerprint(other) == fingerprint(plain()));
}

TEST_CASE("kinds, functions and modules make a difference", "[findings]") {
  const Finding kind = finding_of("use-after-free", plain().traces[0].frames);
  const Finding function = finding_of(kKind, {frame_of("fill2", 0x10), frame_of("main", 0x20)});
  const Finding caller = finding_of(kKind, {frame_of("fill", 0x10), frame_of("start", 0x20)});
  const Finding module = finding_of(kKind, {frame_of("fill", 0x10, "/a/plugin.so"), frame_of("main", 0x20)});
  for (const Finding& other : {kind, function, caller, module}) {
    CHECK(identity(other) != identity(plain()));
    CHECK(fingerprint(other) != fingerprint(plain()));
  }
}

TEST_CASE("a fingerprint survives edits, an identity tells places of one function apart", "[findings]") {
  const Finding moved = finding_of(kKind, {frame_of("fill", 0x18), frame_of("main", 0x20)});
  CHECK(fingerprint(moved) == fingerprint(plain()));
  CHECK(identity(moved) != identity(plain()));
  const Finding line_3 = finding_of(kKind, {frame_at("fill", "/src/a.c", 3)});
  const Finding line_4 = finding_of(kKind, {frame_at("fill", "/src/a.c", 4)});
  CHECK(fingerprint(line_3) == fingerprint(line_4));
  CHECK(identity(line_3) != identity(line_4));
}

TEST_CASE("builds with the same lines have the same findings, whatever their offsets", "[findings]") {
  Finding rebuilt = finding_of(kKind, {frame_at("fill", "/src/a.c", 3)});
  const Finding built = rebuilt;
  rebuilt.traces[0].frames[0].offset += 0x40;
  rebuilt.traces[0].frames[0].source[0].file = "/builds/17/a.c";
  CHECK(identity(rebuilt) == identity(built));
}

TEST_CASE("where there are no names, offsets count", "[findings]") {
  const Finding one = finding_of(kKind, {frame_of("", 0x10)});
  const Finding two = finding_of(kKind, {frame_of("", 0x18)});
  CHECK(fingerprint(one) != fingerprint(two));
  const Finding jit = finding_of(kKind, {frame_of("", 0x10, ""), frame_of("main", 1)});
  const Finding jit_elsewhere = finding_of(kKind, {frame_of("", 0x90, ""), frame_of("main", 1)});
  CHECK(fingerprint(jit) == fingerprint(jit_elsewhere));
  CHECK(identity(jit) == identity(jit_elsewhere));
}

TEST_CASE("which of libc's functions ran makes no difference", "[findings]") {
  const Finding avx = finding_of(kKind, {frame_of("__memmove_avx_unaligned_erms", 1, kLibc), frame_of("fill", 1)});
  const Finding evex = finding_of(kKind, {frame_of("__memmove_evex_unaligned", 7, kLibc), frame_of("fill", 1)});
  const Finding stripped = finding_of(kKind, {frame_of("", 7, kLibc), frame_of("", 9, kLibc), frame_of("fill", 1)});
  CHECK(identity(avx) == identity(evex));
  CHECK(fingerprint(avx) == fingerprint(evex));
  CHECK(fingerprint(avx) == fingerprint(stripped));
  CHECK(fingerprint(avx) != fingerprint(finding_of(kKind, {frame_of("fill", 1)})));
}

TEST_CASE("our own frames, libc's start and what lies deep make no difference", "[findings]") {
  Finding other = plain();
  auto& frames = other.traces[0].frames;
  frames.insert(frames.begin(), frame_of("free", 1, "/opt/libfencepost.so"));
  frames.push_back(frame_of("__libc_start_main", 1, kLibc));
  frames.push_back(frame_of("_start", 1));
  CHECK(identity(other) == identity(plain()));
  CHECK(fingerprint(other) == fingerprint(plain()));
  std::vector<findings::Frame> deep;
  for (const char* name : {"a", "b", "c", "d", "e"}) deep.push_back(frame_of(name, 1));
  std::vector<findings::Frame> deeper = deep;
  deeper.push_back(frame_of("f", 1));
  CHECK(fingerprint(finding_of(kKind, deep)) == fingerprint(finding_of(kKind, deeper)));
}

TEST_CASE("inlined functions count where they are known", "[findings]") {
  Finding one = finding_of(kKind, {frame_of("main", 1)});
  CHECK_FALSE(knows_source(one));
  const Finding bare = one;
  one.traces[0].frames[0].source = {{"store()", "a.h", 1, 1, true}, {"main", "a.cpp", 2, 1, false}};
  CHECK(knows_source(one));
  Finding two = one;
  two.traces[0].frames[0].source[0].function = "load()";
  CHECK(fingerprint(one) != fingerprint(two));
  CHECK(fingerprint(one, false) == fingerprint(two, false));
  CHECK(fingerprint(one, false) == fingerprint(bare));
}

TEST_CASE("damage that is found late is known by its block", "[findings]") {
  Finding slack = finding_of("slack-overwritten", {frame_of("cleanup", 1)});
  slack.event = "changed-slack";
  slack.traces.push_back({"allocated", {}, "malloc", {frame_of("make_table", 1)}, {}});
  Finding other = slack;
  other.traces[1].frames[0].function = "make_list";
  CHECK(fingerprint(slack) != fingerprint(other));
  slack.traces[0].frames.clear();
  other.traces[0].frames.clear();
  CHECK(fingerprint(slack) != fingerprint(other));
}

TEST_CASE("fingerprints are what they were in earlier versions", "[findings]") {
  CHECK(fingerprint(plain()) == "6451436444d4e5adc0a609443473709e");
}
