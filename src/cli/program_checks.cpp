#include "cli/program_checks.h"

#include <elf.h>
#include <unistd.h>

#include "cli/places.h"
#include "cli/program_facts.h"

namespace fencepost::cli {

namespace {

namespace fs = std::filesystem;
using Mark = Remark::Mark;

constexpr int kMaxInterpreters = 4;  // what the kernel follows (bprm recursion)

#if defined(__x86_64__)
constexpr unsigned kOurMachine = EM_X86_64;
constexpr const char* kOurMachineName = "x86-64";
#else
constexpr unsigned kOurMachine = EM_AARCH64;
constexpr const char* kOurMachineName = "arm64";
#endif

void add(ProgramReport& report, Mark mark, const char* subject, std::string text) {
  report.remarks.push_back({mark, subject, std::move(text)});
  if (mark == Mark::bad) report.guarded = false;
}

/// `#!/usr/bin/env name` runs what PATH says; `env -S` and variables before the name are passed over.
std::string interpreter_name(const std::vector<std::string>& interpreter) {
  if (interpreter.size() < 2 || fs::path(interpreter[0]).filename() != "env") return interpreter[0];
  std::string words = interpreter[1];
  while (words.starts_with("-") || words.substr(0, words.find(' ')).find('=') != std::string::npos) {
    const std::size_t space = words.find(' ');
    if (space == std::string::npos) return interpreter[0];
    words.erase(0, words.find_first_not_of(' ', space));
  }
  return words.substr(0, words.find(' '));
}

/// From script to interpreter until there is no further; false if it leads nowhere.
bool follow_scripts(ProgramReport& report) {
  for (int step = 0; step < kMaxInterpreters; ++step) {
    const std::vector<std::string> interpreter = script_interpreter(report.file);
    if (interpreter.empty()) return true;
    const std::string name = interpreter_name(interpreter);
    const fs::path file = find_program(name);
    if (file.empty()) {
      add(report, Mark::bad, "script", report.file.string() + " is a script for " + name + ", which was not found");
      return false;
    }
    add(report, Mark::fine, "script",
        report.file.string() + " is a script; what is guarded is its interpreter, " + file.string() +
            ", and what that starts");
    report.file = file;
  }
  add(report, Mark::bad, "script", "interpreters of interpreters, without end");
  return false;
}

void check_linkage(const ElfFacts& facts, ProgramReport& report) {
  if (facts.machine != kOurMachine) {
    add(report, Mark::bad, "architecture",
        std::string("not ") + kOurMachineName + ": the library can't be loaded into it");
  } else {
    add(report, Mark::fine, "architecture", kOurMachineName);
  }
  if (facts.has_fencepost) {
    add(report, Mark::fine, "linkage", "libfencepost.a is linked in");
  } else if (!facts.dynamic) {
    add(report, Mark::bad, "linkage",
        "static: no loader reads LD_PRELOAD; link it with libfencepost.a instead "
        "(what it starts is guarded all the same)");
  } else {
    add(report, Mark::fine, "linkage", "dynamic: the loader will put the library in");
  }
}

void check_rights(const ElfFacts& facts, ProgramReport& report) {
  if (!raises_rights(report.file)) {
    add(report, Mark::fine, "rights", "those of its caller");
  } else if (facts.has_fencepost) {
    add(report, Mark::note, "rights",
        "raised (set-user-ID, set-group-ID or capabilities): FENCEPOST_OPTIONS is ignored");
  } else {
    add(report, Mark::bad, "rights",
        "raised (set-user-ID, set-group-ID or capabilities): the loader ignores LD_PRELOAD; "
        "run it as its owner, or a copy without that bit");
  }
}

std::string joined(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : ", ") + word;
  return text;
}

bool defines(const ElfFacts& facts, const char* function) {
  for (const std::string& each : facts.heap_functions) {
    if (each == function) return true;
  }
  return false;
}

void check_allocator(const ElfFacts& facts, ProgramReport& report) {
  const std::string which = facts.allocator.empty() ? "an allocator of its own" : facts.allocator;
  if (facts.has_sanitizer) {
    add(report, Mark::bad, "allocator", "built with a sanitizer, which has a malloc of its own: build it without");
  }
  if (facts.has_fencepost || !facts.dynamic) return;
  if (defines(facts, "malloc")) {
    add(report, Mark::bad, "allocator",
        which + " is linked in (it defines " + joined(facts.heap_functions) +
            "): its calls do not reach Fencepost; link it without, for testing");
  } else if (!facts.heap_functions.empty()) {
    add(report, Mark::note, "allocator",
        "it defines " + joined(facts.heap_functions) + " itself: only what these take from malloc is guarded");
  } else if (!facts.allocator.empty()) {
    add(report, Mark::note, "allocator",
        which + " is linked in under names of its own: what comes from it is not guarded");
  } else {
    add(report, Mark::fine, "allocator", "the system's, which Fencepost takes the place of");
  }
  for (const std::string& library : facts.needed) {
    const bool allocator = library.find("jemalloc") != std::string::npos ||
                           library.find("tcmalloc") != std::string::npos ||
                           library.find("mimalloc") != std::string::npos;
    if (allocator) {
      add(report, Mark::note, "allocator",
          library +
              " is loaded too: Fencepost comes before it, but calls by its own "
              "names (such as mallocx) are not guarded");
    }
  }
}

void check_debug_info(const ElfFacts& facts, ProgramReport& report) {
  const fs::path separate = find_debug_file(report.file, facts);
  if (facts.has_debug_info) {
    add(report, Mark::fine, "debug info", "in the program: reports have source lines");
  } else if (!separate.empty()) {
    add(report, Mark::fine, "debug info", "in " + separate.string() + ": reports have source lines");
  } else if (facts.has_symbols) {
    add(report, Mark::note, "debug info",
        "none was found: reports have function names, but no source lines (compile with -g)");
  } else {
    add(report, Mark::note, "debug info",
        "none was found, and the program is stripped: reports name only exported "
        "functions (build id " +
            (facts.build_id.empty() ? "none" : facts.build_id) + ")");
  }
}

}  // namespace

ProgramReport check_program(const std::string& name) {
  ProgramReport report;
  report.file = find_program(name);
  if (report.file.empty()) {
    add(report, Mark::bad, "file", name + " was not found");
    return report;
  }
  if (access(report.file.c_str(), X_OK) != 0) {
    add(report, Mark::bad, "file", report.file.string() + " may not be executed");
    return report;
  }
  report.guarded = true;
  if (!follow_scripts(report)) return report;
  const std::optional<ElfFacts> facts = read_elf(report.file);
  if (!facts) {
    add(report, Mark::bad, "file", report.file.string() + " is neither an ELF file nor a script");
    return report;
  }
  add(report, Mark::fine, "file", report.file.string());
  check_linkage(*facts, report);
  check_rights(*facts, report);
  check_allocator(*facts, report);
  check_debug_info(*facts, report);
  return report;
}

}  // namespace fencepost::cli
