#include "fault/reporter.h"

#include <pthread.h>
#include <sys/stat.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <latch>
#include <nlohmann/json.hpp>
#include <thread>

#include "fault/fault_rig.h"
#include "os/process.h"

using namespace fencepost;
using fault::Reporter;
using record::Api;
using record::BlockRecord;
using record::Event;
using record::FaultRecord;
using record::Finding;
using record::FindingKind;
using record::Place;
using test::FaultRig;

namespace {

int in_static_data = 1;

constexpr Address kTrace[] = {0x403001, 0x404001};

FaultRecord free_of(Address address) {
  FaultRecord fault;
  fault.event = Event::call;
  fault.api = Api::free;
  fault.address = address;
  return fault;
}

}  // namespace

TEST_CASE("a double free is reported with all three traces", "[fault]") {
  FaultRig rig;
  BlockRecord& block = rig.add_block(40);
  rig.free_block(block);
  Reporter reporter(rig.sources(), FaultRig::find_module);
  const Finding finding = reporter.report(free_of(block.address), kTrace, nullptr);
  CHECK(finding.kind == FindingKind::double_free);
  CHECK(rig.log_has("ERROR: Fencepost: double-free"));
  CHECK(rig.log_has("    #1 0x404000 (/opt/app/program+0x4000)\n"));
  CHECK(rig.log_has("freed by thread T0 with free:\n    #0 0x402000 "));
  CHECK(rig.log_has("allocated by thread T0 with malloc:\n    #0 0x401000 "));
  CHECK(rig.log_has("SUMMARY: Fencepost: double-free (/opt/app/program+0x3000)\n"));
}

TEST_CASE("an invalid free says where the address lies", "[fault]") {
  FaultRig rig;
  Reporter reporter(rig.sources(), FaultRig::find_module);
  const Finding finding = reporter.report(free_of(test::address_of(&in_static_data)), kTrace, nullptr);
  CHECK(finding.kind == FindingKind::invalid_free);
  CHECK(finding.fault.place == Place::data);
  CHECK(rig.log_has("in the static data of /opt/app/program+0x"));
}

TEST_CASE("a block without traces is reported all the same", "[fault]") {
  FaultRig rig;
  BlockRecord& block = rig.add_block(40);
  block.alloc_trace = 0;
  Reporter reporter(rig.sources(), FaultRig::find_module);
  CHECK(reporter.report(free_of(block.address + 4), {}, nullptr).kind == FindingKind::invalid_free);
  CHECK(rig.log_has("allocated by thread T0 with malloc:\n    (no trace)\n"));
}

TEST_CASE("threads go by their names, the living and the dead", "[fault]") {
  FaultRig rig;
  BlockRecord& block = rig.add_block(40);
  block.alloc_thread = rig.threads().add(0);
  std::snprintf(rig.threads().find(block.alloc_thread)->name, os::kThreadNameSize, "builder");
  std::latch named(1);
  std::latch reported(1);
  ThreadId living = 0;
  std::thread thread([&] {
    pthread_setname_np(pthread_self(), "indexer");
    living = rig.threads().add(os::thread_id());
    named.count_down();
    reported.wait();
  });
  named.wait();
  FaultRecord fault = free_of(block.address + 1);
  fault.thread = living;
  Reporter reporter(rig.sources(), FaultRig::find_module);
  static_cast<void>(reporter.report(fault, kTrace, nullptr));
  reported.count_down();
  thread.join();
  CHECK(rig.log_has("thread T1 (indexer)\n"));
  CHECK(rig.log_has("allocated by thread T0 (builder) with malloc:\n"));
}

TEST_CASE("a thread that nobody knows has only its number", "[fault]") {
  FaultRig rig;
  FaultRecord fault = free_of(8);
  fault.thread = 99;
  Reporter reporter(rig.sources(), FaultRig::find_module);
  static_cast<void>(reporter.report(fault, kTrace, nullptr));
  CHECK(rig.log_has("thread T99\n"));
}

TEST_CASE("a report ends with its suppression if that is wanted", "[fault]") {
  FaultRig rig;
  BlockRecord& block = rig.add_block(40);
  rig.free_block(block);
  Reporter reporter(rig.sources(), FaultRig::find_module);
  static_cast<void>(reporter.report(free_of(block.address), kTrace, nullptr));
  CHECK(!rig.log_has("SUPPRESSION"));
  reporter.print_suppressions();
  static_cast<void>(reporter.report(free_of(block.address), kTrace, nullptr));
  CHECK(rig.log().ends_with("\nSUPPRESSION: double-free module=program\n"));
}

TEST_CASE("a finding goes to the JSON file instead of the text, if it can be opened", "[fault]") {
  FaultRig rig;
  BlockRecord& block = rig.add_block(40);
  rig.free_block(block);
  const test::TempFile file;
  rig.report_as_json(file.path());
  Reporter reporter(rig.sources(), FaultRig::find_module);
  static_cast<void>(reporter.report(free_of(block.address), kTrace, nullptr));
  static_cast<void>(reporter.report(free_of(block.address), kTrace, nullptr));
  CHECK(rig.log().empty());
  const std::string lines = file.contents();
  CHECK(std::count(lines.begin(), lines.end(), '\n') == 2);
  const auto finding = nlohmann::json::parse(lines.substr(0, lines.find('\n')));
  CHECK(finding["kind"] == "double-free");
  REQUIRE(finding["traces"].size() == 3);
  CHECK(finding["traces"][0]["frames"][1]["pc"] == "0x404000");
  CHECK(finding["traces"][1]["frames"][0]["pc"] == "0x402000");
  CHECK(finding["traces"][2]["frames"][0]["pc"] == "0x401000");
  rig.report_as_json("/nonexistent/findings");
  Reporter second(rig.sources(), FaultRig::find_module);
  static_cast<void>(second.report(free_of(block.address), kTrace, nullptr));
  CHECK(rig.log_has("ERROR: Fencepost: double-free"));
}

TEST_CASE("the tool has the word, and if it fails the text comes as usual", "[fault]") {
  const test::TempFile good("#!/bin/sh\nexec cat\n"), bad("#!/bin/sh\necho half; exit 2\n");
  REQUIRE(chmod(good.path().c_str(), 0700) == 0);
  REQUIRE(chmod(bad.path().c_str(), 0700) == 0);
  FaultRig rig;
  BlockRecord& block = rig.add_block(40);
  rig.free_block(block);
  rig.tool().set_time_limit(60000);
  rig.tool().set_path(good.path());
  Reporter reporter(rig.sources(), FaultRig::find_module);
  CHECK(reporter.patience_milliseconds() == 65000);
  static_cast<void>(reporter.report(free_of(block.address), kTrace, nullptr));
  CHECK(nlohmann::json::parse(rig.log())["kind"] == "double-free");
  rig.tool().set_path(bad.path());
  static_cast<void>(reporter.report(free_of(block.address), kTrace, nullptr));
  CHECK(!rig.log_has("half"));
  CHECK(rig.log_has("ERROR: Fencepost: double-free"));
  CHECK(rig.log_has("freed by thread T0 with free:\n    #0 0x402000 "));
  CHECK(reporter.patience_milliseconds() == 5000);
}
