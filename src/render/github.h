// Findings as annotations of a GitHub Actions run: workflow commands on its standard output.
#pragma once

#include <iosfwd>
#include <vector>

#include "findings/finding.h"
#include "render/context.h"

namespace fencepost::render {

/// One `::error` or `::warning` command for each finding, at the line of the source that did it where that is
/// known.
void write_github(std::ostream& out, const std::vector<findings::Finding>& findings, const Context& context);

}  // namespace fencepost::render
