#include "render/golden_file.h"

#include <catch2/catch.hpp>
#include <cstdlib>
#include <fstream>
#include <sstream>

#include "findings/lines.h"
#include "support.h"

namespace fencepost::test {

namespace {

constexpr const char* kPlaceholder = "@SOURCE@";

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  for (std::size_t at = 0; (at = text.find(from, at)) != std::string::npos; at += to.size())
    text.replace(at, from.size(), to);
  return text;
}

std::string path_of(const std::string& name) { return FENCEPOST_RENDER_GOLDEN "/" + name; }

}  // namespace

std::string source_directory() { return path_of("source"); }

std::vector<findings::Finding> findings_of(const std::string& name, const std::string& sources) {
  std::istringstream in(replaced(read_file(path_of(name + ".jsonl")), kPlaceholder, sources));
  findings::Lines lines = findings::read_lines(in);
  REQUIRE(lines.bad.empty());
  REQUIRE_FALSE(lines.findings.empty());
  return std::move(lines.findings);
}

render::Context golden_context() { return {kNoDirectory, "1.2.3"}; }

void check_golden(const std::string& name, std::string text) {
  text = replaced(std::move(text), source_directory(), kPlaceholder);
  const std::string path = path_of(name);
  if (std::getenv("FENCEPOST_UPDATE_GOLDEN") != nullptr) std::ofstream(path) << text;
  INFO(path);
  CHECK(text == read_file(path));
}

}  // namespace fencepost::test
