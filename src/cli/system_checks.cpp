#include "cli/system_checks.h"

#include <gnu/libc-version.h>
#include <sys/resource.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <charconv>
#include <cstdint>
#include <fstream>
#include <iterator>

#include "cli/places.h"
#include "cli/probe.h"

namespace fencepost::cli {

namespace {

using Mark = Remark::Mark;

constexpr std::uint64_t kMebibyte = 1 << 20;
constexpr std::uint64_t kMappingsPerBlock = 2;
constexpr long kPageSize = 4096;

std::string content_of(const std::string& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}

/// The first word of a file; empty if there is no such file.
std::string word_of(const std::string& path) {
  std::string word;
  std::ifstream(path) >> word;
  return word;
}

std::uint64_t number_of(std::string_view text, std::uint64_t otherwise) {
  std::uint64_t number = 0;
  const auto result = std::from_chars(text.data(), text.data() + text.size(), number);
  return result.ec == std::errc() ? number : otherwise;
}

void check_platform(Remarks& remarks) {
  utsname system{};
  uname(&system);
  remarks.push_back({Mark::fine, "system",
                     std::string(system.sysname) + " " + system.release + " on " + system.machine + ", glibc " +
                         gnu_get_libc_version()});
  if (const long page = sysconf(_SC_PAGESIZE); page != kPageSize) {
    remarks.push_back({Mark::bad, "pages", "of " + std::to_string(page) + " bytes; Fencepost needs 4096"});
  }
}

void check_engine(const Probe& probe, Remarks& remarks) {
  if (!probe.answered) {
    remarks.push_back(
        {Mark::bad, "engine", "the library did not come up in a program of ours; it said: " + probe.output});
  } else if (probe.engine == "none") {
    remarks.push_back({Mark::bad, "engine", "none: " + (probe.reason.empty() ? "engine=none" : probe.reason)});
  } else if (probe.reason.empty()) {
    remarks.push_back({Mark::fine, "engine", probe.engine});
  } else {
    remarks.push_back({Mark::note, "engine", probe.engine + ", because " + probe.reason});
  }
  if (probe.answered && !probe.has_libunwind) {
    remarks.push_back({Mark::note, "libunwind",
                       "libunwind.so.8 was not found: traces follow frame pointers and may be "
                       "short (on Debian: apt-get install libunwind8)"});
  } else if (probe.answered) {
    remarks.push_back({Mark::fine, "libunwind", "found: full stack traces"});
  }
}

void check_mappings(const std::string& engine, Remarks& remarks) {
  const std::uint64_t limit = number_of(word_of("/proc/sys/vm/max_map_count"), 65530);
  const std::string which = engine == "mprotect" ? "live blocks" : "live blocks above 512 KiB";
  remarks.push_back({engine == "mprotect" ? Mark::note : Mark::fine, "mappings",
                     "vm.max_map_count is " + std::to_string(limit) + ": at most " +
                         std::to_string(limit / kMappingsPerBlock) + " " + which +
                         " are guarded at once (sysctl vm.max_map_count=1000000 raises it)"});
}

void check_overcommit(Remarks& remarks) {
  const std::string mode = word_of("/proc/sys/vm/overcommit_memory");
  if (mode == "2") {
    remarks.push_back({Mark::note, "overcommit",
                       "vm.overcommit_memory is 2: every page that is opened counts against "
                       "the commit limit; blocks beyond it are unguarded"});
  } else {
    remarks.push_back({Mark::fine, "overcommit", "vm.overcommit_memory is " + mode});
  }
}

void check_memory(Remarks& remarks) {
  const std::uint64_t available = number_of(field_of(content_of("/proc/meminfo"), "MemAvailable"), 0) / 1024;
  remarks.push_back({Mark::fine, "memory",
                     std::to_string(available) + " MiB are available, of which three quarters may be "
                                                 "guarded blocks, each at least a page (memory_limit)"});
}

void check_limit(int resource, const char* subject, const char* effect, Remarks& remarks) {
  rlimit limit{};
  if (getrlimit(static_cast<__rlimit_resource>(resource), &limit) != 0 || limit.rlim_cur == RLIM_INFINITY) return;
  remarks.push_back({Mark::note, subject, std::to_string(limit.rlim_cur / kMebibyte) + " MiB: " + effect});
}

void check_limits(Remarks& remarks) {
  const std::size_t before = remarks.size();
  check_limit(RLIMIT_AS, "ulimit -v", "reserved address space counts; freed addresses are used again sooner", remarks);
  check_limit(RLIMIT_DATA, "ulimit -d", "opened pages count; blocks beyond it are unguarded", remarks);
  if (remarks.size() == before) remarks.push_back({Mark::fine, "ulimits", "none on address space or data"});
  rlimit core{};
  getrlimit(RLIMIT_CORE, &core);
  remarks.push_back({Mark::fine, "core dumps", core.rlim_cur == 0 ? "off (ulimit -c is 0)" : "on, within ulimit -c"});
}

void check_tracing(const std::string& status, Remarks& remarks) {
  if (const std::string tracer = field_of(status, "TracerPid"); tracer != "0" && !tracer.empty()) {
    remarks.push_back({Mark::note, "ptrace", "process " + tracer + " traces this one: faults stop there first"});
  } else {
    const std::string scope = word_of("/proc/sys/kernel/yama/ptrace_scope");
    remarks.push_back({Mark::fine, "ptrace",
                       "nobody traces this process" + (scope.empty() ? "" : "; kernel.yama.ptrace_scope is " + scope)});
  }
}

void check_sandbox(const std::string& status, const Probe& probe, Remarks& remarks) {
  const std::string mode = field_of(status, "Seccomp");
  if (mode != "2") {
    remarks.push_back({Mark::fine, "seccomp", "no filter"});
  } else if (probe.reason.empty()) {
    remarks.push_back({Mark::fine, "seccomp", "a filter, which lets the engine through"});
  } else {
    remarks.push_back({Mark::note, "seccomp", "a filter, as in a container; it may be what forbids a better engine"});
  }
}

void check_environment(Remarks& remarks) {
  const std::string options = environment("FENCEPOST_OPTIONS");
  if (!options.empty()) remarks.push_back({Mark::fine, "options", "FENCEPOST_OPTIONS=" + options});
  const std::string preload = environment("LD_PRELOAD");
  if (!preload.empty()) remarks.push_back({Mark::note, "LD_PRELOAD", "is set already, and is kept: " + preload});
  const std::string servers = environment("DEBUGINFOD_URLS");
  if (!servers.empty()) remarks.push_back({Mark::fine, "debuginfod", servers});
}

}  // namespace

std::string field_of(std::string_view text, std::string_view name) {
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (!line.starts_with(name) || line.substr(name.size(), 1) != ":") continue;
    line.remove_prefix(name.size() + 1);
    const std::size_t begin = line.find_first_not_of(" \t");
    return begin == std::string_view::npos ? "" : std::string(line.substr(begin));
  }
  return {};
}

SystemReport check_system(const std::filesystem::path& library) {
  SystemReport report;
  check_platform(report.remarks);
  if (library.empty()) {
    report.remarks.push_back({Mark::bad, "library",
                              "libfencepost.so is neither beside this program nor in its library "
                              "directory; name it with --library"});
    return report;
  }
  report.remarks.push_back({Mark::fine, "library", library.string()});
  const Probe probe = probe_runtime(library);
  if (probe.answered && probe.engine != "none") report.engine = probe.engine;
  check_engine(probe, report.remarks);
  check_mappings(probe.engine, report.remarks);
  check_overcommit(report.remarks);
  check_memory(report.remarks);
  check_limits(report.remarks);
  const std::string status = content_of("/proc/self/status");
  check_tracing(status, report.remarks);
  check_sandbox(status, probe, report.remarks);
  check_environment(report.remarks);
  return report;
}

}  // namespace fencepost::cli
