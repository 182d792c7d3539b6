#include "os/modules.h"

#include <dlfcn.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cstring>

#include "os/file.h"

// Weak: absent before glibc 2.35, and from fully static programs that don't need them.
extern "C" {
[[gnu::weak]] int _dl_find_object(void*, struct dl_find_object*) noexcept;
[[gnu::weak]] void* dlsym(void*, const char*) noexcept;
}

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

/// Reads "begin-end " off a line of /proc/self/maps, character by character.
class MapsLine {
 public:
  /// True when a line is complete: range() holds it.
  bool feed(char c) {
    if (c == '\n') {
      field_ = 0;
      const bool complete = true;
      return complete;
    }
    if (field_ > 1) return false;
    if (field_ == 0 && start_) range_ = {}, start_ = false;
    Address& value = field_ == 0 ? range_.begin : range_.end;
    if (c == '-' || c == ' ') {
      ++field_;
    } else {
      value = value * 16 + static_cast<Address>(c <= '9' ? c - '0' : c - 'a' + 10);
    }
    return false;
  }
  Range take() {
    start_ = true;
    return range_;
  }

 private:
  int field_ = 0;
  bool start_ = true;
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
  MapsLine line;
  for (Size n; (n = maps.read(buffer, sizeof buffer)) > 0;) {
    for (Size i = 0; i < n; ++i) {
      if (!line.feed(buffer[i])) continue;
      const Range range = line.take();
      if (range.contains(address)) return range;
    }
  }
  return {};
}

void* next_definition(const char* name) { return dlsym == nullptr ? nullptr : dlsym(RTLD_NEXT, name); }

}  // namespace fencepost::os
