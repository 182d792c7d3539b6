#include "cli/program_facts.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <fstream>

#include "cli/findings_file.h"

using namespace fencepost::cli;
using Words = std::vector<std::string>;
namespace fs = std::filesystem;

namespace {

/// A file that is gone at the end.
class SomeFile {
 public:
  explicit SomeFile(const std::string& content) { std::ofstream(path(), std::ios::binary) << content; }
  [[nodiscard]] const fs::path& path() const { return file_.path(); }

 private:
  FindingsFile file_;
};

Words interpreter(const std::string& content) { return script_interpreter(SomeFile(content).path()); }

std::string own_bytes() {
  std::ifstream file("/proc/self/exe", std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

}  // namespace

TEST_CASE("the first line of a script is taken apart as the kernel does", "[cli]") {
  CHECK(interpreter("#!/bin/sh\necho") == Words{"/bin/sh"});
  CHECK(interpreter("#! /bin/sh -e -u \nx") == Words{"/bin/sh", "-e -u"});
  CHECK(interpreter("#!/usr/bin/env python3") == Words{"/usr/bin/env", "python3"});
  CHECK(interpreter("#!\n").empty());
  CHECK(interpreter("").empty());
  CHECK(interpreter("\x7f"
                    "ELF")
            .empty());
  CHECK(script_interpreter("/no/such/file").empty());
}

TEST_CASE("this program's own file", "[cli]") {
  const std::optional<ElfFacts> facts = read_elf("/proc/self/exe");
  REQUIRE(facts);
  CHECK(facts->dynamic);
  CHECK(facts->has_symbols);
  CHECK(facts->allocator.empty());
  CHECK_FALSE(facts->has_fencepost);
  CHECK(std::any_of(facts->needed.begin(), facts->needed.end(),
                    [](const std::string& name) { return name.starts_with("libstdc++.so"); }));
  CHECK_FALSE(raises_rights("/proc/self/exe"));
}

TEST_CASE("what is no ELF file, or a part of one, is read without harm", "[cli]") {
  CHECK_FALSE(read_elf("/no/such/file"));
  CHECK_FALSE(read_elf(SomeFile("").path()));
  CHECK_FALSE(read_elf(SomeFile("#!/bin/sh\n").path()));
  const std::string whole = own_bytes();
  for (const std::size_t size : {4, 16, 63, 64, 100, 1000, 5000, 100000}) {
    static_cast<void>(read_elf(SomeFile(whole.substr(0, size)).path()));
  }
  std::string torn = whole;
  for (std::size_t at = 16; at < torn.size(); at += 4099) torn[at] = static_cast<char>(at * 31);
  static_cast<void>(read_elf(SomeFile(torn).path()));
}
