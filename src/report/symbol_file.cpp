#include "report/symbol_file.h"

#include <elf.h>
#include <link.h>

#include <algorithm>
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

SymbolFile::Table SymbolFile::full_table() const { return find_table(SHT_SYMTAB); }
SymbolFile::Table SymbolFile::dynamic_table() const { return find_table(SHT_DYNSYM); }

Size SymbolFile::symbols_in(const Table& table) { return table.symbols.size() / sizeof(Symbol); }

const SymbolFile::Symbol& SymbolFile::symbol(const Table& table, Size index) {
  return reinterpret_cast<const Symbol*>(table.symbols.begin)[index];
}

bool SymbolFile::defines(const Symbol& symbol, unsigned type) {
  return ELF64_ST_TYPE(symbol.st_info) == type && symbol.st_shndx != SHN_UNDEF;
}

std::string_view SymbolFile::name(const Table& table, const Symbol& symbol) {
  if (symbol.st_name >= table.names.size()) return {};
  const auto* const name = reinterpret_cast<const char*>(table.names.begin + symbol.st_name);
  return {name, strnlen(name, table.names.size() - symbol.st_name)};
}

std::string_view SymbolFile::search(const Table& table, unsigned type, Address address, Address& start) {
  for (Size i = 0; i < symbols_in(table); ++i) {
    const Symbol& each = symbol(table, i);
    if (!defines(each, type) || address < each.st_value || address - each.st_value >= each.st_size) continue;
    const std::string_view found = name(table, each);
    if (found.empty()) continue;
    start = each.st_value;
    return found;
  }
  return {};
}

std::string_view SymbolFile::search(unsigned type, Address address, Address& start) const {
  const std::string_view found = search(full_table(), type, address, start);
  return found.empty() ? search(dynamic_table(), type, address, start) : found;
}

std::string_view SymbolFile::function_at(Address address) const {
  Address start = 0;
  return search(STT_FUNC, address, start);
}

std::string_view SymbolFile::source_file_at(Address address) const {
  const Table table = full_table();
  // The local symbols of each source file follow the one that names it; the global ones of all come last.
  std::string_view source;
  for (Size i = 0; i < symbols_in(table); ++i) {
    const Symbol& each = symbol(table, i);
    if (ELF64_ST_BIND(each.st_info) != STB_LOCAL) break;
    if (ELF64_ST_TYPE(each.st_info) == STT_FILE) source = name(table, each);
    if (defines(each, STT_FUNC) && address >= each.st_value && address - each.st_value < each.st_size) return source;
  }
  return {};
}

std::string_view SymbolFile::object_at(Address address, Address& start) const {
  return search(STT_OBJECT, address, start);
}

bool SymbolFile::contains(std::string_view text) const {
  const auto* const begin = reinterpret_cast<const char*>(bytes_.begin);
  const auto* const end = reinterpret_cast<const char*>(bytes_.end);
  return std::search(begin, end, text.begin(), text.end()) != end;
}

}  // namespace fencepost::report
