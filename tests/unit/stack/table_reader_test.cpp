#include "stack/table_reader.h"

#include <catch2/catch.hpp>
#include <vector>

#include "support.h"

using namespace fencepost;
using stack::TableReader;

namespace {

TableReader over(const std::vector<std::uint8_t>& bytes) {
  const Address begin = test::address_of(bytes.data());
  return TableReader({begin, begin + bytes.size()});
}

}  // namespace

TEST_CASE("numbers of seven-bit groups", "[stack]") {
  struct Row {
    std::vector<std::uint8_t> bytes;
    std::uint64_t unsigned_value;
    std::int64_t signed_value;
  };
  // The examples of DWARF 5, figures 46 and 47, and the ends of the range.
  const Row rows[] = {{{2}, 2, 2},
                      {{127}, 127, -1},
                      {{0x80, 1}, 128, 128},
                      {{0x81, 1}, 129, 129},
                      {{0x80, 0x7f}, 16256, -128},
                      {{0x7e}, 126, -2},
                      {{0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1}, ~std::uint64_t{0}, -1}};
  for (const Row& row : rows) {
    CAPTURE(row.unsigned_value);
    TableReader as_unsigned = over(row.bytes);
    CHECK(as_unsigned.read_uleb() == row.unsigned_value);
    CHECK((as_unsigned.at_end() && as_unsigned.good()));
    CHECK(over(row.bytes).read_sleb() == row.signed_value);
  }
}

TEST_CASE("pointers in each encoding", "[stack]") {
  const std::vector<std::uint8_t> minus_two(8, 0xff);
  CHECK(over(minus_two).read_pointer(0x00) == ~Address{0});
  CHECK(over(minus_two).read_pointer(0x02) == 0xffff);
  CHECK(over(minus_two).read_pointer(0x03) == 0xffffffff);
  for (const std::uint8_t signed_format : std::vector<std::uint8_t>{0x0a, 0x0b, 0x0c}) {
    CHECK(over(minus_two).read_pointer(signed_format) == ~Address{0});
    CHECK(over(minus_two).read_pointer(static_cast<std::uint8_t>(0x10 | signed_format)) ==
          test::address_of(minus_two.data()) - 1);
    CHECK(over(minus_two).read_pointer(static_cast<std::uint8_t>(0x30 | signed_format), 0x6000) == 0x5fff);
  }
}

TEST_CASE("what is not there reads as zero and is remembered", "[stack]") {
  const std::vector<std::uint8_t> bytes{0x80, 0x80};
  TableReader reader = over(bytes);
  CHECK(reader.read<std::uint32_t>() == 0);
  CHECK_FALSE(reader.good());
  CHECK(reader.read<std::uint8_t>() == 0);

  TableReader unfinished = over(bytes);
  static_cast<void>(unfinished.read_uleb());
  CHECK_FALSE(unfinished.good());

  TableReader text = over(bytes);
  text.skip_text();
  CHECK_FALSE(text.good());

  TableReader beyond = over(bytes);
  beyond.skip(3);
  CHECK_FALSE(beyond.good());

  for (const std::uint8_t unsupported : std::vector<std::uint8_t>{0x05, 0x0f, 0x20, 0x40, 0x50}) {
    const std::vector<std::uint8_t> plenty(16, 0);
    TableReader other = over(plenty);
    static_cast<void>(other.read_pointer(unsupported));
    CHECK_FALSE(other.good());
  }
}
