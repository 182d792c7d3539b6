// The programs themselves: small, described, and run by some test.
#include <algorithm>
#include <catch2/catch.hpp>
#include <filesystem>
#include <vector>

#include "support/temporary_directory.h"

namespace fencepost::endtoend {
namespace {

const std::filesystem::path kTests = FENCEPOST_TESTS_SOURCE;

std::vector<std::filesystem::path> files(const std::filesystem::path& directory,
                                         const std::vector<std::string>& extensions) {
  std::vector<std::filesystem::path> found;
  for (const auto& entry : std::filesystem::directory_iterator(directory)) {
    const std::string extension = entry.path().extension();
    if (std::find(extensions.begin(), extensions.end(), extension) != extensions.end()) found.push_back(entry);
  }
  REQUIRE(!found.empty());
  return found;
}

std::string all_tests() {
  std::string text;
  for (const auto& file : files(kTests / "endtoend", {".cpp"})) text += support::read_file(file);
  return text;
}

TEST_CASE("a program with a bug has at most 25 lines", "[programs]") {
  for (const auto& file : files(kTests / "programs", {".c", ".cpp"})) {
    const std::string name = file.stem();
    const char* const exempt[] = {"clean_", "stress_", "several_", "every_"};
    if (std::any_of(std::begin(exempt), std::end(exempt), [&](auto prefix) { return name.starts_with(prefix); }))
      continue;
    const std::string text = support::read_file(file);
    INFO(name);
    CHECK(std::count(text.begin(), text.end(), '\n') <= 25);
  }
}

TEST_CASE("every program is described, and run by a test", "[programs]") {
  const std::string described = support::read_file(kTests / "programs" / "README.md");
  const std::string tested = all_tests();
  for (const auto& file : files(kTests / "programs", {".c", ".cpp"})) {
    const std::string name = file.stem();
    INFO(name);
    CHECK(described.find("| `" + name + "` |") != std::string::npos);
    const bool run =
        tested.find('"' + name + '"') != std::string::npos || tested.find('"' + name + '.') != std::string::npos;
    CHECK(run);
  }
}

}  // namespace
}  // namespace fencepost::endtoend
