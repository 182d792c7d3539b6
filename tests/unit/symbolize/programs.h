// The programs that the tests of symbolize read, and what other tools say of them.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "findings/finding.h"

namespace fencepost::test {

/// A folder of its own, removed at the end of the scope.
class TempFolder {
 public:
  TempFolder();
  ~TempFolder();
  TempFolder(const TempFolder&) = delete;
  TempFolder& operator=(const TempFolder&) = delete;

  /// The path of a file in it, whether it is there or not.
  [[nodiscard]] std::string operator/(const std::string& name) const { return path_ / name; }

 private:
  std::filesystem::path path_;
};

/// The path of a program that was built from symbolize/programs.
[[nodiscard]] std::string program(const std::string& name);

/// Those built from inlined.cpp, one for each compiler and version of DWARF.
[[nodiscard]] std::vector<std::string> inlined_programs();

/// Standard output of a shell command. Throws if it fails.
std::string shell(const std::string& command);

/// The address that nm says a symbol has. Throws if there is no such symbol.
[[nodiscard]] std::uint64_t address_of_symbol(const std::string& path, const std::string& symbol);

/// The first line of steps.cpp, from 1, with this in it.
[[nodiscard]] unsigned line_with(const std::string& text);

/// True if these are the two functions at `inside` of steps.cpp, with file, line and column.
[[nodiscard]] bool is_inside(const std::vector<findings::SourceFrame>& frames);

}  // namespace fencepost::test
