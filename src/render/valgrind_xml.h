// Findings as Valgrind's Memcheck writes them with --xml=yes, so that what reads its output reads ours:
// protocol 4, as docs/internals/xml-output.txt and xml-output-protocol4.txt of Valgrind's source describe it.
#pragma once

#include <iosfwd>
#include <string>
#include <vector>

#include "findings/finding.h"
#include "render/context.h"

namespace fencepost::render {

/// The protocol is about one process; that of the first finding stands for all.
void write_valgrind_xml(std::ostream& out, const std::vector<findings::Finding>& findings, const Context& context);

/// Memcheck's name for what a finding is.
[[nodiscard]] std::string memcheck_kind(const findings::Finding& finding);

}  // namespace fencepost::render
