// How text may look: what the terminal can do, and what its owner wants.
#pragma once

#include <functional>
#include <string>
#include <string_view>

namespace fencepost::render {

enum class Paint { error, warning, heading, function, place, mark, faint };

struct TextStyle {
  bool color = false;
  bool unicode = false;   ///< lines and arrows may be drawn with characters beyond ASCII
  std::string directory;  ///< paths below it are shown from it on; empty: none are

  /// `text` in that colour, or as it is.
  [[nodiscard]] std::string paint(Paint paint, std::string_view text) const;
};

/// A variable of the environment; "" if it is not there.
using Environment = std::function<std::string(const char* name)>;

/// Colour on terminals that have it, unless NO_COLOR is set, to anything (no-color.org); everywhere if
/// FORCE_COLOR or CLICOLOR_FORCE is, to anything but 0. UTF-8 as the locale's variables say.
[[nodiscard]] TextStyle choose_style(bool is_terminal, const Environment& environment);

}  // namespace fencepost::render
