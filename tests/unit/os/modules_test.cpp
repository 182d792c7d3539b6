#include "os/modules.h"

#include <catch2/catch.hpp>
#include <cstring>

#include "os/pages.h"
#include "support.h"

using namespace fencepost;

namespace {

int in_static_data = 1;
void in_the_program() {}

Address code_of_program() { return reinterpret_cast<Address>(&in_the_program); }

}  // namespace

TEST_CASE("the program is a module, with its headers", "[os]") {
  os::remember_program_path();
  os::Module module;
  REQUIRE(os::find_module(code_of_program(), module));
  CHECK(module.range.contains(code_of_program()));
  CHECK(module.range.contains(test::address_of(&in_static_data)));
  CHECK(std::string(module.path) == os::program_path());
  REQUIRE(module.headers != nullptr);
  bool holds_code = false;
  for (Size i = 0; i < module.header_count; ++i) {
    const ElfW(Phdr)& header = module.headers[i];
    if (header.p_type != PT_LOAD || (header.p_flags & PF_X) == 0) continue;
    const Address begin = module.bias + header.p_vaddr;
    holds_code = holds_code || Range{begin, begin + header.p_memsz}.contains(code_of_program());
  }
  CHECK(holds_code);
}

TEST_CASE("the program's path is the kernel's", "[os]") {
  os::remember_program_path();
  char path[4096] = "";
  REQUIRE(readlink("/proc/self/exe", path, sizeof path - 1) > 0);
  CHECK(std::string(os::program_path()) == path);
}

TEST_CASE("libc is another module", "[os]") {
  os::Module module;
  REQUIRE(os::find_module(reinterpret_cast<Address>(&getpid), module));
  CHECK(std::strstr(module.path, "libc.so") != nullptr);
  CHECK_FALSE(module.range.contains(code_of_program()));
}

TEST_CASE("stack, mappings and holes are no modules", "[os]") {
  os::Module module;
  int on_stack = 0;
  const Range mapped = os::map_memory(kPageSize);
  CHECK_FALSE(os::find_module(test::address_of(&on_stack), module));
  CHECK_FALSE(os::find_module(mapped.begin, module));
  CHECK_FALSE(os::find_module(8, module));
  os::give_back(mapped);
}

TEST_CASE("find_mapping knows the borders of mappings", "[os]") {
  const Range around = os::reserve(8 * kPageSize);
  const Range open{around.begin + 2 * kPageSize, around.begin + 5 * kPageSize};
  REQUIRE(os::open_pages(open));
  for (const Address inside : {open.begin, open.begin + 5000, open.end - 1}) {
    CHECK(os::find_mapping(inside) == open);
  }
  CHECK_FALSE(os::find_mapping(open.begin - 1).empty());
  CHECK(os::find_mapping(open.begin - 1).end == open.begin);
  CHECK(os::find_mapping(open.end).begin == open.end);
  os::give_back(around);
  CHECK(os::find_mapping(open.begin).empty());
}

TEST_CASE("find_mapping finds the last lines of a long list", "[os]") {
  const Range around = os::reserve(600 * kPageSize);
  for (Address page = around.begin; page < around.end; page += 2 * kPageSize) {
    REQUIRE(os::open_pages({page, page + kPageSize}));
  }
  int wrong = 0;
  for (Address page = around.begin; page < around.end; page += 2 * kPageSize) {
    wrong += os::find_mapping(page + 1) == Range{page, page + kPageSize} ? 0 : 1;
  }
  CHECK(wrong == 0);
  int on_stack = 0;
  CHECK(os::find_mapping(test::address_of(&on_stack)).contains(test::address_of(&on_stack)));
  os::give_back(around);
}

TEST_CASE("nothing is mapped at zero and beyond the program's half", "[os]") {
  CHECK(os::find_mapping(0).empty());
  CHECK(os::find_mapping(~Address{0}).empty());
}

TEST_CASE("surroundings are what lies at an address and the next open mapping", "[os]") {
  const Range around = os::reserve(8 * kPageSize);
  const Range open{around.begin + 4 * kPageSize, around.begin + 6 * kPageSize};
  REQUIRE(os::open_pages(open));
  const os::Surroundings below = os::find_surroundings(open.begin - 1);
  CHECK(below.here.range.contains(open.begin - 1));
  CHECK_FALSE(below.here.is_open());
  CHECK(below.above.range == open);
  CHECK(below.above.readable);
  CHECK(below.above.writable);
  CHECK_FALSE(below.above.executable);
  const os::Surroundings inside = os::find_surroundings(open.begin);
  CHECK(inside.here.range == open);
  CHECK(inside.here.is_open());
  CHECK(inside.above.range.begin >= open.end);
  os::give_back(around);
  CHECK(os::find_surroundings(open.begin).here.range.empty());
  CHECK(os::find_surroundings(~Address{0}).above.range.empty());
  CHECK(os::find_surroundings(code_of_program()).here.executable);
}
