#include "stack/module_list.h"

#include <catch2/catch.hpp>
#include <memory>
#include <set>
#include <string>

#include "stack/test_module.h"
#include "support.h"

using namespace fencepost;
using stack::KnownModule;
using stack::ModuleList;

namespace {

void in_the_program() {}
const auto program_code = reinterpret_cast<Address>(&in_the_program);

std::unique_ptr<ModuleList> reserved_list() {
  auto list = std::make_unique<ModuleList>();
  if (!list->reserve()) return nullptr;
  return list;
}

using Biases = std::multiset<Address>;

int collect(dl_phdr_info* info, std::size_t, void* biases) {
  os::Module module;
  const bool found = os::find_module(info->dlpi_addr + info->dlpi_phdr[0].p_vaddr, module) && module.headers != nullptr;
  if (found) static_cast<Biases*>(biases)->insert(info->dlpi_addr);
  return 0;
}

int count_to_two(dl_phdr_info*, std::size_t, void* count) { return ++*static_cast<int*>(count) == 2 ? 42 : 0; }

}  // namespace

TEST_CASE("a list learns the module of an address", "[stack]") {
  os::remember_program_path();
  const auto list = reserved_list();
  REQUIRE(list);
  CHECK(list->find(program_code) == nullptr);
  list->learn(program_code);
  const KnownModule* const module = list->find(program_code);
  REQUIRE(module != nullptr);
  CHECK(module->state == KnownModule::State::loaded);
  CHECK(std::string(module->path) == os::program_path());
  CHECK(module->range.contains(program_code));
  CHECK(module->header_count > 0);
  list->learn(program_code);
  CHECK(list->find(program_code) == module);
}

TEST_CASE("there is nothing to learn from an address without a module", "[stack]") {
  const auto list = reserved_list();
  REQUIRE(list);
  int on_stack = 0;
  list->learn(test::address_of(&on_stack));
  list->learn(0);
  CHECK(list->find(test::address_of(&on_stack)) == nullptr);
  CHECK(list->find(0) == nullptr);
}

TEST_CASE("iterating meets the modules that the loader has, each once", "[stack]") {
  const auto list = reserved_list();
  REQUIRE(list);
  Biases loader;
  dl_iterate_phdr(collect, &loader);
  REQUIRE(loader.size() >= 3);
  for (int turn = 0; turn < 2; ++turn) {
    Biases ours;
    CHECK(list->iterate(collect, &ours) == 0);
    CHECK(ours == loader);
  }
}

TEST_CASE("a plugin that comes and goes takes one place in the list", "[stack]") {
  const auto list = reserved_list();
  REQUIRE(list);
  const KnownModule* first = nullptr;
  int elsewhere = 0;
  for (int round = 0; round < 50; ++round) {
    test::TestModule plugin;
    const Address inside = plugin.code();
    list->learn(inside);
    const KnownModule* const found = list->find(inside);
    REQUIRE(found != nullptr);
    CHECK(found->state == KnownModule::State::loaded);
    if (first == nullptr) first = found;
    if (found != first && found->range == first->range) ++elsewhere;
    plugin.unload();
    CHECK(list->forget_unloaded());
  }
  CHECK(elsewhere == 0);
}

TEST_CASE("iterating stops when it is told to", "[stack]") {
  const auto list = reserved_list();
  REQUIRE(list);
  for (int turn = 0; turn < 2; ++turn) {
    int count = 0;
    CHECK(list->iterate(count_to_two, &count) == 42);
    CHECK(count == 2);
  }
}

TEST_CASE("a module that was unloaded keeps its name", "[stack]") {
  const auto list = reserved_list();
  REQUIRE(list);
  test::TestModule module;
  REQUIRE(module.handle() != nullptr);
  const Address code = module.code();
  list->learn(code);
  list->learn(program_code);
  list->forget_unloaded();
  REQUIRE(list->find(code) != nullptr);
  CHECK(list->find(code)->state == KnownModule::State::loaded);
  module.unload();
  list->forget_unloaded();
  REQUIRE(list->find(code) != nullptr);
  CHECK(list->find(code)->state == KnownModule::State::unloaded);
  CHECK(std::string(list->find(code)->path).find("fencepost_unit_module") != std::string::npos);
  CHECK(list->find(program_code)->state == KnownModule::State::loaded);
}

TEST_CASE("an unloaded module is not iterated over", "[stack]") {
  const auto list = reserved_list();
  REQUIRE(list);
  test::TestModule module;
  Biases with;
  Biases without;
  list->iterate(collect, &with);
  module.unload();
  list->forget_unloaded();
  list->iterate(collect, &without);
  CHECK(with.size() == without.size() + 1);
}

TEST_CASE("a module that is loaded again is known as loaded", "[stack]") {
  const auto list = reserved_list();
  REQUIRE(list);
  for (int turn = 0; turn < 3; ++turn) {
    test::TestModule module;
    list->learn(module.code());
    REQUIRE(list->find(module.code()) != nullptr);
    CHECK(list->find(module.code())->state == KnownModule::State::loaded);
    module.unload();
    list->forget_unloaded();
  }
}

TEST_CASE("a list without memory stays empty", "[stack]") {
  const auto list = std::make_unique<ModuleList>();
  list->learn(program_code);
  CHECK(list->find(program_code) == nullptr);
  Biases none;
  CHECK(list->iterate(collect, &none) == 0);
  CHECK(none.empty());
}

TEST_CASE("what all modules are is noted once", "[stack]") {
  os::remember_program_path();
  const auto list = reserved_list();
  REQUIRE(list);
  list->learn(program_code);
  CHECK(!list->find(program_code)->file_known);
  list->note_files();
  const KnownModule* const program = list->find(program_code);
  REQUIRE(program->file_known);
  os::FileStatus expected;
  REQUIRE(os::read_file_status(os::program_path(), expected));
  CHECK(program->file.inode == expected.inode);
  CHECK(program->file.size == expected.size);
  const KnownModule* const libc = list->find(reinterpret_cast<Address>(&std::abort));
  REQUIRE(libc != nullptr);
  CHECK(libc->file_known);
  CHECK(libc->build_id.size != 0);
}
