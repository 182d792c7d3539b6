// Loaded modules and mappings, found without the loader's locks.
#pragma once

#include <link.h>

#include <string_view>

#include "base/range.h"
#include "base/types.h"

namespace fencepost::os {

/// A program or shared object as the loader mapped it.
struct Module {
  Range range;
  Address bias = 0;  ///< what was added to the addresses in the file
  const char* path = "";
  const ElfW(Phdr) * headers = nullptr;  ///< null if they are not in memory
  Size header_count = 0;
  Address unwind_table = 0;  ///< its .eh_frame_hdr (PT_GNU_EH_FRAME), or 0
};

/// The module that contains `address`, by glibc's lock-free _dl_find_object (2.35). False if there is none
/// or the libc is older. The path lives as long as the module. Context: anywhere, signal handlers too.
[[nodiscard]] bool find_module(Address address, Module& module);

/// The path of the running program, or "" before `remember_program_path`. Context: anywhere.
[[nodiscard]] const char* program_path();
void remember_program_path();

/// One line of /proc/self/maps.
struct Mapping {
  Range range;
  bool readable = false;
  bool writable = false;
  bool executable = false;

  [[nodiscard]] bool is_open() const { return readable || writable || executable; }
};

/// What lies at an address, and above it.
struct Surroundings {
  Mapping here;   ///< an empty range: nothing is mapped there
  Mapping above;  ///< the first open mapping that begins above the address; an empty range: there is none
};

/// Context: anywhere, but slow.
[[nodiscard]] Surroundings find_surroundings(Address address);

/// The mapping in /proc/self/maps that contains `address`, or an empty range. Context: anywhere, but slow.
[[nodiscard]] Range find_mapping(Address address);

}  // namespace fencepost::os
