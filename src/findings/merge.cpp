#include "findings/merge.h"

#include <utility>

#include "findings/fingerprint.h"

namespace fencepost::findings {

namespace {

std::string key_of(const Process& process) {
  return std::to_string(process.pid) + ' ' + std::to_string(process.parent) + ' ' + process.name + '\n' +
         process.executable;
}

}  // namespace

void Merger::add_process(std::size_t index, const Process& process) {
  if (processes_[index].insert(key_of(process)).second) findings_[index].processes.push_back(process);
}

void Merger::add_processes(std::size_t index, const Process& process, const std::vector<Process>& processes) {
  if (processes.empty()) add_process(index, process);
  for (const Process& each : processes) add_process(index, each);
}

bool Merger::add(Finding finding) {
  const auto [at, is_new] = index_of_.try_emplace(identity(finding), findings_.size());
  const std::size_t index = at->second;
  const std::vector<Process> processes = std::exchange(finding.processes, {});
  const Process process = finding.process;
  if (is_new) {
    processes_.emplace_back();
    findings_.push_back(std::move(finding));
  } else {
    findings_[index].count += finding.count;
    // The same place may once be a warning and once end the program.
    if (finding.severity == "error") findings_[index].severity = finding.severity;
  }
  add_processes(index, process, processes);
  return is_new;
}

std::vector<Finding> merge(std::vector<Finding> findings) {
  Merger merger;
  for (Finding& finding : findings) merger.add(std::move(finding));
  return std::move(merger).findings();
}

Baseline::Baseline(const std::vector<Finding>& accepted) {
  for (const Finding& finding : accepted) {
    const std::string plain = fingerprint(finding, false);
    without_inlined_.insert(plain);
    if (knows_source(finding)) {
      with_inlined_.insert(fingerprint(finding));
    } else {
      without_source_.insert(plain);
    }
  }
}

bool Baseline::knows(const Finding& finding) const {
  const std::string plain = fingerprint(finding, false);
  if (!knows_source(finding)) return without_inlined_.contains(plain);
  return with_inlined_.contains(fingerprint(finding)) || without_source_.contains(plain);
}

}  // namespace fencepost::findings
