// Function names from the symbol tables of an ELF file, without allocating.
#pragma once

#include <string_view>

#include "base/range.h"
#include "base/types.h"

namespace fencepost::report {

/// One ELF file mapped read-only. Every offset in it is checked, because files may be broken or replaced.
/// Context: signal.
class SymbolFile {
 public:
  constexpr SymbolFile() = default;
  /// `path` must be zero-terminated; a file that is no ELF file of this machine has no symbols.
  explicit SymbolFile(const char* path);
  /// The bytes of a file that somebody else has in memory.
  explicit SymbolFile(Range bytes) : bytes_(bytes) {}

  void close();

  /// The function whose code contains `address` as the file counts it, or "". Static functions too, if the
  /// file was not stripped.
  [[nodiscard]] std::string_view function_at(Address address) const;

 private:
  struct Table {
    Range symbols;
    Range names;
  };

  template <typename T>
  [[nodiscard]] const T* at(Size offset, Size count = 1) const;
  [[nodiscard]] Table find_table(std::uint32_t type) const;
  [[nodiscard]] std::string_view search(const Table& table, Address address) const;

  Range bytes_;
};

}  // namespace fencepost::report
