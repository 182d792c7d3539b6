#include "os/modules.h"

#include <dlfcn.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cstring>

#include "os/file.h"

// Weak: absent before glibc 2.35.
extern "C" [[gnu::weak]] int _dl_find_object(void*, struct dl_find_object*) noexcept;

namespace fencepost::os {

namespace {

constinit char program[4096] = "";

/// The program headers, if the first mapping begins with the ELF header as linkers lay it out.
void find_headers(Module& module) {
  const auto* elf = reinterpret_cast<const ElfW(Ehdr)*>(module.range.begin);
  if (std::memcmp(elf->e_ident, ELFMAG, SELFMAG) != 0) return;
  module.headers = reinterpret_cast<const ElfW(Phdr)*>(module.range.begin + elf->e_phoff);
  module.header_count = elf->e_phnum;
}

/// Reads the ranges off /proc/self/maps, character by character: "begin-end rw-p …\n".
class MapsParser {
 public:
  /// True at the end of a line: range() is what it says.
  bool feed(char c) {
    if (c == '\n') {
      field_ = Field::begin;
      return true;
    }
    if (field_ == Field::rest) return false;
    if (c == '-' || c == ' ') {
      field_ = c == '-' ? Field::end : Field::rest;
      value_ = 0;
      return false;
    }
    value_ = value_ * 16 + static_cast<Address>(c <= '9' ? c - '0' : c - 'a' + 10);
    (field_ == Field::begin ? range_.begin : range_.end) = value_;
    return false;
  }
  [[nodiscard]] Range range() const { return range_; }

 private:
  enum class Field : std::uint8_t { begin, end, rest };

  Field field_ = Field::begin;
  Address value_ = 0;
  Range range_;
};

}  // namespace

bool find_module(Address address, Module& module) {
  struct dl_find_object found {};
  if (_dl_find_object == nullptr || _dl_find_object(reinterpret_cast<void*>(address), &found) != 0) return false;
  module = {};
  module.range = {reinterpret_cast<Address>(found.dlfo_map_start), reinterpret_cast<Address>(found.dlfo_map_end)};
  module.bias = found.dlfo_link_map->l_addr;
  module.path = found.dlfo_link_map->l_name;
  if (module.path == nullptr || module.path[0] == '\0') module.path = program_path();
  module.unwind_table = reinterpret_cast<Address>(found.dlfo_eh_frame);
  find_headers(module);
  return true;
}

const char* program_path() { return program; }

void remember_program_path() {
  const long n = syscall(SYS_readlinkat, -100, "/proc/self/exe", program, sizeof program - 1);
  program[n > 0 ? n : 0] = '\0';
}

Range find_mapping(Address address) {
  File maps("/proc/self/maps");
  char buffer[1024];
  MapsParser parser;
  for (Size n; (n = maps.read(buffer, sizeof buffer)) > 0;) {
    for (Size i = 0; i < n; ++i) {
      if (parser.feed(buffer[i]) && parser.range().contains(address)) return parser.range();
    }
  }
  return {};
}

}  // namespace fencepost::os
