// Findings as a JUnit test report, in the dialect that Jenkins and GitLab read: one failed test for each.
#pragma once

#include <iosfwd>
#include <vector>

#include "findings/finding.h"
#include "render/context.h"

namespace fencepost::render {

/// Without findings there is one test, and it passed: many readers take a report without tests for a mistake.
void write_junit(std::ostream& out, const std::vector<findings::Finding>& findings, const Context& context);

}  // namespace fencepost::render
