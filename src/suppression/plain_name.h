// Function names as a programmer writes them, from symbols.
#pragma once

#include <string_view>

#include "base/writer.h"

namespace fencepost::suppression {

/// What compilers append to a symbol is not part of it: "parse" of "parse.constprop.0".
[[nodiscard]] std::string_view without_suffix(std::string_view symbol);

/// Writes the qualified name behind a mangled C++ symbol (Itanium C++ ABI, "5.1 External Names") without the
/// types in it: "ns::Table<>::find" of `_ZN2ns5TableIiE4findEi`. Template arguments are an empty pair of
/// brackets, parameters and return types are left out, lambdas are "{lambda}".
///
/// Returns false for what it can't read: names of C, of other manglings, conversion operators, substitutions,
/// or anything broken. What was written is then meaningless. Context: anywhere.
[[nodiscard]] bool write_plain_name(std::string_view symbol, Writer& out);

}  // namespace fencepost::suppression
