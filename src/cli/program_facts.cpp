#include "cli/program_facts.h"

#include <fcntl.h>
#include <gelf.h>
#include <libelf.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <sstream>
#include <string_view>

namespace fencepost::cli {

namespace {

namespace fs = std::filesystem;

class File {
 public:
  explicit File(const fs::path& path) : descriptor_(open(path.c_str(), O_RDONLY | O_CLOEXEC)) {
    elf_version(EV_CURRENT);
    if (descriptor_ >= 0) elf_ = elf_begin(descriptor_, ELF_C_READ_MMAP, nullptr);
  }
  ~File() {
    elf_end(elf_);
    if (descriptor_ >= 0) close(descriptor_);
  }
  File(const File&) = delete;
  File& operator=(const File&) = delete;

  [[nodiscard]] Elf* elf() const { return elf_; }

 private:
  int descriptor_;
  Elf* elf_ = nullptr;
};

std::string text_at(Elf* elf, std::size_t strings, std::size_t offset) {
  const char* const text = elf_strptr(elf, strings, offset);
  return text == nullptr ? "" : text;
}

void note_allocator(std::string_view name, ElfFacts& facts) {
  struct Sign {
    std::string_view symbol;
    const char* allocator;
  };
  constexpr std::array<Sign, 6> kSigns{{{"mallocx", "jemalloc"},
                                        {"je_malloc", "jemalloc"},
                                        {"malloc_stats_print", "jemalloc"},
                                        {"tc_malloc", "tcmalloc"},
                                        {"TCMallocInternalMalloc", "tcmalloc"},
                                        {"mi_malloc", "mimalloc"}}};
  for (const Sign& sign : kSigns) {
    if (name == sign.symbol) facts.allocator = sign.allocator;
  }
}

/// One function or object that the file defines.
void note_definition(const std::string& name, ElfFacts& facts) {
  constexpr std::array<std::string_view, 6> kHeap{"malloc", "free", "calloc", "realloc", "_Znwm", "_ZdlPv"};
  if (std::find(kHeap.begin(), kHeap.end(), name) != kHeap.end() &&
      std::find(facts.heap_functions.begin(), facts.heap_functions.end(), name) == facts.heap_functions.end()) {
    facts.heap_functions.push_back(name);
  }
  if (name == "fencepost_is_active") facts.has_fencepost = true;
  if (name == "__asan_init" || name == "__tsan_init" || name == "__msan_init") facts.has_sanitizer = true;
  note_allocator(name, facts);
}

void read_symbols(Elf* elf, Elf_Scn* section, const GElf_Shdr& header, ElfFacts& facts) {
  Elf_Data* const data = elf_getdata(section, nullptr);
  if (data == nullptr || header.sh_entsize == 0) return;
  const std::size_t count = header.sh_size / header.sh_entsize;
  for (std::size_t index = 0; index < count; ++index) {
    GElf_Sym symbol;
    if (gelf_getsym(data, static_cast<int>(index), &symbol) == nullptr) return;
    const int type = GELF_ST_TYPE(symbol.st_info);
    const bool shared = GELF_ST_BIND(symbol.st_info) != STB_LOCAL;
    // A copy of a library's symbol that only the linker made, a "PLT entry", has no section.
    if (symbol.st_shndx == SHN_UNDEF || !shared || (type != STT_FUNC && type != STT_GNU_IFUNC)) continue;
    note_definition(text_at(elf, header.sh_link, symbol.st_name), facts);
  }
}

void read_needed(Elf* elf, Elf_Scn* section, const GElf_Shdr& header, ElfFacts& facts) {
  Elf_Data* const data = elf_getdata(section, nullptr);
  if (data == nullptr || header.sh_entsize == 0) return;
  const std::size_t count = header.sh_size / header.sh_entsize;
  for (std::size_t index = 0; index < count; ++index) {
    GElf_Dyn entry;
    if (gelf_getdyn(data, static_cast<int>(index), &entry) == nullptr || entry.d_tag == DT_NULL) return;
    if (entry.d_tag == DT_NEEDED) facts.needed.push_back(text_at(elf, header.sh_link, entry.d_un.d_val));
  }
}

std::string hexadecimal(const unsigned char* bytes, std::size_t count) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string text;
  for (std::size_t i = 0; i < count; ++i) {
    text += kDigits[bytes[i] >> 4];
    text += kDigits[bytes[i] & 15];
  }
  return text;
}

void read_build_id(Elf_Scn* section, ElfFacts& facts) {
  Elf_Data* const data = elf_getdata(section, nullptr);
  if (data == nullptr) return;
  GElf_Nhdr note;
  std::size_t name = 0;
  std::size_t description = 0;
  for (std::size_t at = 0; (at = gelf_getnote(data, at, &note, &name, &description)) != 0;) {
    const auto* const bytes = static_cast<const unsigned char*>(data->d_buf);
    const bool is_gnu = note.n_namesz == 4 && std::equal(bytes + name, bytes + name + 4, "GNU");
    if (note.n_type == NT_GNU_BUILD_ID && is_gnu) facts.build_id = hexadecimal(bytes + description, note.n_descsz);
  }
}

void read_debug_link(Elf_Scn* section, ElfFacts& facts) {
  const Elf_Data* const data = elf_getdata(section, nullptr);
  if (data == nullptr || data->d_size == 0) return;
  const std::string_view text(static_cast<const char*>(data->d_buf), data->d_size);
  facts.debug_link = text.substr(0, text.find('\0'));
}

void read_section(Elf* elf, Elf_Scn* section, const std::string& name, const GElf_Shdr& header, ElfFacts& facts) {
  if (header.sh_type == SHT_SYMTAB) facts.has_symbols = true;
  if (header.sh_type == SHT_SYMTAB || header.sh_type == SHT_DYNSYM) read_symbols(elf, section, header, facts);
  if (header.sh_type == SHT_DYNAMIC) read_needed(elf, section, header, facts);
  if (header.sh_type == SHT_NOTE) read_build_id(section, facts);
  if (name == ".debug_info" || name == ".zdebug_info") facts.has_debug_info = true;
  if (name == ".gnu_debuglink") read_debug_link(section, facts);
}

void read_sections(Elf* elf, ElfFacts& facts) {
  std::size_t names = 0;
  if (elf_getshdrstrndx(elf, &names) != 0) return;
  for (Elf_Scn* section = nullptr; (section = elf_nextscn(elf, section)) != nullptr;) {
    GElf_Shdr header;
    if (gelf_getshdr(section, &header) == nullptr) continue;
    read_section(elf, section, text_at(elf, names, header.sh_name), header, facts);
  }
}

void read_segments(Elf* elf, ElfFacts& facts) {
  std::size_t count = 0;
  if (elf_getphdrnum(elf, &count) != 0) return;
  for (std::size_t index = 0; index < count; ++index) {
    GElf_Phdr header;
    if (gelf_getphdr(elf, static_cast<int>(index), &header) == nullptr) return;
    facts.dynamic = facts.dynamic || header.p_type == PT_INTERP;
  }
}

bool is_sanitizer(const std::string& library) {
  return library.starts_with("libasan.") || library.starts_with("libtsan.") || library.starts_with("liblsan.");
}

}  // namespace

std::optional<ElfFacts> read_elf(const fs::path& file) {
  const File opened(file);
  GElf_Ehdr header;
  if (opened.elf() == nullptr || elf_kind(opened.elf()) != ELF_K_ELF) return {};
  if (gelf_getehdr(opened.elf(), &header) == nullptr) return {};
  ElfFacts facts;
  facts.machine = header.e_machine;
  read_segments(opened.elf(), facts);
  read_sections(opened.elf(), facts);
  if (std::any_of(facts.needed.begin(), facts.needed.end(), is_sanitizer)) facts.has_sanitizer = true;
  return facts;
}

std::vector<std::string> script_interpreter(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  std::string line(256, '\0');  // the kernel reads no more (BINPRM_BUF_SIZE)
  in.read(line.data(), static_cast<std::streamsize>(line.size()));
  line.resize(static_cast<std::size_t>(in.gcount()));
  if (!line.starts_with("#!")) return {};
  std::istringstream words(line.substr(2, line.find('\n') - 2));
  std::vector<std::string> parts;
  std::string rest;
  if (words >> rest) parts.push_back(rest);
  if (std::getline(words >> std::ws, rest) && !rest.empty())
    parts.push_back(rest.substr(0, rest.find_last_not_of(" \t\r") + 1));
  return parts;
}

bool raises_rights(const fs::path& file) {
  struct stat status {};
  if (stat(file.c_str(), &status) != 0) return false;
  if ((status.st_mode & S_ISUID) != 0 && status.st_uid != getuid()) return true;
  if ((status.st_mode & S_ISGID) != 0 && status.st_gid != getgid()) return true;
  return getuid() != 0 && getxattr(file.c_str(), "security.capability", nullptr, 0) > 0;
}

fs::path find_debug_file(const fs::path& program, const ElfFacts& facts) {
  std::vector<fs::path> candidates;
  const fs::path all = "/usr/lib/debug";
  if (facts.build_id.size() > 2) {
    candidates.push_back(all / ".build-id" / facts.build_id.substr(0, 2) / (facts.build_id.substr(2) + ".debug"));
  }
  std::error_code error;
  const fs::path directory = fs::canonical(program, error).parent_path();
  if (!facts.debug_link.empty()) {
    candidates.push_back(directory / facts.debug_link);
    candidates.push_back(directory / ".debug" / facts.debug_link);
    candidates.push_back(all / directory.relative_path() / facts.debug_link);
  }
  for (const fs::path& candidate : candidates) {
    if (fs::is_regular_file(candidate, error)) return candidate;
  }
  return {};
}

}  // namespace fencepost::cli
