// The one table of names and sentences that every renderer uses.
#pragma once

#include <string_view>

#include "record/fault_record.h"
#include "record/finding.h"

namespace fencepost::diagnosis {

/// The stable name, for example "use-after-free".
[[nodiscard]] std::string_view kind_name(record::FindingKind kind);

/// One sentence that says what the kind means, and one that says what to look at or try next.
[[nodiscard]] std::string_view explanation(record::FindingKind kind);
[[nodiscard]] std::string_view advice(const record::Finding& finding);

/// "READ", "WRITE", "EXECUTE" or "ACCESS".
[[nodiscard]] std::string_view access_name(record::Access access);

/// What lies at an address without a block: "the stack", "static data", …
[[nodiscard]] std::string_view place_name(record::Place place);

/// What kind of wild access it is: a null pointer, an address that no pointer can hold, …
[[nodiscard]] std::string_view wild_reason(const record::FaultRecord& fault);

}  // namespace fencepost::diagnosis
