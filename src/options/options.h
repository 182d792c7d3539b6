// The values of all options, and how they are read from one string.
#pragma once

#include <string_view>

#include "base/text.h"
#include "base/types.h"
#include "base/writer.h"

namespace fencepost::options {

enum class Engine : std::uint8_t { automatic, page_move, guard_region, mprotect, none };
enum class Align : std::uint8_t { natural, one };  ///< and so on by powers of two: see least_alignment
enum class Side : std::uint8_t { end, begin, random };
enum class FenceTime : std::uint8_t { now, batch };
enum class BadArgument : std::uint8_t { report, die, ignore };
enum class OnError : std::uint8_t { abort, exit, go_on };
enum class BadSyscall : std::uint8_t { report, die, ignore };
enum class ToolUse : std::uint8_t { automatic, none };
enum class Switch : std::uint8_t { off, on };

/// A byte, or -1 for `none`.
using OptionalByte = std::int16_t;

/// Text in place, because the environment it came from may change.
struct Text {
  static constexpr Size kCapacity = 512;
  char bytes[kCapacity] = {};
  Size size = 0;

  [[nodiscard]] constexpr std::string_view view() const { return {bytes, size}; }
};

struct Options {
#define FENCEPOST_CHOICE(Type, name, preset, words, help) Type name = Type::preset;
#define FENCEPOST_NUMBER(name, preset, lowest, highest, help) std::uint64_t name = preset;
#define FENCEPOST_BYTE(name, preset, help) OptionalByte name = preset;
#define FENCEPOST_TEXT(name, help) Text name;
#include "options/options.inc"

  /// In bytes; 0 stands for `natural`.
  [[nodiscard]] constexpr Size least_alignment() const {
    return align == Align::natural ? 0 : Size{1} << (static_cast<unsigned>(align) - 1);
  }
};

/// What one option is, for lists and command lines.
struct Description {
  std::string_view name;
  std::string_view accepted;  ///< words joined by '|', or a range in words
  std::string_view preset;
  std::string_view help;
  std::string_view type;  ///< "choice", "number", "byte" or "text"
};

/// The word at `index` of "a|b|c".
[[nodiscard]] constexpr std::string_view word_at(std::string_view words, int index) {
  for (; index > 0; --index) words = split(words, '|').tail;
  return split(words, '|').head;
}

/// Calls `each` with the description of every option, in the order of options.inc.
template <typename Each>
void for_each_option(Each each) {
#define FENCEPOST_CHOICE(Type, name, preset, words, help) \
  each(Description{#name, words, word_at(words, static_cast<int>(Type::preset)), help, "choice"});
#define FENCEPOST_NUMBER(name, preset, lowest, highest, help) \
  each(Description{#name, #lowest " to " #highest, #preset, help, "number"});
#define FENCEPOST_BYTE(name, preset, help) each(Description{#name, "a byte or none", #preset, help, "byte"});
#define FENCEPOST_TEXT(name, help) each(Description{#name, "text", "", help, "text"});
#include "options/options.inc"
}

/// Reads `key=value:key=value` into `options`. An unknown key or a bad value leaves its default and adds a
/// line to `complaints` that names the key and what would be accepted; the rest is still read.
/// Returns false if there was anything to complain about. Context: anywhere.
bool parse(std::string_view text, Options& options, Writer& complaints);

/// Writes the list of all options with their current meaning, a line each.
void describe(Writer& out);

}  // namespace fencepost::options
