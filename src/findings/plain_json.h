// JSON without anything that is rare in findings, read fast.
#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string_view>

namespace fencepost::findings {

/// What nlohmann::ordered_json::parse makes of `text`, which is UTF-8. Nothing if there are escapes, fractions or
/// negative numbers in it, if it is nested deeper than `deepest`, or if it is no JSON: that is for the parser to say.
[[nodiscard]] std::optional<nlohmann::ordered_json> read_plain_json(std::string_view text, int deepest);

}  // namespace fencepost::findings
