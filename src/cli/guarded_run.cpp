#include "cli/guarded_run.h"

#include <unistd.h>

#include <fstream>

#include "cli/findings_file.h"
#include "cli/log.h"
#include "cli/places.h"
#include "cli/status_line.h"
#include "cli/terminal_text.h"
#include "findings/lines.h"

namespace fencepost::cli {

namespace {

void tell_who_is_left(const std::vector<RunningProcess>& left) {
  if (left.empty()) return;
  std::string names;
  for (const RunningProcess& process : left) {
    names += (names.empty() ? "" : ", ") + printable(process.name) + " (" + std::to_string(process.pid) + ")";
  }
  log_warning("still running, and no longer watched (--linger): " + names);
}

std::vector<findings::Finding> read_findings(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  findings::Lines lines = findings::read_lines(file);
  for (const findings::BadLine& line : lines.bad) {
    log_warning("a finding could not be read: " + printable(line.reason));
  }
  return std::move(lines.findings);
}

}  // namespace

RunResult run_guarded(const GuardedRun& run) {
  FindingsFile file;
  StatusLine status;
  Errand errand;
  errand.program = run.program;
  errand.environment["LD_PRELOAD"] = preloading(run.library);
  errand.environment["FENCEPOST_OPTIONS"] = run.options + (run.options.empty() ? "" : ":") +
                                            "json_path=" + file.path().string() +
                                            ":progress_path=" + file.progress_path().string();
  errand.linger = run.linger;
  errand.tick = [&] {
    if (status.wanted()) status.show({descendants_of(getpid()).size(), file.allocations(), file.count()});
  };
  log_information("FENCEPOST_OPTIONS=" + errand.environment["FENCEPOST_OPTIONS"]);
  RunResult result;
  result.ending = supervise(errand);
  status.wipe();
  tell_who_is_left(result.ending.left);
  result.findings = read_findings(file.path());
  return result;
}

}  // namespace fencepost::cli
