#include "report/symbol_file.h"

#include <dlfcn.h>

#include <catch2/catch.hpp>
#include <cstddef>
#include <random>

#include "os/modules.h"
#include "os/pages.h"
#include "report/elf_file.h"
#include "support.h"

using namespace fencepost;
using report::SymbolFile;
using test::elf_file;

namespace {

[[gnu::noinline]] int a_static_function(int value) {
  asm volatile("" : "+r"(value));
  return value;
}

/// Bytes in memory of their own that ends, or begins, at an inaccessible page: a reader that strays dies.
class FencedBytes {
 public:
  explicit FencedBytes(const std::string& bytes)
      : pages_(os::reserve((bytes.size() / kPageSize + 3) * kPageSize)),
        range_{pages_.end - kPageSize - (bytes.size() + 7) / 8 * 8, 0} {
    range_.end = range_.begin + bytes.size();
    if (!os::open_pages({pages_.begin + kPageSize, pages_.end - kPageSize})) std::abort();
    std::memcpy(reinterpret_cast<void*>(range_.begin), bytes.data(), bytes.size());
  }
  ~FencedBytes() { os::give_back(pages_); }
  FencedBytes(const FencedBytes&) = delete;
  FencedBytes& operator=(const FencedBytes&) = delete;

  [[nodiscard]] Range range() const { return range_; }
  [[nodiscard]] char& operator[](Size index) { return reinterpret_cast<char*>(range_.begin)[index]; }

 private:
  Range pages_;
  Range range_;
};

std::string function_in(const std::string& bytes, Address address) {
  const FencedBytes fenced(bytes);
  return std::string(SymbolFile(fenced.range()).function_at(address));
}

/// Names every part of the file as long as it can be read; what they are does not matter.
Size look_everywhere(Range bytes) {
  const SymbolFile file(bytes);
  Size total = 0;
  for (const Address address : {Address{0}, Address{0x1000}, Address{0x1010}, Address{0x2000}, ~Address{0}}) {
    total += file.function_at(address).size() + file.source_file_at(address).size();
  }
  return total;
}

std::string two_functions() { return elf_file({{"first", 0x1000, 0x20}, {"second", 0x1020, 0x10}}); }

}  // namespace

TEST_CASE("static functions of this very program are found", "[report]") {
  os::remember_program_path();
  SymbolFile program(os::program_path());
  os::Module module;
  const auto code = reinterpret_cast<Address>(&a_static_function);
  REQUIRE(os::find_module(code, module));
  const std::string name(program.function_at(code - module.bias));
  CHECK(name.find("a_static_function") != std::string::npos);
  CHECK(program.function_at(code - module.bias + 1) == name);
  program.close();
  CHECK(program.function_at(code - module.bias).empty());
}

TEST_CASE("the source file of a static function of this very program is found", "[report]") {
  os::remember_program_path();
  SymbolFile program(os::program_path());
  os::Module module;
  const auto code = reinterpret_cast<Address>(&a_static_function);
  REQUIRE(os::find_module(code, module));
  CHECK(program.source_file_at(code - module.bias) == "symbol_file_test.cpp");
  program.close();
}

TEST_CASE("a source file is that of the local symbols after it, and of no others", "[report]") {
  const auto file = [](const char* name) { return test::Symbol{name, 0, 0, STT_FILE, SHN_ABS}; };
  const FencedBytes bytes(elf_file({{"stray", 0x500, 0x10},
                                    file("first.c"),
                                    {"one", 0x1000, 0x10},
                                    {"data", 0x2000, 0x10, STT_OBJECT},
                                    file("second.c"),
                                    {"two", 0x1010, 0x10},
                                    {"everybodys", 0x1020, 0x10, STT_FUNC, 1, STB_GLOBAL}}));
  const SymbolFile symbols(bytes.range());
  CHECK(symbols.source_file_at(0x1000) == "first.c");
  CHECK(symbols.source_file_at(0x100f) == "first.c");
  CHECK(symbols.source_file_at(0x1010) == "second.c");
  CHECK(symbols.source_file_at(0x1020).empty());
  CHECK(symbols.source_file_at(0x2000).empty());
  CHECK(symbols.source_file_at(0x500).empty());
  CHECK(symbols.source_file_at(0x3000).empty());
}

TEST_CASE("a stripped library's exported functions are found", "[report]") {
  const auto code = reinterpret_cast<Address>(dlsym(RTLD_DEFAULT, "strtoumax"));
  os::Module module;
  REQUIRE(os::find_module(code, module));
  SymbolFile library(module.path);
  CHECK_FALSE(library.function_at(code - module.bias).empty());
  library.close();
}

TEST_CASE("a function reaches from its first byte to its last", "[report]") {
  const std::string file = two_functions();
  CHECK(function_in(file, 0xfff).empty());
  CHECK(function_in(file, 0x1000) == "first");
  CHECK(function_in(file, 0x101f) == "first");
  CHECK(function_in(file, 0x1020) == "second");
  CHECK(function_in(file, 0x102f) == "second");
  CHECK(function_in(file, 0x1030).empty());
}

TEST_CASE("dynamic symbols serve where there are no others", "[report]") {
  CHECK(function_in(elf_file({{"exported", 0x1000, 0x20}}, SHT_DYNSYM), 0x1010) == "exported");
}

TEST_CASE("data, undefined functions and functions without a size are no names for code", "[report]") {
  CHECK(function_in(elf_file({{"data", 0x1000, 0x20, STT_OBJECT}}), 0x1010).empty());
  CHECK(function_in(elf_file({{"elsewhere", 0x1000, 0x20, STT_FUNC, SHN_UNDEF}}), 0x1010).empty());
  CHECK(function_in(elf_file({{"unsized", 0x1000, 0}}), 0x1000).empty());
}

TEST_CASE("what is no ELF file of this machine has no symbols", "[report]") {
  const std::string good = two_functions();
  const auto changed = [&](Size offset, char value) {
    std::string bytes = good;
    bytes[offset] = value;
    return bytes;
  };
  CHECK(function_in("", 0x1000).empty());
  CHECK(function_in("no ELF file at all, but a text that is longer than an ELF header is", 0x1000).empty());
  CHECK(function_in(changed(0, 'x'), 0x1000).empty());
  CHECK(function_in(changed(EI_CLASS, ELFCLASS32), 0x1000).empty());
  CHECK(function_in(changed(EI_DATA, ELFDATA2MSB), 0x1000).empty());
  CHECK(function_in(changed(offsetof(Elf64_Ehdr, e_machine), static_cast<char>(test::kOtherMachine)), 0x1000).empty());
}

TEST_CASE("files that are not there, empty or no files have no symbols", "[report]") {
  const test::TempFile empty;
  for (const char* const path : {"/nonexistent/file", "/", "/dev/null", empty.path().c_str()}) {
    SymbolFile file(path);
    CHECK(file.function_at(0x1000).empty());
    file.close();
  }
  CHECK(SymbolFile().function_at(0).empty());
}

TEST_CASE("a name without an end stops at the end of the file", "[report]") {
  std::string bytes = two_functions();
  bytes.pop_back();
  bytes.back() = 'd';
  Elf64_Ehdr header;
  std::memcpy(&header, bytes.data(), sizeof header);
  const Size names_size = header.e_shoff + 2 * sizeof(Elf64_Shdr) + offsetof(Elf64_Shdr, sh_size);
  const Elf64_Xword one_less = std::string("\0first\0second", 13).size();
  std::memcpy(&bytes[names_size], &one_less, sizeof one_less);
  CHECK(function_in(bytes, 0x1020) == "second");
}

TEST_CASE("a file that was cut short never leads outside of it", "[report]") {
  CHECK(test::holds_in_child([] {
    const std::string whole = two_functions();
    for (Size length = 0; length <= whole.size(); ++length) {
      const FencedBytes fenced(whole.substr(0, length));
      static_cast<void>(look_everywhere(fenced.range()));
    }
    return true;
  }));
}

TEST_CASE("a real file that was cut short never leads outside of it", "[report]") {
  CHECK(test::holds_in_child([] {
    const std::string whole = test::read_file(FENCEPOST_TEST_MODULE);
    if (whole.size() < sizeof(Elf64_Ehdr)) return false;
    for (Size length = 0; length <= whole.size(); length += length < 256 ? 1 : 61) {
      const FencedBytes fenced(whole.substr(0, length));
      static_cast<void>(look_everywhere(fenced.range()));
    }
    return true;
  }));
}

TEST_CASE("no single wrong byte leads outside of the file", "[report]") {
  CHECK(test::holds_in_child([] {
    FencedBytes bytes(two_functions());
    for (Size index = 0; index < bytes.range().size(); ++index) {
      const char before = bytes[index];
      for (int value = 0; value < 256; ++value) {
        bytes[index] = static_cast<char>(value);
        static_cast<void>(look_everywhere(bytes.range()));
      }
      bytes[index] = before;
    }
    return look_everywhere(bytes.range()) == 10;
  }));
}

TEST_CASE("no few wrong bytes lead outside of a real file", "[report]") {
  CHECK(test::holds_in_child([] {
    const std::string whole = test::read_file(FENCEPOST_TEST_MODULE);
    FencedBytes bytes(whole);
    Elf64_Ehdr header;
    std::memcpy(&header, whole.data(), sizeof header);
    std::mt19937 random(1);
    for (int turn = 0; turn < 20000; ++turn) {
      Size changed[4];
      for (Size& index : changed) {
        const bool in_header = random() % 2 == 0;
        index =
            in_header ? random() % sizeof header : header.e_shoff + random() % (header.e_shnum * sizeof(Elf64_Shdr));
        bytes[index] = static_cast<char>(random());
      }
      static_cast<void>(look_everywhere(bytes.range()));
      for (const Size index : changed) bytes[index] = whole[index];
    }
    return true;
  }));
}

TEST_CASE("a variable reaches from its first byte to its last, and is no function", "[report]") {
  const FencedBytes file(elf_file({{"code", 0x1000, 0x20}, {"counter", 0x4000, 8, STT_OBJECT}}));
  const SymbolFile symbols(file.range());
  Address start = 0;
  CHECK(symbols.object_at(0x3fff, start).empty());
  CHECK(symbols.object_at(0x4007, start) == "counter");
  CHECK(start == 0x4000);
  CHECK(symbols.object_at(0x4008, start).empty());
  CHECK(symbols.object_at(0x1000, start).empty());
}

TEST_CASE("all functions that a file defines can be asked about", "[report]") {
  const FencedBytes file(
      elf_file({{"first", 0x1000, 0x20}, {"wanted", 0x1020, 0x10}, {"imported", 0, 0, STT_FUNC, SHN_UNDEF}}));
  const SymbolFile symbols(file.range());
  const auto has = [&](std::string_view wanted) {
    return symbols.has_function([=](std::string_view name, Address) { return name == wanted; });
  };
  CHECK(has("first"));
  CHECK(has("wanted"));
  CHECK_FALSE(has("imported"));
  CHECK_FALSE(has("absent"));
  CHECK(symbols.has_function([](std::string_view, Address address) { return address == 0x1020; }));
}

TEST_CASE("a file is searched from its first byte to its last", "[report]") {
  const std::string bytes = two_functions();
  const FencedBytes file(bytes);
  const SymbolFile symbols(file.range());
  CHECK(symbols.contains(bytes));
  CHECK(symbols.contains(std::string_view("\0first", 6)));
  CHECK(symbols.contains(std::string_view("second\0", 7)));
  CHECK_FALSE(symbols.contains("third"));
  CHECK_FALSE(symbols.contains(bytes + "x"));
  CHECK_FALSE(SymbolFile().contains("x"));
}

TEST_CASE("a file with exported symbols alone is stripped", "[report]") {
  const FencedBytes whole(two_functions());
  const FencedBytes stripped(elf_file({{"exported", 0x1000, 0x20}}, SHT_DYNSYM));
  CHECK_FALSE(SymbolFile(whole.range()).is_stripped());
  CHECK(SymbolFile(stripped.range()).is_stripped());
}
