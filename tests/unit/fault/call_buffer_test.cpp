#include "fault/call_buffer.h"

#include <sys/socket.h>
#include <sys/uio.h>

#include <catch2/catch.hpp>
#include <cstring>

#include "fault/fault_rig.h"

using namespace fencepost;
using fault::BadBuffer;
using fault::CallBuffer;
using record::Access;
using record::BlockRecord;
using Shape = CallBuffer::Shape;
using test::FaultRig;

namespace {

metadata::HeapView view(FaultRig& rig) { return metadata::HeapView(rig.sources().chunks); }

CallBuffer bytes(Address address, Size count) { return {2, Shape::bytes, Access::write, address, count}; }

template <typename T>
CallBuffer at(Shape shape, const T* structure, Size count = 1) {
  return {2, shape, Access::write, test::address_of(structure), count};
}

iovec piece(Address address, Size size) { return {reinterpret_cast<void*>(address), size}; }

BadBuffer find(FaultRig& rig, const CallBuffer& buffer) { return fault::find_bad_buffer(view(rig), {&buffer, 1}); }

void check_bad(const BadBuffer& bad, Address address, Access access, Range buffer) {
  CHECK(bad.argument == 2);
  CHECK(bad.address == address);
  CHECK(bad.access == access);
  CHECK(bad.buffer == buffer);
}

}  // namespace

TEST_CASE("bytes are bad from the fence on", "[fault]") {
  FaultRig rig;
  const BlockRecord block = rig.add_block(40);
  const Range whole = block.bytes();
  CHECK_FALSE(find(rig, bytes(whole.begin, 40)).found());
  CHECK_FALSE(find(rig, bytes(whole.begin, 0)).found());
  check_bad(find(rig, bytes(whole.begin, 41)), whole.end, Access::write, {whole.begin, whole.begin + 41});
  check_bad(find(rig, bytes(whole.end + 8, 4)), whole.end + 8, Access::write, {whole.end + 8, whole.end + 12});
  check_bad(find(rig, bytes(whole.begin, ~Size{0})), whole.end, Access::write, {whole.begin, ~Address{0}});
}

TEST_CASE("bytes of a freed block are bad from their first on", "[fault]") {
  FaultRig rig;
  BlockRecord& block = rig.add_block(40);
  rig.free_block(block);
  check_bad(find(rig, bytes(block.address + 4, 8)), block.address + 4, Access::write,
            {block.address + 4, block.address + 12});
}

TEST_CASE("memory that is not the heap's is nobody's", "[fault]") {
  FaultRig rig;
  char local[8];
  CHECK_FALSE(find(rig, bytes(0, 100)).found());
  CHECK_FALSE(find(rig, bytes(0, rig.arena().begin)).found());
  CHECK_FALSE(find(rig, bytes(rig.arena().end, ~Size{0})).found());
  CHECK_FALSE(find(rig, bytes(test::address_of(local), 8)).found());
  CHECK_FALSE(find(rig, at<char>(Shape::string, nullptr)).found());
}

TEST_CASE("structures that can't be read point at nothing", "[fault]") {
  FaultRig rig;
  CHECK(test::holds_in_child([&] {
    test::catch_faults_in_attempts();
    const metadata::HeapView heap = view(rig);
    return !find(rig, at<iovec>(Shape::vector, nullptr, 3)).found() &&
           !find(rig, at<msghdr>(Shape::message, nullptr)).found() &&
           !find(rig, at<mmsghdr>(Shape::messages, nullptr, 2)).found() &&
           !fault::find_stop(heap, at<iovec>(Shape::vector, nullptr, 3), 8).found() &&
           !fault::find_stop(heap, at<msghdr>(Shape::message, nullptr), 8).found();
  }));
}

TEST_CASE("the first bad one of several buffers is told", "[fault]") {
  FaultRig rig;
  const BlockRecord good = rig.add_block(8);
  BlockRecord& bad = rig.add_block(8);
  rig.free_block(bad);
  const CallBuffer buffers[] = {{1, Shape::bytes, Access::read, good.address, 8},
                                {3, Shape::bytes, Access::read, bad.address, 8},
                                {4, Shape::bytes, Access::write, bad.address + 1, 7}};
  const BadBuffer found = fault::find_bad_buffer(view(rig), buffers);
  CHECK(found.argument == 3);
  CHECK(found.address == bad.address);
  CHECK(found.access == Access::read);
}

TEST_CASE("a string is good up to its end, and bad without one", "[fault]") {
  FaultRig rig;
  const BlockRecord block = rig.add_block(4);
  auto* const text = reinterpret_cast<char*>(block.address);
  std::memcpy(text, "abc", 4);
  CHECK_FALSE(find(rig, at(Shape::string, text)).found());
  text[3] = 'd';
  const Address end = block.bytes().end;
  check_bad(find(rig, at(Shape::string, text)), end, Access::read, {block.address, end + 1});
  check_bad(find(rig, at(Shape::string, text + 4)), end, Access::read, {end, end + 1});
}

TEST_CASE("pieces of a vector are looked at one by one, and the vector itself", "[fault]") {
  FaultRig rig;
  const BlockRecord first = rig.add_block(16);
  const BlockRecord second = rig.add_block(8);
  iovec pieces[] = {piece(first.address, 16), piece(second.address, 8)};
  CHECK_FALSE(find(rig, at(Shape::vector, pieces, 2)).found());
  pieces[1].iov_len = 9;
  check_bad(find(rig, at(Shape::vector, pieces, 2)), second.bytes().end, Access::write,
            {second.address, second.address + 9});
  CHECK_FALSE(find(rig, at(Shape::vector, pieces, 1)).found());

  const BlockRecord array = rig.add_block(sizeof(iovec));
  const iovec good = piece(first.address, 16);
  std::memcpy(reinterpret_cast<void*>(array.address), &good, sizeof good);
  const auto* const vector = reinterpret_cast<const iovec*>(array.address);
  CHECK_FALSE(find(rig, at(Shape::vector, vector, 1)).found());
  check_bad(find(rig, at(Shape::vector, vector, 2)), array.bytes().end, Access::read,
            {array.address, array.address + 2 * sizeof(iovec)});
}

TEST_CASE("a message's name, pieces and control are looked at", "[fault]") {
  FaultRig rig;
  BlockRecord& block = rig.add_block(16);
  iovec pieces[] = {piece(block.address, 16)};
  mmsghdr messages[2] = {};
  msghdr& message = messages[1].msg_hdr;
  message.msg_iov = pieces;
  message.msg_iovlen = 1;
  CHECK_FALSE(find(rig, at(Shape::message, &message)).found());
  CHECK_FALSE(find(rig, at(Shape::messages, messages, 2)).found());
  pieces[0].iov_len = 20;
  CHECK(find(rig, at(Shape::message, &message)).address == block.bytes().end);
  CHECK(find(rig, at(Shape::messages, messages, 2)).address == block.bytes().end);
  CHECK_FALSE(find(rig, at(Shape::messages, messages, 1)).found());
  pieces[0].iov_len = 0;
  message.msg_control = pieces[0].iov_base;
  message.msg_controllen = 17;
  CHECK(find(rig, at(Shape::message, &message)).address == block.bytes().end);
  message.msg_controllen = 0;
  message.msg_name = reinterpret_cast<void*>(block.bytes().end + 3);
  message.msg_namelen = 1;
  CHECK(find(rig, at(Shape::message, &message)).address == block.bytes().end + 3);
}

TEST_CASE("a transfer stopped at a fence only if it reached it", "[fault]") {
  FaultRig rig;
  const BlockRecord block = rig.add_block(40);
  const metadata::HeapView heap = view(rig);
  CHECK_FALSE(fault::find_stop(heap, bytes(block.address, 100), 39).found());
  check_bad(fault::find_stop(heap, bytes(block.address, 100), 40), block.bytes().end, Access::write,
            {block.address, block.address + 100});
  CHECK_FALSE(fault::find_stop(heap, bytes(block.address, 40), 40).found());
  char local[8];
  CHECK_FALSE(fault::find_stop(heap, bytes(test::address_of(local), 8), 4).found());
}

TEST_CASE("a transfer of pieces stopped where the next one is behind a fence", "[fault]") {
  FaultRig rig;
  const BlockRecord good = rig.add_block(16);
  BlockRecord& freed = rig.add_block(16);
  rig.free_block(freed);
  const metadata::HeapView heap = view(rig);
  iovec pieces[] = {piece(good.address, 16), piece(0, 0), piece(freed.address + 4, 8)};
  msghdr message{};
  message.msg_iov = pieces;
  message.msg_iovlen = 3;
  for (const CallBuffer& buffer : {at(Shape::vector, pieces, 3), at(Shape::message, &message)}) {
    CHECK_FALSE(fault::find_stop(heap, buffer, 15).found());
    check_bad(fault::find_stop(heap, buffer, 16), freed.address + 4, Access::write,
              {freed.address + 4, freed.address + 12});
    CHECK_FALSE(fault::find_stop(heap, buffer, 24).found());
  }
}
