// Modules that were opened, each once.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "findings/finding.h"
#include "symbolize/module.h"
#include "symbolize/module_file.h"

namespace fencepost::symbolize {

/// What is known of one address, and why it is not more.
struct Answer {
  std::vector<findings::SourceFrame> source;
  std::string note;
};

/// One address in one module of one process.
struct Question {
  ModuleFile module;
  std::uint64_t offset = 0;
  std::int64_t pid = 0;  ///< of the process if the module is its executable, otherwise 0
  std::string symbol;    ///< the function as the process itself could tell; for what the files don't say
};

/// A file is read only if it is the one that the process ran. One that was deleted or replaced is looked for
/// in /proc/PID/exe, while the process lives, and by its build id where debug information is kept; what is
/// found there is the same code for certain. A module without an absolute path, such as the vDSO, has no
/// file.
class ModuleCache {
 public:
  /// `debug_directories` are separated by colons.
  explicit ModuleCache(std::string debug_directories) : debug_directories_(std::move(debug_directories)) {}

  [[nodiscard]] Answer answer(const Question& question);

 private:
  struct Entry {
    std::optional<Module> module;
    std::string note;
  };

  [[nodiscard]] Entry& entry_of(const Question& question);
  [[nodiscard]] Entry open(const Question& question) const;
  [[nodiscard]] Descriptor open_copy(const Question& question) const;

  std::string debug_directories_;
  std::map<ModuleFile, Entry> entries_;
};

}  // namespace fencepost::symbolize
