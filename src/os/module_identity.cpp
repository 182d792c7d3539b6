#include "os/module_identity.h"

#include <elf.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cstring>

#include "base/align.h"
#include "os/attempt.h"
#include "os/errno_scope.h"

namespace fencepost::os {

namespace {

/// ELF gABI, "Note Section": name and descriptor of each entry are padded to the segment's alignment, 4 or 8.
void search_notes(Range notes, Size alignment, BuildId& id) {
  for (Address at = notes.begin; notes.end - at >= sizeof(ElfW(Nhdr));) {
    const auto& note = *reinterpret_cast<const ElfW(Nhdr)*>(at);
    const Address name = at + sizeof note;
    const Address bytes = align_up(name + note.n_namesz, alignment);
    const Address next = align_up(bytes + note.n_descsz, alignment);
    if (bytes < name || next < bytes || bytes + note.n_descsz > notes.end) return;
    const bool is_build_id = note.n_type == NT_GNU_BUILD_ID && note.n_namesz == sizeof ELF_NOTE_GNU &&
                             std::memcmp(reinterpret_cast<const void*>(name), ELF_NOTE_GNU, sizeof ELF_NOTE_GNU) == 0;
    if (is_build_id && note.n_descsz <= BuildId::kCapacity) {
      std::memcpy(id.bytes, reinterpret_cast<const void*>(bytes), note.n_descsz);
      id.size = note.n_descsz;
    }
    if (is_build_id || next > notes.end) return;
    at = next;
  }
}

}  // namespace

BuildId read_build_id(const Module& module) {
  BuildId id;
  // Another thread may be unloading it.
  const bool survived = attempt([&] {
    for (Size i = 0; i < module.header_count && id.size == 0; ++i) {
      const ElfW(Phdr)& header = module.headers[i];
      const Address begin = module.bias + header.p_vaddr;
      const Range notes{begin, begin + header.p_memsz};
      if (header.p_type != PT_NOTE || notes.begin < module.range.begin || notes.end > module.range.end) continue;
      search_notes(notes, header.p_align == 8 ? 8 : 4, id);
    }
  });
  return survived ? id : BuildId{};
}

bool read_file_status(const char* path, FileStatus& status) {
  const ErrnoScope errno_scope;
  struct stat found {};
  if (syscall(SYS_newfstatat, AT_FDCWD, path, &found, 0) != 0) return false;
  status = {found.st_ino, static_cast<std::uint64_t>(found.st_size), found.st_mtim.tv_sec};
  return true;
}

}  // namespace fencepost::os
