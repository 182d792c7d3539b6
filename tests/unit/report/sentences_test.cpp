#include "report/sentences.h"

#include <catch2/catch.hpp>
#include <string>

using namespace fencepost;
using record::Api;
using record::Event;
using record::Finding;
using record::FindingKind;
using record::Relation;

namespace {

report::ModuleName no_module(Address) { return {}; }

template <typename Write>
std::string written(Write write) {
  TextBuffer<1024> out;
  write(out);
  return std::string(out.view());
}

std::string place_of(const Finding& finding) {
  report::FrameNamer namer(no_module);
  return written([&](Writer& out) { report::write_place(out, finding, {}, namer); });
}

std::string reason_of(const Finding& finding) {
  return written([&](Writer& out) { report::write_reason(out, finding); });
}

Finding overrun() {
  Finding finding;
  finding.kind = FindingKind::heap_buffer_overflow;
  finding.relation = Relation::after;
  finding.distance = 1;
  finding.fault.address = 0x10001;
  finding.fault.access = record::Access::write;
  finding.fault.pc = 0x401234;
  finding.fault.sp = 0x7000;
  finding.block = {.address = 0xffd8, .size = 40, .data_pages = 1, .state = record::BlockState::live};
  return finding;
}

}  // namespace

TEST_CASE("a headline names kind, address, pc and sp", "[report]") {
  Finding finding = overrun();
  const auto headline = [&] { return written([&](Writer& out) { report::write_headline(out, finding); }); };
  CHECK(headline() == "heap-buffer-overflow on address 0x10001 at pc 0x401234 sp 0x7000");
  finding.fault.address_known = false;
  CHECK(headline() == "heap-buffer-overflow on unknown address at pc 0x401234 sp 0x7000");
}

TEST_CASE("an action says who did what", "[report]") {
  const auto action = [](const record::FaultRecord& fault) {
    return written([&](Writer& out) { report::write_action(out, fault, {3, "worker\n3"}); });
  };
  record::FaultRecord fault = overrun().fault;
  CHECK(action(fault) == "WRITE at 0x10001 thread T3 (worker\\x0a3)");
  fault.event = Event::call;
  fault.api = Api::operator_delete;
  CHECK(action(fault) == "operator delete of 0x10001 thread T3 (worker\\x0a3)");
}

TEST_CASE("a finding has a place, or a reason in its stead", "[report]") {
  CHECK(place_of(overrun()) == "0x10001 is 1 byte after 40-byte block [0xffd8,0x10000)\n");
  CHECK(reason_of(overrun()).empty());
  Finding null;
  null.fault.address = 8;
  CHECK(place_of(null).empty());
  CHECK(reason_of(null) == "null pointer dereference");
  Finding negative;
  negative.fault.event = Event::excessive_size;
  negative.fault.stated_size = ~Size{0};
  CHECK(place_of(negative).empty());
  CHECK(reason_of(negative) == "as a signed number that is -1");
  Finding expired;
  expired.history_expired = true;
  CHECK(place_of(expired) == "0x0 was freed; its history has expired (see the option history)\n");
  CHECK(reason_of(expired).empty());
}

TEST_CASE("damage takes two lines", "[report]") {
  Finding finding = overrun();
  finding.fault.event = Event::changed_slack;
  finding.fault.damage = {
      .changed = {0x10001, 0x10002}, .count = 1, .pattern = 0xfd, .sample = {0x41}, .sample_size = 1};
  CHECK(place_of(finding) ==
        "1 byte of slack changed, the first 1 byte after 40-byte block [0xffd8,0x10000)\n"
        "    0x10001, block + 41: 41   (every byte was fd)\n");
}

TEST_CASE("only wrong arguments that the program survives are warnings", "[report]") {
  record::FaultRecord fault;
  fault.goes_on = true;
  CHECK(!report::is_warning(fault));
  fault.event = Event::bad_alignment;
  CHECK(report::is_warning(fault));
  fault.goes_on = false;
  CHECK(!report::is_warning(fault));
}
