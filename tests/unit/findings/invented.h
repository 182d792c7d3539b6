// Findings of programs that there are not.
#pragma once

#include <string>
#include <vector>

#include "findings/finding.h"

namespace fencepost::test {

/// Code of `function` in /usr/bin/indexer, without debug information.
inline findings::Frame frame_of(const std::string& function, std::uint64_t offset,
                                const std::string& module = "/usr/bin/indexer") {
  findings::Frame frame;
  frame.pc = 0x5500000000 + offset;
  frame.module = module;
  frame.offset = offset;
  frame.function = function;
  return frame;
}

/// The same with its place in the source.
inline findings::Frame frame_at(const std::string& function, const std::string& file, unsigned line) {
  findings::Frame frame = frame_of(function, line);
  frame.source.push_back({function, file, line, 3, false});
  return frame;
}

inline findings::Finding finding_of(const std::string& kind, std::vector<findings::Frame> frames,
                                    std::int64_t pid = 1) {
  findings::Finding finding;
  finding.kind = kind;
  finding.severity = "error";
  finding.event = "access";
  finding.process = {pid, 1, "indexer", "/usr/bin/indexer"};
  finding.traces.push_back({"error", {}, "", std::move(frames), {}});
  return finding;
}

}  // namespace fencepost::test
