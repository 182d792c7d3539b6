#include "report/symbol_file.h"

#include <elf.h>
#include <link.h>

#include <cstring>

#include "base/align.h"
#include "os/file.h"
#include "os/pages.h"

namespace fencepost::report {

namespace {
#if defined(__x86_64__)
constexpr auto kMachine = EM_X86_64;
#elif defined(__aarch64__)
constexpr auto kMachine = EM_AARCH64;
#endif
}  // namespace

SymbolFile::SymbolFile(const char* path) : bytes_(os::File(path).map()) {}

void SymbolFile::close() {
  if (!bytes_.empty()) os::give_back(bytes_);
  bytes_ = {};
}

template <typename T>
const T* SymbolFile::at(Size offset, Size count) const {
  if (offset > bytes_.size() || count > (bytes_.size() - offset) / sizeof(T)) return nullptr;
  if (!is_aligned(bytes_.begin + offset, alignof(T))) return nullptr;
  return reinterpret_cast<const T*>(bytes_.begin + offset);
}

SymbolFile::Table SymbolFile::find_table(std::uint32_t type) const {
  const auto* const header = at<ElfW(Ehdr)>(0);
  if (header == nullptr || std::memcmp(header->e_ident, ELFMAG, SELFMAG) != 0) return {};
  if (header->e_ident[EI_CLASS] != ELFCLASS64 || header->e_ident[EI_DATA] != ELFDATA2LSB) return {};
  if (header->e_machine != kMachine) return {};
  const auto* const sections = at<ElfW(Shdr)>(header->e_shoff, header->e_shnum);
  if (sections == nullptr) return {};
  for (Size i = 0; i < header->e_shnum; ++i) {
    const ElfW(Shdr)& section = sections[i];
    if (section.sh_type != type || section.sh_link >= header->e_shnum) continue;
    const ElfW(Shdr)& names = sections[section.sh_link];
    const auto* const symbols = at<ElfW(Sym)>(section.sh_offset, section.sh_size / sizeof(ElfW(Sym)));
    const auto* const strings = at<char>(names.sh_offset, names.sh_size);
    if (symbols == nullptr || strings == nullptr) continue;
    const auto first_symbol = reinterpret_cast<Address>(symbols);
    const auto first_name = reinterpret_cast<Address>(strings);
    return {{first_symbol, first_symbol + section.sh_size}, {first_name, first_name + names.sh_size}};
  }
  return {};
}

std::string_view SymbolFile::search(const Table& table, Address address) const {
  if (table.symbols.empty()) return {};
  const auto* const symbols = reinterpret_cast<const ElfW(Sym)*>(table.symbols.begin);
  const Size count = table.symbols.size() / sizeof(ElfW(Sym));
  for (Size i = 0; i < count; ++i) {
    const ElfW(Sym)& symbol = symbols[i];
    if (ELF64_ST_TYPE(symbol.st_info) != STT_FUNC || symbol.st_shndx == SHN_UNDEF) continue;
    if (address < symbol.st_value || address - symbol.st_value >= symbol.st_size) continue;
    if (symbol.st_name >= table.names.size()) continue;
    const auto* const name = reinterpret_cast<const char*>(table.names.begin + symbol.st_name);
    return {name, strnlen(name, table.names.size() - symbol.st_name)};
  }
  return {};
}

std::string_view SymbolFile::function_at(Address address) const {
  for (const std::uint32_t type : {SHT_SYMTAB, SHT_DYNSYM}) {
    const std::string_view name = search(find_table(type), address);
    if (!name.empty()) return name;
  }
  return {};
}

}  // namespace fencepost::report
