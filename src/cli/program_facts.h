// What can be said about a program's file without running it.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace fencepost::cli {

/// What an ELF file shows of itself.
struct ElfFacts {
  unsigned machine = 0;                     ///< EM_*, from <elf.h>
  bool dynamic = false;                     ///< the loader starts it (PT_INTERP), so LD_PRELOAD is heard
  bool has_symbols = false;                 ///< a .symtab
  bool has_debug_info = false;              ///< a .debug_info of its own
  std::string build_id;                     ///< hexadecimal; empty: none
  std::string debug_link;                   ///< file name of its separate debug file; empty: none
  std::vector<std::string> needed;          ///< DT_NEEDED
  std::vector<std::string> heap_functions;  ///< those of malloc's family that it defines itself
  std::string allocator;                    ///< "jemalloc", "tcmalloc" or "mimalloc", if it has one inside
  bool has_fencepost = false;               ///< libfencepost.a is linked in
  bool has_sanitizer = false;               ///< AddressSanitizer or a relative, linked in or needed
};

/// Reads the file as ELF; nothing if it is none, or a broken one.
[[nodiscard]] std::optional<ElfFacts> read_elf(const std::filesystem::path& file);

/// "#!" and what follows, taken apart as execve(2) does: the interpreter and at most one argument. Empty if
/// the file does not begin so.
[[nodiscard]] std::vector<std::string> script_interpreter(const std::filesystem::path& file);

/// True if the kernel would start the file with more rights than the caller has: set-user-ID or set-group-ID
/// to somebody else, or file capabilities. The loader then ignores LD_PRELOAD.
[[nodiscard]] bool raises_rights(const std::filesystem::path& file);

/// The separate debug file of a program, if it is where debuggers look: by build id, then by debug link.
[[nodiscard]] std::filesystem::path find_debug_file(const std::filesystem::path& program, const ElfFacts& facts);

}  // namespace fencepost::cli
