#include "symbolize/programs.h"

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <stdexcept>

namespace fencepost::test {

namespace fs = std::filesystem;

TempFolder::TempFolder() {
  std::string name = (fs::temp_directory_path() / "fencepost-unit-XXXXXX").string();
  if (mkdtemp(name.data()) == nullptr) throw std::runtime_error("mkdtemp");
  path_ = name;
}

TempFolder::~TempFolder() {
  std::error_code error;
  fs::remove_all(path_, error);
}

std::string program(const std::string& name) { return std::string(FENCEPOST_PROGRAMS "/") + name; }

std::vector<std::string> inlined_programs() {
  std::istringstream list(FENCEPOST_INLINED);
  std::vector<std::string> all;
  for (std::string name; std::getline(list, name, ':');) all.push_back(program(name));
  return all;
}

std::string shell(const std::string& command) {
  std::FILE* const pipe = popen(command.c_str(), "r");
  if (pipe == nullptr) throw std::runtime_error("popen");
  std::string output;
  char bytes[4096];
  while (const std::size_t count = std::fread(bytes, 1, sizeof bytes, pipe)) output.append(bytes, count);
  if (pclose(pipe) != 0) throw std::runtime_error("failed: " + command);
  return output;
}

std::uint64_t address_of_symbol(const std::string& path, const std::string& symbol) {
  return std::stoull(shell("nm '" + path + "' | awk '$3 == \"" + symbol + "\" { print $1 }'"), nullptr, 16);
}

unsigned line_with(const std::string& text) {
  std::ifstream source(std::string(fs::path(__FILE__).parent_path()) + "/programs/steps.cpp");
  unsigned number = 1;
  for (std::string line; std::getline(source, line); ++number) {
    if (line.find(text) != std::string::npos) return number;
  }
  throw std::runtime_error("not in steps.cpp: " + text);
}

bool is_inside(const std::vector<findings::SourceFrame>& frames) {
  if (frames.size() != 2) return false;
  const findings::SourceFrame& put = frames[0];
  const findings::SourceFrame& fill = frames[1];
  return put.function == "steps::Buffer<int>::put(int)" && put.file.ends_with("/programs/steps.cpp") &&
         put.line == line_with("// innermost") && put.column == 5 && put.inlined &&
         fill.function == "steps::fill(int)" && fill.file == put.file &&
         fill.line == line_with("// caller") && fill.column >= 3 && !fill.inlined;
}

}  // namespace fencepost::test
