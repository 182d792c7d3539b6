#include "os/module_identity.h"

#include <sys/stat.h>

#include <catch2/catch.hpp>
#include <cstring>
#include <string>
#include <vector>

#include "support.h"

using namespace fencepost;

namespace {

struct Note {
  std::uint32_t type;
  std::string name;
  std::string bytes;
};

/// Notes in memory, as a module has them.
class Notes {
 public:
  explicit Notes(const std::vector<Note>& notes, Size alignment = 4) {
    for (const Note& note : notes) {
      const ElfW(Nhdr) header{static_cast<std::uint32_t>(note.name.size()),
                              static_cast<std::uint32_t>(note.bytes.size()), note.type};
      memory_.append(reinterpret_cast<const char*>(&header), sizeof header);
      for (const std::string& part : {note.name, note.bytes}) {
        memory_.append(part);
        memory_.resize((memory_.size() + alignment - 1) / alignment * alignment);
      }
    }
    header_.p_type = PT_NOTE;
    header_.p_memsz = memory_.size();
    header_.p_align = alignment;
  }
  [[nodiscard]] os::Module module() const {
    const auto begin = reinterpret_cast<Address>(memory_.data());
    os::Module module;
    module.range = {begin, begin + memory_.size()};
    module.bias = begin;
    module.headers = &header_;
    module.header_count = 1;
    return module;
  }
  std::string& memory() { return memory_; }

 private:
  std::string memory_;
  ElfW(Phdr) header_{};
};

std::string id_of(const Notes& notes) {
  const os::BuildId id = os::read_build_id(notes.module());
  return {reinterpret_cast<const char*>(id.bytes), id.size};
}

const std::string kGnu("GNU", 4);

}  // namespace

TEST_CASE("a build id is found among other notes", "[os]") {
  CHECK(id_of(Notes({{NT_GNU_BUILD_ID, kGnu, "0123456789abcdefghij"}})) == "0123456789abcdefghij");
  CHECK(id_of(Notes({{1, kGnu, "odd"}, {NT_GNU_BUILD_ID, "FreeBSD", "no"}, {NT_GNU_BUILD_ID, kGnu, "me"}})) == "me");
  CHECK(id_of(Notes({{5, kGnu, "property"}, {NT_GNU_BUILD_ID, kGnu, "12345678"}}, 8)) == "12345678");
}

TEST_CASE("no build id is made up", "[os]") {
  CHECK(id_of(Notes({})).empty());
  CHECK(id_of(Notes({{1, kGnu, "abi"}})).empty());
  CHECK(id_of(Notes({{NT_GNU_BUILD_ID, kGnu, std::string(33, 'x')}})).empty());
}

TEST_CASE("notes that say they are longer than their segment are not believed", "[os]") {
  for (const Size field : {Size{0}, sizeof(std::uint32_t)}) {
    Notes notes({{NT_GNU_BUILD_ID, kGnu, "0123456789abcdefghij"}});
    const std::uint32_t huge = 0xfffffff0;
    std::memcpy(notes.memory().data() + field, &huge, sizeof huge);
    CHECK(id_of(notes).empty());
  }
}

TEST_CASE("notes outside of their module are not read", "[os]") {
  const Notes notes({{NT_GNU_BUILD_ID, kGnu, "0123"}});
  os::Module module = notes.module();
  module.range.end -= 1;
  CHECK(os::read_build_id(module).size == 0);
}

TEST_CASE("this program's build id is the one in its file", "[os]") {
  os::remember_program_path();
  os::Module module;
  REQUIRE(os::find_module(test::address_of(&kGnu), module));
  const os::BuildId id = os::read_build_id(module);
  // The build may have none (-Wl,--build-id=none); if it has one, the file has the same bytes.
  const std::string bytes(reinterpret_cast<const char*>(id.bytes), id.size);
  CHECK(test::read_file(os::program_path()).find(bytes) != std::string::npos);
}

TEST_CASE("a file's status is what stat says", "[os]") {
  const test::TempFile file("twelve bytes");
  struct stat expected {};
  REQUIRE(stat(file.path().c_str(), &expected) == 0);
  os::FileStatus status;
  REQUIRE(os::read_file_status(file.path().c_str(), status));
  CHECK(status.inode == expected.st_ino);
  CHECK(status.size == 12);
  CHECK(status.modification_time == expected.st_mtime);
  CHECK(!os::read_file_status("/nonexistent", status));
}
