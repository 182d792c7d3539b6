#include "symbolize/file_identity.h"

#include <elfutils/libdwelf.h>
#include <fcntl.h>
#include <libelf.h>
#include <sys/stat.h>

#include <cerrno>
#include <memory>
#include <string_view>

namespace fencepost::symbolize {

namespace {

std::string hexadecimal(const unsigned char* bytes, ssize_t count) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string text;
  for (ssize_t i = 0; i < count; ++i) {
    text += kDigits[bytes[i] >> 4];
    text += kDigits[bytes[i] & 15];
  }
  return text;
}

bool agrees(std::uint64_t expected, std::uint64_t found) { return expected == 0 || expected == found; }

}  // namespace

std::string build_id_of(int descriptor) {
  elf_version(EV_CURRENT);
  const std::unique_ptr<Elf, int (*)(Elf*)> elf(elf_begin(descriptor, ELF_C_READ_MMAP, nullptr), elf_end);
  if (elf == nullptr) return {};
  const void* bits = nullptr;
  const ssize_t size = dwelf_elf_gnu_build_id(elf.get(), &bits);
  return size > 0 ? hexadecimal(static_cast<const unsigned char*>(bits), size) : "";
}

bool is_same_file(int descriptor, const ModuleFile& expected) {
  if (!expected.build_id.empty()) return build_id_of(descriptor) == expected.build_id;
  struct stat found {};
  if (fstat(descriptor, &found) != 0) return false;
  return agrees(expected.inode, found.st_ino) && agrees(expected.size, static_cast<std::uint64_t>(found.st_size)) &&
         agrees(static_cast<std::uint64_t>(expected.mtime), static_cast<std::uint64_t>(found.st_mtime));
}

Descriptor open_regular(const std::string& path) {
  Descriptor file(open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
  struct stat found {};
  if (!file || fstat(file.get(), &found) != 0) return {};
  if (S_ISREG(found.st_mode)) return file;
  errno = EINVAL;
  return {};
}

}  // namespace fencepost::symbolize
