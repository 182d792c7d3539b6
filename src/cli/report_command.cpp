#include "cli/report_command.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <iostream>

#include "cli/found.h"
#include "cli/log.h"
#include "cli/outputs.h"
#include "cli/terminal_text.h"
#include "findings/lines.h"
#include "findings/merge.h"

namespace fencepost::cli {

namespace {

using findings::Finding;

void take_lines(std::istream& in, const std::string& name, std::vector<Finding>& found) {
  findings::Lines lines = findings::read_lines(in);
  for (const findings::BadLine& line : lines.bad) {
    log_warning(printable(name) + ", line " + std::to_string(line.number) + ": " + printable(line.reason));
  }
  std::move(lines.findings.begin(), lines.findings.end(), std::back_inserter(found));
}

/// False, and a word in the log, if one of the files can't be read.
bool read_files(const std::vector<std::string>& names, std::vector<Finding>& found) {
  for (const std::string& name : names) {
    if (name == "-") {
      take_lines(std::cin, "standard input", found);
      continue;
    }
    std::ifstream file(name, std::ios::binary);
    // A directory can be opened, but not read.
    if (file) file.peek();
    if (file.bad() || !file.is_open()) {
      log_error(printable(name) + ": " + std::strerror(errno));
      return false;
    }
    file.clear();
    take_lines(file, name, found);
    if (file.bad()) {
      log_error(printable(name) + ": can't be read to its end");
      return false;
    }
  }
  return true;
}

std::string count_of(std::size_t count) { return std::to_string(count) + (count == 1 ? " finding" : " findings"); }

/// Leaves what the baseline does not know, and says what became of the rest.
void subtract(const std::vector<Finding>& accepted, std::vector<Finding>& found) {
  const std::size_t all = found.size();
  const findings::Baseline baseline(accepted);
  std::erase_if(found, [&](const Finding& finding) { return baseline.knows(finding); });
  if (found.size() < all) log_information(count_of(all - found.size()) + " of the baseline left out");
}

}  // namespace

int report(const ReportRequest& request) {
  std::vector<Finding> found, accepted;
  if (!read_files(request.files, found) || !read_files(request.baseline, accepted)) return kUsageError;
  // Only now: what is read may be among what is written.
  Outputs outputs(std::cout);
  if (!outputs.open(request.formats)) return kUsageError;
  found = make_readable(std::move(found));
  if (!request.baseline.empty()) subtract(make_readable(std::move(accepted)), found);
  if (!outputs.write(found)) return kUsageError;
  return found.empty() ? kGood : request.error_exitcode;
}

}  // namespace fencepost::cli
