// Where a block lies in its slot: every size, alignment and side.
#include <fuzzer/FuzzedDataProvider.h>

#include <cstdint>

#include "heap/placement.h"
#include "property.h"
#include "record/block_record.h"

using namespace fencepost;
using fuzz::must_hold;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t length) {
  FuzzedDataProvider input(data, length);
  const auto size = input.ConsumeIntegralInRange<Size>(0, PTRDIFF_MAX) >> input.ConsumeIntegralInRange(0, 62);
  const bool asks = input.ConsumeBool(), has_least = input.ConsumeBool();
  const Size asked = asks ? Size{1} << input.ConsumeIntegralInRange(0, 27) : 0;
  const Size least = has_least ? Size{1} << input.ConsumeIntegralInRange(0, 12) : 0;
  const auto side = input.ConsumeBool() ? heap::Side::end : heap::Side::begin;

  const Size alignment = heap::effective_alignment(size, asked, least);
  must_hold(is_power_of_two(alignment), "an alignment is a power of two");
  must_hold(alignment >= asked && alignment >= least, "the alignment is at least what was asked for");
  if (!has_least && !asks) {
    must_hold(alignment <= 16 && alignment <= std::max(size, Size{1}), "the natural alignment fits");
    must_hold(alignment == 16 || alignment * 2 > size, "and is the largest that does");
  }

  const heap::Placement placement = heap::place(size, alignment, side);
  const Size room = placement.data_pages * kPageSize;
  must_hold(placement.slot_alignment() >= kPageSize && is_power_of_two(placement.slot_alignment()),
            "slots are of pages");
  must_hold(is_aligned(placement.offset, std::min(alignment, kPageSize)), "the block is aligned");
  must_hold(room >= size && room - size < kPageSize, "no page is wasted");
  must_hold(placement.offset + size <= room, "the block is inside its pages");
  must_hold(side == heap::Side::end || placement.offset == 0, "side=begin begins at the fence");
  const bool touches = side == heap::Side::end && alignment <= kPageSize;
  must_hold(!touches || room - placement.offset - size < alignment, "only alignment parts a block from its fence");

  // What is told of the slot later follows from the block's address alone.
  const Address slot = placement.slot_alignment();
  const record::BlockRecord block{
      .address = slot + placement.offset, .size = size, .data_pages = static_cast<std::uint32_t>(placement.data_pages)};
  must_hold(is_aligned(block.address, alignment), "the address is aligned");
  must_hold(block.data().begin == slot, "the slot is found from the block");
  must_hold(block.data_pages != placement.data_pages || block.fence().begin == slot + room, "and so is its fence");
  return 0;
}
