// When two findings are the same one.
//
// Both answers come from the kind and the top frames of the traces that name the culprit: the error's, and
// the allocation's where the error's trace only tells who found the damage. Addresses and process ids are
// never looked at. Frames of libc count as one without a name, because which of its functions run depends on
// the processor and whether they have names depends on the machine.
#pragma once

#include <string>

#include "findings/finding.h"

namespace fencepost::findings {

/// Equal for findings at the same places: same functions, and same lines or, where lines aren't known, same
/// offsets. Any text; for comparing within a run or several runs of one build.
[[nodiscard]] std::string identity(const Finding& finding);

/// 32 hexadecimal digits that stay the same over runs, machines and edits elsewhere: of functions and
/// modules, with offsets only where there are no names. `with_inlined`: with the functions that were inlined,
/// which only debug information tells.
[[nodiscard]] std::string fingerprint(const Finding& finding, bool with_inlined = true);

/// Debug information was at hand for what fingerprints are made of.
[[nodiscard]] bool knows_source(const Finding& finding);

}  // namespace fencepost::findings
