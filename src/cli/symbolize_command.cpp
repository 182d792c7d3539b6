#include "cli/symbolize_command.h"

#include <unistd.h>

#include <istream>
#include <ostream>
#include <vector>

#include "cli/exit_status.h"
#include "cli/log.h"
#include "cli/places.h"
#include "cli/terminal_text.h"
#include "findings/lines.h"
#include "render/text.h"
#include "symbolize/symbolizer.h"

namespace fencepost::cli {

namespace {

/// A dying process reads the report through a pipe, and says where it will write it to.
bool is_for_terminal() { return isatty(STDOUT_FILENO) == 1 || environment("FENCEPOST_TERMINAL") == "1"; }

}  // namespace

int symbolize_lines(std::istream& in, std::ostream& out) {
  findings::Lines lines = findings::read_lines(in);
  for (const findings::BadLine& line : lines.bad) {
    log_warning("line " + std::to_string(line.number) + " is no finding: " + printable(line.reason));
  }
  symbolize::Symbolizer symbolizer;
  for (findings::Finding& finding : lines.findings) symbolizer.symbolize(finding);
  const auto variable = [](const char* name) { return environment(name); };
  render::write_text(out, lines.findings, render::choose_style(is_for_terminal(), variable));
  out.flush();
  if (!out) return kUsageError;
  return lines.bad.empty() ? kGood : kBad;
}

}  // namespace fencepost::cli
