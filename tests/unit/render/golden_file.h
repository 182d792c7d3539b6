// What renderers make of the findings in golden/*.jsonl, held against the golden files beside them.
#pragma once

#include <string>
#include <vector>

#include "findings/finding.h"
#include "render/context.h"

namespace fencepost::test {

/// The findings of golden/<name>.jsonl. "@SOURCE@" in it stands for source_directory().
[[nodiscard]] std::vector<findings::Finding> findings_of(const std::string& name);

/// golden/source, where the source files are.
[[nodiscard]] std::string source_directory();

/// A context that is the same everywhere: version 1.2.3, and the directory of the sources.
[[nodiscard]] render::Context golden_context();

/// Compares with golden/<name>, after naming source_directory() "@SOURCE@" again.
/// FENCEPOST_UPDATE_GOLDEN=1 writes the golden files anew, to be read before they are committed.
void check_golden(const std::string& name, std::string text);

}  // namespace fencepost::test
