#include "symbolize/symbol_index.h"

#include <algorithm>
#include <optional>
#include <string_view>
#include <tuple>

namespace fencepost::symbolize {

SymbolIndex::SymbolIndex(Dwfl_Module* module) {
  const int count = dwfl_module_getsymtab(module);
  for (int i = 0; i < count; ++i) {
    GElf_Sym symbol{};
    GElf_Addr address = 0;
    GElf_Word section = SHN_UNDEF;
    const char* const name = dwfl_module_getsym_info(module, i, &symbol, &address, &section, nullptr, nullptr);
    if (name != nullptr && *name != '\0') add(symbol, address, section, name);
  }
  put_in_order();
}

std::string SymbolIndex::at(std::uint64_t address) const {
  std::optional<std::size_t> best;
  code_.for_each_holding(address, [&](std::uint64_t, std::uint64_t, std::size_t index) {
    if (!best || is_better(symbols_[index], symbols_[*best])) best = index;
  });
  return best ? symbols_[*best].name : "";
}

/// Of several names of one function the one that its users see, so that malloc is not called __libc_malloc.
bool SymbolIndex::is_better(const Symbol& one, const Symbol& other) {
  const auto rank = [](const Symbol& symbol) {
    const std::string_view name = symbol.name;
    const std::size_t underscores = name.starts_with("_Z") ? 0 : name.find_first_not_of('_');
    const bool is_sized = symbol.size > 0;
    return std::tuple(!is_sized, ~symbol.begin, symbol.binding == STB_LOCAL, underscores, name.size(), name);
  };
  return rank(one) < rank(other);
}

void SymbolIndex::add(const GElf_Sym& symbol, std::uint64_t address, std::uint32_t section, const char* name) {
  const int type = GELF_ST_TYPE(symbol.st_info);
  const bool is_code = type == STT_FUNC || type == STT_GNU_IFUNC || (type == STT_NOTYPE && symbol.st_size == 0);
  if (!is_code || section == SHN_UNDEF || section == SHN_ABS) return;
  symbols_.push_back({address, symbol.st_size, static_cast<unsigned char>(GELF_ST_BIND(symbol.st_info)), name});
}

void SymbolIndex::put_in_order() {
  std::stable_sort(symbols_.begin(), symbols_.end(),
                   [](const Symbol& one, const Symbol& other) { return one.begin < other.begin; });
  std::uint64_t next = 0;
  for (std::size_t i = symbols_.size(); i-- > 0;) {
    const Symbol& symbol = symbols_[i];
    if (i + 1 < symbols_.size() && symbols_[i + 1].begin > symbol.begin) next = symbols_[i + 1].begin;
    code_.add(symbol.begin, symbol.size > 0 ? symbol.begin + symbol.size : next, i);
  }
  code_.put_in_order();
}

}  // namespace fencepost::symbolize
