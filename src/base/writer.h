// The one way to make text in the runtime: bounded, typed, no locale, no allocation.
#pragma once

#include <string_view>

#include "base/types.h"

namespace fencepost {

/// Appends text to a buffer that the caller owns. What does not fit is dropped and `truncated()` tells.
/// Context: anywhere, signal handlers too.
class Writer {
 public:
  constexpr Writer(char* buffer, Size capacity) : buffer_(buffer), capacity_(capacity) {}

  Writer& text(std::string_view text);
  Writer& decimal(std::uint64_t value);
  /// With the sign; used for distances.
  Writer& decimal_signed(std::int64_t value);
  /// `0x` and lower-case digits, no padding.
  Writer& hex(std::uint64_t value);
  /// Exactly two lower-case hexadecimal digits, no prefix.
  Writer& hex_byte(std::uint8_t value);
  /// A share in percent with one decimal, truncated so that 100.0 means all; "100.0" when `whole` is 0.
  Writer& percent(std::uint64_t part, std::uint64_t whole);
  /// Text that the program controls: control and non-ASCII bytes are written as `\xNN`.
  Writer& printable(std::string_view text);

  [[nodiscard]] constexpr std::string_view view() const { return {buffer_, used_}; }
  [[nodiscard]] constexpr bool truncated() const { return truncated_; }
  constexpr void clear() { used_ = 0, truncated_ = false; }
  /// Bytes that still fit.
  [[nodiscard]] constexpr Size room() const { return capacity_ - used_; }
  /// Takes back what was written after the first `size` bytes, which had fit.
  constexpr void cut(Size size) { used_ = size, truncated_ = false; }

 private:
  void put(char c);

  char* buffer_;
  Size capacity_;
  Size used_ = 0;
  bool truncated_ = false;
};

/// A writer that brings its own buffer of `N` bytes.
template <Size N>
class TextBuffer : public Writer {
 public:
  TextBuffer() : Writer(storage_, N) {}
  TextBuffer(const TextBuffer&) = delete;
  TextBuffer& operator=(const TextBuffer&) = delete;

 private:
  char storage_[N];
};

}  // namespace fencepost
