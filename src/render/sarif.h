// Findings in the Static Analysis Results Interchange Format, version 2.1.0 (OASIS standard of 27 March
// 2020), which GitHub's code scanning, Azure DevOps and editors read.
#pragma once

#include <iosfwd>
#include <vector>

#include "findings/finding.h"
#include "render/context.h"

namespace fencepost::render {

/// One run, with a rule for every kind, and for each finding a result: its place, a code flow through its
/// traces in the order of time, the same as stacks, and a fingerprint that stays the same over runs.
void write_sarif(std::ostream& out, const std::vector<findings::Finding>& findings, const Context& context);

}  // namespace fencepost::render
