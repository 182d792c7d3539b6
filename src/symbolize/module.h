// One ELF file and what is known of its code.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "findings/finding.h"
#include "symbolize/descriptor.h"

namespace fencepost::symbolize {

class Module {
 public:
  /// `path` names the file in the search for separate debug information below `debug_directories`. A file
  /// that is no ELF file is a module without functions.
  Module(Descriptor file, const std::string& path, const std::string& debug_directories);
  ~Module();
  Module(Module&& other) noexcept;
  Module& operator=(Module&& other) noexcept;

  /// What lies at an address as the file counts addresses, the innermost inlined function first. Where there
  /// is no debug information, one frame with the function of the symbol table and no file; empty where there
  /// is neither.
  [[nodiscard]] std::vector<findings::SourceFrame> source_of(std::uint64_t offset);

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace fencepost::symbolize
