// A small ELF file made of what a symbol reader looks at.
#pragma once

#include <elf.h>

#include <cstring>
#include <string>
#include <vector>

#include "base/types.h"

namespace fencepost::test {

struct Symbol {
  std::string name;
  Address address;
  Size size;
  unsigned char type = STT_FUNC;
  std::uint16_t section = 1;
  unsigned char binding = STB_LOCAL;
};

namespace detail {

template <typename T>
void append(std::string& bytes, const T& value) {
  bytes.append(reinterpret_cast<const char*>(&value), sizeof value);
}

}  // namespace detail

#if defined(__x86_64__)
inline constexpr std::uint16_t kThisMachine = EM_X86_64;
inline constexpr std::uint16_t kOtherMachine = EM_AARCH64;
#else
inline constexpr std::uint16_t kThisMachine = EM_AARCH64;
inline constexpr std::uint16_t kOtherMachine = EM_X86_64;
#endif

/// An ELF file of this machine: header, section headers (none, symbols, names), symbols, names.
[[nodiscard]] inline std::string elf_file(const std::vector<Symbol>& symbols, std::uint32_t table = SHT_SYMTAB) {
  std::string names(1, '\0');
  std::string entries;
  for (const Symbol& symbol : symbols) {
    Elf64_Sym entry{};
    entry.st_name = static_cast<Elf64_Word>(names.size());
    entry.st_info = static_cast<unsigned char>(ELF64_ST_INFO(symbol.binding, symbol.type));
    entry.st_shndx = symbol.section;
    entry.st_value = symbol.address;
    entry.st_size = symbol.size;
    detail::append(entries, entry);
    names.append(symbol.name).push_back('\0');
  }
  Elf64_Ehdr header{};
  std::memcpy(header.e_ident, ELFMAG, SELFMAG);
  header.e_ident[EI_CLASS] = ELFCLASS64;
  header.e_ident[EI_DATA] = ELFDATA2LSB;
  header.e_ident[EI_VERSION] = EV_CURRENT;
  header.e_type = ET_DYN;
  header.e_machine = kThisMachine;
  header.e_version = EV_CURRENT;
  header.e_ehsize = sizeof header;
  header.e_shentsize = sizeof(Elf64_Shdr);
  header.e_shoff = sizeof header;
  header.e_shnum = 3;
  Elf64_Shdr sections[3]{};
  sections[1].sh_type = table;
  sections[1].sh_offset = sizeof header + sizeof sections;
  sections[1].sh_size = entries.size();
  sections[1].sh_link = 2;
  sections[1].sh_entsize = sizeof(Elf64_Sym);
  sections[2].sh_type = SHT_STRTAB;
  sections[2].sh_offset = sections[1].sh_offset + entries.size();
  sections[2].sh_size = names.size();
  std::string bytes;
  detail::append(bytes, header);
  detail::append(bytes, sections);
  return bytes + entries + names;
}

}  // namespace fencepost::test
