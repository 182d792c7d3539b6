// Patterns as a shell has them for file names, without its brackets.
#pragma once

#include <string_view>

namespace fencepost::suppression {

/// True if `pattern` stands for all of `text`: `*` is any number of bytes, none too, `?` is one, every other
/// byte itself. Takes at most the product of both sizes in steps, no recursion and no memory. Context:
/// anywhere.
[[nodiscard]] bool matches(std::string_view pattern, std::string_view text);

/// The same for a path: a pattern without a slash is held against the file's name alone. Never for an empty
/// path.
[[nodiscard]] bool matches_path(std::string_view pattern, std::string_view path);

/// What follows the last slash.
[[nodiscard]] std::string_view file_name(std::string_view path);

}  // namespace fencepost::suppression
