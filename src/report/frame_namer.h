// From a program counter to the words a report has for it.
#pragma once

#include <algorithm>
#include <span>
#include <string_view>

#include "base/types.h"
#include "os/module_identity.h"
#include "record/trace.h"
#include "report/symbol_file.h"

namespace fencepost::report {

/// The module of a frame, as its finder knows it.
struct ModuleName {
  const char* path = nullptr;  ///< null: no module
  Address bias = 0;
  bool unloaded = false;
  const os::BuildId* build_id = nullptr;  ///< null: not known
  const os::FileStatus* file = nullptr;   ///< as it was when the module was loaded; null: not known
};

using FindModule = ModuleName (*)(Address pc);

struct FrameName {
  std::string_view function;  ///< as the symbol table has it, or ""
  ModuleName module;
  Address offset = 0;  ///< from the module's bias: what addr2line takes
};

struct ObjectName {
  std::string_view variable;  ///< as the symbol table has it, or ""
  Size distance = 0;          ///< into the variable, in bytes
  ModuleName module;
  Address offset = 0;
};

/// Names frames, keeping the files of the last few modules open. Takes no names from a file that is not the module's.
/// Survives files that are cut short while it reads. Context: signal.
class FrameNamer {
 public:
  explicit FrameNamer(FindModule find_module) : find_module_(find_module) {}
  ~FrameNamer();
  FrameNamer(const FrameNamer&) = delete;
  FrameNamer& operator=(const FrameNamer&) = delete;

  [[nodiscard]] FrameName name(Address pc);
  /// The source file of that code, by its name alone, or "": see SymbolFile::source_file_at.
  [[nodiscard]] std::string_view source_file(Address pc);
  /// The same for a variable or a constant.
  [[nodiscard]] ObjectName name_object(Address address);

  /// Calls `each(function, pc)`, `function` being "" if it has no name, for the functions that these return addresses
  /// lie in: each once, though it may have been called from several places, until `each` returns false.
  template <typename Each>
  void for_each_function(std::span<const Address> frames, Each each);

 private:
  struct OpenFile {
    const char* path = nullptr;
    SymbolFile file;
  };
  static constexpr Size kOpenFiles = 8;

  [[nodiscard]] const SymbolFile& file_of(const ModuleName& module);

  FindModule find_module_;
  OpenFile files_[kOpenFiles];
  Size next_ = 0;
};

template <typename Each>
void FrameNamer::for_each_function(std::span<const Address> frames, Each each) {
  Address named[record::kMaxTraceDepth] = {};
  Size count = 0;
  for (const Address pc : frames.first(std::min(frames.size(), record::kMaxTraceDepth))) {
    const std::string_view function = name(pc - 1).function;
    const Address key = function.empty() ? pc : reinterpret_cast<Address>(function.data());
    if (std::find(named, named + count, key) != named + count) continue;
    named[count++] = key;
    if (!each(function, pc - 1)) return;
  }
}

}  // namespace fencepost::report
