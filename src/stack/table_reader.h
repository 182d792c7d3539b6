// Reading the encoded numbers of unwind tables.
#pragma once

#include <bit>
#include <cstring>

#include "base/range.h"
#include "base/types.h"

namespace fencepost::stack {

/// A cursor over a part of a table. Past its end it reads zeros, and says so.
class TableReader {
 public:
  constexpr explicit TableReader(Range part) : at_(part.begin), end_(part.end) {}

  [[nodiscard]] Address position() const { return at_; }
  [[nodiscard]] bool at_end() const { return at_ >= end_; }
  /// False once something was read or skipped that was not there or is not supported.
  [[nodiscard]] bool good() const { return good_; }

  template <typename Number>
  Number read() {
    Number value{};
    if (!claim(sizeof value)) return value;
    std::memcpy(&value, reinterpret_cast<const void*>(at_ - sizeof value), sizeof value);
    return value;
  }

  /// (DWARF 5, 7.6)
  std::uint64_t read_uleb() {
    int shift = 0;
    return read_leb(shift);
  }
  std::int64_t read_sleb() {
    int shift = 0;
    const std::uint64_t value = read_leb(shift);
    const bool negative = shift > 0 && shift < 64 && (value >> (shift - 1) & 1) != 0;
    return static_cast<std::int64_t>(negative ? value | ~std::uint64_t{0} << shift : value);
  }

  /// A pointer in one of the DW_EH_PE encodings that linkers write: absolute, or relative to where it stands
  /// or to `table`. (Linux Standard Base Core 5.0, 10.5)
  Address read_pointer(std::uint8_t encoding, Address table = 0) {
    constexpr std::uint8_t kRelativeToItself = 0x10, kRelativeToTable = 0x30;
    Address base = 0;
    switch (encoding & 0xf0) {
      case 0: break;
      case kRelativeToItself: base = at_; break;
      case kRelativeToTable: base = table; break;
      default: good_ = false;
    }
    return base + read_value(encoding & 0x0f);
  }

  void skip(Size bytes) { static_cast<void>(claim(bytes)); }
  /// Up to the next zero byte and past it.
  void skip_text() {
    while (good_ && read<std::uint8_t>() != 0) {
    }
  }

 private:
  [[nodiscard]] bool claim(Size bytes) {
    good_ = good_ && bytes <= end_ - at_;
    if (good_) at_ += bytes;
    return good_;
  }

  std::uint64_t read_leb(int& shift) {
    std::uint64_t value = 0;
    for (std::uint8_t byte = 0x80; good_ && (byte & 0x80) != 0; shift += 7) {
      byte = read<std::uint8_t>();
      if (shift < 64) value |= std::uint64_t{byte & 0x7fu} << shift;
    }
    return value;
  }

  Address read_value(std::uint8_t format) {
    switch (format) {
      case 0x00: return read<Address>();
      case 0x01: return read_uleb();
      case 0x02: return read<std::uint16_t>();
      case 0x03: return read<std::uint32_t>();
      case 0x04: return read<std::uint64_t>();
      case 0x09: return static_cast<Address>(read_sleb());
      case 0x0a: return static_cast<Address>(std::int64_t{read<std::int16_t>()});
      case 0x0b: return static_cast<Address>(std::int64_t{read<std::int32_t>()});
      case 0x0c: return static_cast<Address>(read<std::int64_t>());
      default: good_ = false; return 0;
    }
  }

  Address at_;
  Address end_;
  bool good_ = true;
};

}  // namespace fencepost::stack
