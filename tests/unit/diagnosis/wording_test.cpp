#include "diagnosis/wording.h"

#include <catch2/catch.hpp>
#include <csignal>
#include <set>

using namespace fencepost;
using namespace fencepost::diagnosis;
using record::Access;
using record::FaultRecord;
using record::FindingKind;
using record::Place;

TEST_CASE("the names of findings are stable", "[diagnosis]") {
  CHECK(kind_name(FindingKind::heap_buffer_overflow) == "heap-buffer-overflow");
  CHECK(kind_name(FindingKind::heap_buffer_underflow) == "heap-buffer-underflow");
  CHECK(kind_name(FindingKind::use_after_free) == "use-after-free");
  CHECK(kind_name(FindingKind::double_free) == "double-free");
  CHECK(kind_name(FindingKind::invalid_free) == "invalid-free");
  CHECK(kind_name(FindingKind::mismatched_deallocation) == "mismatched-deallocation");
  CHECK(kind_name(FindingKind::mismatched_size) == "mismatched-size");
  CHECK(kind_name(FindingKind::slack_overwritten) == "slack-overwritten");
  CHECK(kind_name(FindingKind::allocation_size_overflow) == "allocation-size-overflow");
  CHECK(kind_name(FindingKind::invalid_alignment) == "invalid-alignment");
  CHECK(kind_name(FindingKind::stack_overflow) == "stack-overflow");
  CHECK(kind_name(FindingKind::wild_access) == "wild-access");
  CHECK(kind_name(FindingKind::bad_syscall_buffer) == "bad-syscall-buffer");
}

TEST_CASE("every kind has a name and an explanation of its own", "[diagnosis]") {
  std::set<std::string_view> names;
  std::set<std::string_view> explanations;
  for (int kind = 0; kind < record::kFindingKinds; ++kind) {
    names.insert(kind_name(static_cast<FindingKind>(kind)));
    explanations.insert(explanation(static_cast<FindingKind>(kind)));
  }
  CHECK(names.size() == record::kFindingKinds);
  CHECK(explanations.size() == record::kFindingKinds);
  CHECK(explanations.count("") == 0);
}

TEST_CASE("accesses and places have names", "[diagnosis]") {
  CHECK(access_name(Access::read) == "READ");
  CHECK(access_name(Access::write) == "WRITE");
  CHECK(access_name(Access::execute) == "EXECUTE");
  CHECK(access_name(Access::unknown) == "ACCESS");
  const std::set<std::string_view> places{place_name(Place::unmapped), place_name(Place::mapped),
                                          place_name(Place::stack),    place_name(Place::code),
                                          place_name(Place::data),     place_name(Place::closed)};
  CHECK(places.size() == 6);
}

TEST_CASE("a wild access is explained by what is most telling about it", "[diagnosis]") {
  FaultRecord fault;
  fault.signal = SIGSEGV;
  fault.address = 0xffff;
  CHECK(wild_reason(fault) == "null pointer dereference");
  fault.address = 0x10000;
  CHECK(wild_reason(fault) == "nothing is mapped there");
  fault.place = Place::data;
  CHECK(wild_reason(fault) == "the page does not allow this access");
  fault.access = Access::execute;
  CHECK(wild_reason(fault) == "a jump to an address that holds no code");
  fault.signal = SIGBUS;
  CHECK(wild_reason(fault) == "bus error: the page behind a mapping could not be had");
  fault.address_known = false;
  CHECK(wild_reason(fault) == "the address is not a canonical one: a pointer was overwritten or never set");
}

TEST_CASE("advice for overwritten slack names the option that stops at the write", "[diagnosis]") {
  record::Finding finding;
  finding.kind = FindingKind::slack_overwritten;
  finding.relation = record::Relation::before;
  CHECK(advice(finding).find("side=begin") != std::string_view::npos);
  // 13 bytes in the page at 0x6000, and their first byte of slack.
  finding.relation = record::Relation::after;
  finding.block = {.address = 0x6ff0, .size = 13, .data_pages = 1};
  finding.fault.damage.changed = {0x6ffd, 0x6ffe};
  CHECK(advice(finding).find("OPTIONS=align=1 ") != std::string_view::npos);
  // The same at the start of its page.
  finding.block.address = 0x6000;
  finding.fault.damage.changed = {0x600d, 0x600e};
  CHECK(advice(finding).find("OPTIONS=side=end:align=1 ") != std::string_view::npos);
}

TEST_CASE("no option is named for slack that every placement has", "[diagnosis]") {
  record::Finding finding;
  finding.kind = FindingKind::slack_overwritten;
  finding.relation = record::Relation::after;
  finding.block = {.address = 0x6fc0, .size = 13, .data_pages = 1, .alignment_shift = 6};
  finding.fault.damage.changed = {0x6fcd, 0x6fce};
  CHECK(advice(finding).find("OPTIONS") == std::string_view::npos);
  finding.block.alignment_shift = 5;
  finding.fault.damage.changed.end = 0x6fe0;
  CHECK(advice(finding).find("OPTIONS") == std::string_view::npos);
  finding.fault.damage.changed.end = 0x6fe1;
  CHECK(advice(finding).find("OPTIONS=align=1") == std::string_view::npos);
  CHECK(advice(finding).find("side=end:align=1") != std::string_view::npos);
}

TEST_CASE("advice for a bad buffer says what the kernel did and how to stop there", "[diagnosis]") {
  record::Finding finding;
  finding.kind = FindingKind::bad_syscall_buffer;
  CHECK(advice(finding).find("EFAULT") != std::string_view::npos);
  CHECK(advice(finding).find("bad_syscall=die") != std::string_view::npos);
}
