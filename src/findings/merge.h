// Many findings of many processes, runs and machines, each told once.
#pragma once

#include <cstddef>
#include <set>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

#include "findings/finding.h"

namespace fencepost::findings {

/// Collects findings; those with the same `identity` are one, with their counts added up and their processes
/// listed.
class Merger {
 public:
  /// True if there was none like it. Of those that are the same, the first is kept.
  bool add(Finding finding);

  /// In the order in which they first came.
  [[nodiscard]] const std::vector<Finding>& findings() const& { return findings_; }
  [[nodiscard]] std::vector<Finding> findings() && { return std::move(findings_); }

 private:
  void add_process(std::size_t index, const Process& process);
  void add_processes(std::size_t index, const Process& process, const std::vector<Process>& processes);

  std::vector<Finding> findings_;
  std::unordered_map<std::string, std::size_t> index_of_;  ///< by identity
  std::vector<std::set<std::string>> processes_;           ///< those listed in the finding of the same index
};

[[nodiscard]] std::vector<Finding> merge(std::vector<Finding> findings);

/// Findings that are accepted, for now: an older run. A finding is known if one of them has its fingerprint.
/// Where only one side had debug information, inlined functions are left out of the comparison.
class Baseline {
 public:
  Baseline() = default;
  explicit Baseline(const std::vector<Finding>& accepted);

  [[nodiscard]] bool knows(const Finding& finding) const;

 private:
  std::unordered_set<std::string> with_inlined_;     ///< of those with debug information
  std::unordered_set<std::string> without_source_;   ///< without inlined functions, of those without
  std::unordered_set<std::string> without_inlined_;  ///< of all
};

}  // namespace fencepost::findings
