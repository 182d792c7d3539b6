#include "cli/found.h"

#include <cstring>

#include "cli/log.h"
#include "findings/merge.h"
#include "symbolize/symbolizer.h"

namespace fencepost::cli {

std::vector<findings::Finding> make_readable(std::vector<findings::Finding> findings) {
  if (findings.empty()) return findings;
  // What is the same without source lines is so with them, and looked up once.
  findings = findings::merge(std::move(findings));
  symbolize::Symbolizer symbolizer;
  for (findings::Finding& finding : findings) symbolizer.symbolize(finding);
  return findings::merge(std::move(findings));
}

void tell_not_started(const std::string& program, int error) { log_error(program + ": " + std::strerror(error)); }

}  // namespace fencepost::cli
