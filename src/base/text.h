// Cutting text without the range checks of std::string_view, which throw.
#pragma once

#include <algorithm>
#include <string_view>

#include "base/types.h"

namespace fencepost {

/// The first `count` characters, or all of them.
[[nodiscard]] constexpr std::string_view first(std::string_view text, Size count) {
  return {text.data(), std::min(count, text.size())};
}

/// What follows the first `count` characters.
[[nodiscard]] constexpr std::string_view without_first(std::string_view text, Size count) {
  text.remove_prefix(std::min(count, text.size()));
  return text;
}

[[nodiscard]] constexpr bool begins_with(std::string_view text, std::string_view beginning) {
  return first(text, beginning.size()) == beginning;
}

struct Split {
  std::string_view head;  ///< up to the separator, or all
  std::string_view tail;  ///< what follows it, or ""
  bool found = false;
};

/// Splits at the first `separator`.
[[nodiscard]] constexpr Split split(std::string_view text, char separator) {
  const Size at = text.find(separator);
  if (at == std::string_view::npos) return {text, {}, false};
  return {first(text, at), without_first(text, at + 1), true};
}

}  // namespace fencepost
