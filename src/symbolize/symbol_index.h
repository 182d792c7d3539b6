// The functions of a module's symbol tables.
#pragma once

#include <elfutils/libdwfl.h>

#include <cstdint>
#include <string>
#include <vector>

#include "symbolize/intervals.h"

namespace fencepost::symbolize {

/// .symtab of the file or of its debug file; otherwise .dynsym, and what .gnu_debugdata adds to it.
class SymbolIndex {
 public:
  /// Reads all symbols, which are found at `bias` above their own addresses.
  explicit SymbolIndex(Dwfl_Module* module);

  /// The raw symbol of the function whose code holds the address, or "". One that has no size, as functions
  /// in assembler, reaches to the next.
  [[nodiscard]] std::string at(std::uint64_t address) const;

 private:
  struct Symbol {
    std::uint64_t begin;
    std::uint64_t size;
    unsigned char binding;
    const char* name;  ///< in the file's own table
  };

  [[nodiscard]] static bool is_better(const Symbol& one, const Symbol& other);
  void add(const GElf_Sym& symbol, std::uint64_t address, std::uint32_t section, const char* name);
  void put_in_order();

  std::vector<Symbol> symbols_;
  Intervals<std::size_t> code_;
};

}  // namespace fencepost::symbolize
