#include "fault/locate.h"

#include <catch2/catch.hpp>
#include <memory>

#include "os/pages.h"
#include "support.h"

using namespace fencepost;
using record::FaultRecord;
using record::Place;

namespace {

int in_static_data = 1;
void in_the_program() {}

struct Located {
  std::unique_ptr<metadata::ThreadTable> threads = std::make_unique<metadata::ThreadTable>();
  FaultRecord fault;

  Located() {
    if (!threads->reserve(Size{1} << 20)) std::abort();
    fault.thread = 7;
  }
  Place at(Address address, Address sp = 0x1000) {
    fault.address = address;
    fault.sp = sp;
    fault.open_above = {};
    fault::locate(fault, *threads);
    return fault.place;
  }
  ThreadId add_thread(Address stack, int kernel_id = 1) {
    const ThreadId id = threads->add(kernel_id);
    threads->find(id)->stack = stack;
    return id;
  }
};

}  // namespace

TEST_CASE("an address outside of the heap lies in one of six places", "[fault]") {
  Located located;
  int on_stack = 0;
  const Range mapped = os::map_memory(kPageSize);
  CHECK(located.at(test::address_of(&on_stack), test::address_of(__builtin_frame_address(0))) == Place::stack);
  CHECK(located.fault.stack_owner == 7);
  CHECK(located.at(reinterpret_cast<Address>(&in_the_program)) == Place::code);
  CHECK(located.at(test::address_of(&in_static_data)) == Place::data);
  CHECK(located.at(test::address_of("constant")) == Place::data);
  CHECK(located.at(mapped.begin) == Place::mapped);
  os::give_back(mapped);
  CHECK(located.at(mapped.begin) == Place::unmapped);
  CHECK(located.at(8) == Place::unmapped);
  const Range closed = os::reserve(kPageSize);
  CHECK(located.at(closed.begin) == Place::closed);
  os::give_back(closed);
}

TEST_CASE("other threads' stacks are known by the threads", "[fault]") {
  Located located;
  const Range around = os::reserve(8 * kPageSize);
  const Range stack{around.begin + 2 * kPageSize, around.begin + 6 * kPageSize};
  REQUIRE(os::open_pages(stack));
  CHECK(located.at(stack.begin) == Place::mapped);
  const ThreadId owner = located.add_thread(stack.end - 64);
  CHECK(located.at(stack.begin) == Place::stack);
  CHECK(located.fault.stack_owner == owner);
  os::give_back(around);
}

TEST_CASE("what is open above a gap is told", "[fault]") {
  Located located;
  const Range around = os::reserve(8 * kPageSize);
  const Range open{around.begin + 4 * kPageSize, around.begin + 6 * kPageSize};
  REQUIRE(os::open_pages(open));
  CHECK(located.at(around.begin) == Place::closed);
  CHECK(located.fault.open_above == open);
  CHECK(located.at(open.begin - 1) == Place::closed);
  CHECK(located.fault.open_above == open);
  CHECK(located.at(open.begin) == Place::mapped);
  CHECK(located.fault.open_above.empty());
  os::give_back(around);
}
