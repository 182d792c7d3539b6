#include "endtoend/bug.h"

#include <catch2/catch.hpp>
#include <span>

#include "endtoend/flavours.h"

namespace fencepost::endtoend {

namespace {

using support::Outcome;
using support::Report;

bool matches(std::span<const std::string> frames, std::span<const std::string> expected) {
  if (expected.empty()) return true;
  if (expected.front() == "...") {
    for (std::size_t skipped = 0; skipped <= frames.size(); ++skipped) {
      if (matches(frames.subspan(skipped), expected.subspan(1))) return true;
    }
    return false;
  }
  if (frames.empty()) return false;
  const bool same = expected.front() == "*" || expected.front() == frames.front();
  return same && matches(frames.subspan(1), expected.subspan(1));
}

void check_trace(const char* which, const support::Trace& trace, const Frames& expected) {
  INFO(which << " trace: " << Catch::Detail::stringify(trace.frames));
  INFO("expected: " << Catch::Detail::stringify(expected));
  CHECK(begins_with(trace.frames, expected));
}

void check_thread(const support::Thread& thread, const std::string& expected, const std::string& program_name) {
  const bool named = expected.find('(') != std::string::npos;
  const std::string found = thread.number + " (" + thread.name + ")";
  if (expected == "T*") {
    CHECK(thread.number != "T0");
  } else {
    CHECK(found == (named ? expected : expected + " (" + program_name + ")"));
  }
}

/// The stated distance must be what the stated addresses say.
void check_arithmetic(const Report& report) {
  CHECK(report.block_end - report.block_begin == report.place.block_size);
  if (report.place.relation == "before") CHECK(report.address == report.block_begin - report.place.distance);
  if (report.place.relation == "inside") CHECK(report.address == report.block_begin + report.place.distance);
  if (report.place.relation == "after") CHECK(report.address == report.block_end + report.place.distance);
}

void check_block(const Bug& bug, const Report& report, const std::string& program_name) {
  CHECK(report.place.relation == bug.place.relation);
  CHECK(report.place.distance == bug.place.distance);
  CHECK(report.place.block_size == bug.place.block_size);
  CHECK(report.place.freed == bug.place.freed);
  CHECK(report.allocation.present == !bug.allocation.empty());
  CHECK(report.release.present == !bug.release.empty());
  check_trace("allocation", report.allocation, bug.allocation);
  check_trace("free", report.release, bug.release);
  if (report.allocation.present) {
    check_thread(report.allocation.thread, bug.allocated_by, program_name);
    CHECK(report.allocation.api == bug.allocated_with);
    check_arithmetic(report);
  }
  if (report.release.present) {
    check_thread(report.release.thread, bug.freed_by, program_name);
    CHECK(report.release.api == bug.freed_with);
  }
}

void check_slack(const Bug& bug, const Report& report) {
  CHECK(report.slack_changed == bug.changed);
  INFO("bytes: " << Catch::Detail::stringify(report.slack_bytes));
  CHECK(begins_with(report.slack_bytes, bug.bytes));
}

bool has_hint(const Report& report, const std::string& part) {
  if (part.empty()) return true;
  for (const std::string& hint : report.hints) {
    if (hint.find(part) != std::string::npos) return true;
  }
  return false;
}

void check_summary(const Bug& bug, const Report& report) {
  INFO(report.summary);
  CHECK(report.summary.starts_with("SUMMARY: Fencepost: " + bug.kind));
  // What is found in the end was not done by it.
  const bool in_the_end = bug.action == "found by exit" || bug.action == "found by thread exit";
  const Frames& culprits = in_the_end ? bug.allocation : bug.error;
  const std::string culprit = culprits.empty() ? "*" : culprits.front();
  if (culprit != "*" && culprit != "?" && culprit != "...") CHECK(report.summary.ends_with(" in " + culprit));
}

bool is_of_arguments(const std::string& kind) {
  return kind == "allocation-size-overflow" || kind == "invalid-alignment";
}

void check_report(const Bug& bug, const Report& report, const std::string& program_name) {
  CHECK(report.kind == bug.kind);
  CHECK(report.warning == (bug.ending == kGoesOn && is_of_arguments(bug.kind)));
  CHECK(report.action == bug.action);
  CHECK(report.call == bug.call);
  if (!bug.call.empty()) CHECK((report.address >= report.buffer_begin && report.address < report.buffer_end));
  check_thread(report.thread, bug.thread, program_name);
  check_trace("error", report.error, bug.error);
  check_block(bug, report, program_name);
  check_slack(bug, report);
  INFO(report.elsewhere);
  CHECK(report.elsewhere.empty() == bug.elsewhere.empty());
  CHECK(report.elsewhere.find(bug.elsewhere) != std::string::npos);
  CHECK(report.folded_functions == bug.folded);
  CHECK(report.mismatch == bug.mismatch);
  CHECK(has_hint(report, bug.hint));
  check_summary(bug, report);
}

void check_outcome(const Bug& bug, const Outcome& outcome, const std::string& program_name) {
  INFO("stderr:\n" << outcome.err);
  CHECK(outcome.ending() == bug.ending);
  CHECK(outcome.out.find("Fencepost") == std::string::npos);
  const std::vector<Report> reports = support::parse_reports(outcome.err);
  CHECK(reports.size() == 1);
  if (reports.size() != 1) return;
  CHECK((reports.front().pid == outcome.pid) == !bug.in_child);
  check_report(bug, reports.front(), program_name);
}

}  // namespace

bool begins_with(const std::vector<std::string>& frames, const Frames& expected) { return matches(frames, expected); }

void check_bug(const Bug& bug) {
  const bool touches_freed = bug.kind == "use-after-free" || (bug.kind == "bad-syscall-buffer" && bug.place.freed);
  check_bug(bug, bug.late ? batches() : touches_freed ? all_settings() : all_settings_and_batches());
}

void check_bug(const Bug& bug, const std::vector<Setting>& settings) {
  for (const Setting& setting : settings) {
    INFO(bug.program << Catch::Detail::stringify(bug.arguments) << ", " << describe(setting) << ", options "
                     << bug.options);
    support::Command program = command(bug.program, setting, bug.options);
    program.arguments.insert(program.arguments.end(), bug.arguments.begin(), bug.arguments.end());
    check_outcome(bug, support::run(program), first_thread_name(bug.program, setting));
  }
}

}  // namespace fencepost::endtoend
