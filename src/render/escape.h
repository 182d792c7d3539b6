// Text that the program under test controls (names, paths, bytes of its source) in places where some
// characters mean something.
#pragma once

#include <string>
#include <string_view>

namespace fencepost::render {

/// For terminals and for XML: control characters, those that change the direction of text, line separators
/// and noncharacters become "\x1b" or "\u202e", bytes that are no UTF-8 "\xff". What is left is one line
/// without effects.
[[nodiscard]] std::string printable(std::string_view text);

/// How many columns a terminal needs for printable text, taking every character for one column wide.
[[nodiscard]] std::size_t columns_of(std::string_view text);

/// The message of a GitHub workflow command.
[[nodiscard]] std::string github_data(std::string_view text);

/// The value of a property of a GitHub workflow command.
[[nodiscard]] std::string github_property(std::string_view text);

/// A path as a relative or absolute URI reference (RFC 3986): all but unreserved characters and '/' are
/// percent-encoded.
[[nodiscard]] std::string uri_path(std::string_view path);

}  // namespace fencepost::render
