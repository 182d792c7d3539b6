// Function names from the symbol tables of an ELF file, without allocating.
#pragma once

#include <link.h>

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

  /// The source file of that function, as its compiler named it to the linker: mostly without a folder. "" unless the
  /// function is static, which is what symbol tables tell of (STT_FILE; System V gABI, "Symbol Table"), and the file
  /// was not stripped.
  [[nodiscard]] std::string_view source_file_at(Address address) const;

  /// The same for a variable or constant; `start` is where it begins.
  [[nodiscard]] std::string_view object_at(Address address, Address& start) const;

  /// True if only exported symbols are left.
  [[nodiscard]] bool is_stripped() const { return full_table().symbols.empty(); }

  /// True if these bytes, which are not empty, stand anywhere in the file.
  [[nodiscard]] bool contains(std::string_view text) const;

  /// True if `wanted(name, address)` is, for a function that the file defines.
  template <typename Wanted>
  [[nodiscard]] bool has_function(Wanted wanted) const;

 private:
  struct Table {
    Range symbols;
    Range names;
  };

  template <typename T>
  [[nodiscard]] const T* at(Size offset, Size count = 1) const;
  [[nodiscard]] Table find_table(std::uint32_t type) const;
  using Symbol = ElfW(Sym);

  [[nodiscard]] static Size symbols_in(const Table& table);
  [[nodiscard]] static const Symbol& symbol(const Table& table, Size index);
  [[nodiscard]] static bool defines(const Symbol& symbol, unsigned type);
  [[nodiscard]] static std::string_view name(const Table& table, const Symbol& symbol);
  [[nodiscard]] static std::string_view search(const Table& table, unsigned type, Address address, Address& start);
  [[nodiscard]] std::string_view search(unsigned type, Address address, Address& start) const;
  [[nodiscard]] Table full_table() const;
  [[nodiscard]] Table dynamic_table() const;

  Range bytes_;
};

template <typename Wanted>
bool SymbolFile::has_function(Wanted wanted) const {
  for (const Table& table : {full_table(), dynamic_table()}) {
    for (Size i = 0; i < symbols_in(table); ++i) {
      const Symbol& each = symbol(table, i);
      if (defines(each, STT_FUNC) && wanted(name(table, each), each.st_value)) return true;
    }
  }
  return false;
}

}  // namespace fencepost::report
