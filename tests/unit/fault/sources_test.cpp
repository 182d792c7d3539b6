#include "fault/sources.h"

#include <catch2/catch.hpp>

#include "fault/fault_rig.h"

using namespace fencepost;
using record::FindingKind;
using record::Place;

namespace {

int in_static_data = 1;

record::FaultRecord free_of(Address address) {
  record::FaultRecord fault;
  fault.event = record::Event::call;
  fault.api = record::Api::free;
  fault.address = address;
  return fault;
}

}  // namespace

TEST_CASE("a finding of a block is examined by its block", "[fault]") {
  test::FaultRig rig;
  record::BlockRecord& block = rig.add_block(40);
  const record::Finding finding = fault::examine(rig.sources(), free_of(block.address + 8));
  CHECK(finding.kind == FindingKind::invalid_free);
  CHECK(finding.distance == 8);
}

TEST_CASE("a finding of no block is examined by its place", "[fault]") {
  test::FaultRig rig;
  const record::Finding finding = fault::examine(rig.sources(), free_of(test::address_of(&in_static_data)));
  CHECK(finding.kind == FindingKind::invalid_free);
  CHECK(finding.fault.place == Place::data);
}
