// What is known of every kind of finding beyond its name.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "findings/finding.h"

namespace fencepost::render {

struct Kind {
  std::string_view name;    ///< the stable name
  std::string_view title;   ///< a few words
  std::string_view advice;  ///< what to look at next, where the finding itself has no hint
  unsigned cwe = 0;         ///< of the Common Weakness Enumeration
};

/// Every kind, in the order of record::FindingKind.
[[nodiscard]] std::span<const Kind> kinds();

/// The kind of that name; null for one of a later version.
[[nodiscard]] const Kind* find_kind(std::string_view name);

/// One sentence that says what the kind means: the finding's own, else the table's.
[[nodiscard]] std::string explanation_of(const findings::Finding& finding);

/// What to try next, a sentence each: the finding's own hints, else the table's advice.
[[nodiscard]] std::vector<std::string> hints_of(const findings::Finding& finding);

/// The sentences about the place, without the hints that the text report has among them.
[[nodiscard]] std::vector<std::string> place_of(const findings::Finding& finding);

}  // namespace fencepost::render
