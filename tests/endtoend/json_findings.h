// Findings that were written as lines of JSON.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace fencepost::endtoend {

/// The lines of a file, in order. Throws if one of them is no JSON or not ended.
[[nodiscard]] std::vector<nlohmann::json> parse_lines(const std::string& text);

/// The plain text report that says the same, made of nothing but the line.
[[nodiscard]] std::string text_of(const nlohmann::json& finding);

}  // namespace fencepost::endtoend
