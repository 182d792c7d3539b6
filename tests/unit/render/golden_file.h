// What renderers make of the findings in golden/*.jsonl, held against the golden files beside them.
#pragma once

#include <string>
#include <vector>

#include "findings/finding.h"
#include "render/context.h"

namespace fencepost::test {

/// golden/source, where the source files are.
[[nodiscard]] std::string source_directory();

/// A directory that there is not.
inline const std::string kNoDirectory = "/src/app";

/// The findings of golden/<name>.jsonl, with `sources` for "@SOURCE@".
[[nodiscard]] std::vector<findings::Finding> findings_of(const std::string& name,
                                                         const std::string& sources = kNoDirectory);

/// A context that is the same everywhere: version 1.2.3 in kNoDirectory.
[[nodiscard]] render::Context golden_context();

/// Compares with golden/<name>, after naming source_directory() "@SOURCE@" again.
/// FENCEPOST_UPDATE_GOLDEN=1 writes the golden files anew, to be read before they are committed.
void check_golden(const std::string& name, std::string text);

}  // namespace fencepost::test
