#include "symbolize/debug_file.h"

#include <cstdint>
#include <cstdlib>
#include <memory>
#include <sstream>
#include <vector>

#include "symbolize/file_identity.h"

namespace fencepost::symbolize {

namespace {

/// The shortest that names a file below .build-id: two digits for the folder, and some.
constexpr std::size_t kShortestId = 4;

bool is_build_id(const std::string& text) {
  return text.size() >= kShortestId && text.size() % 2 == 0 &&
         text.find_first_not_of("0123456789abcdef") == std::string::npos;
}

std::vector<unsigned char> bytes_of(const std::string& digits) {
  std::vector<unsigned char> bytes;
  for (std::size_t i = 0; i < digits.size(); i += 2) {
    bytes.push_back(static_cast<unsigned char>(std::stoul(digits.substr(i, 2), nullptr, 16)));
  }
  return bytes;
}

Descriptor find_debug_file(const std::string& build_id, const std::string& directories) {
  std::istringstream list(directories);
  for (std::string directory; std::getline(list, directory, ':');) {
    Descriptor file =
        open_regular(directory + "/.build-id/" + build_id.substr(0, 2) + "/" + build_id.substr(2) + ".debug");
    if (file && build_id_of(file.get()) == build_id) return file;
  }
  return {};
}

/// Programs themselves: few have them below .build-id, but servers do.
Descriptor find_program(const std::string& build_id, const std::string& directories) {
  const DebugFileSearch search(directories);
  const std::unique_ptr<Dwfl, void (*)(Dwfl*)> dwfl(dwfl_begin(search.callbacks()), dwfl_end);
  if (dwfl == nullptr) return {};
  dwfl_report_begin(dwfl.get());
  Dwfl_Module* const module = dwfl_report_module(dwfl.get(), "", 0, 1);
  const std::vector<unsigned char> bits = bytes_of(build_id);
  if (module == nullptr || dwfl_module_report_build_id(module, bits.data(), bits.size(), 0) != 0) return {};
  char* name = nullptr;
  Elf* elf = nullptr;
  Descriptor file(dwfl_build_id_find_elf(module, nullptr, nullptr, 0, &name, &elf));
  std::free(name);
  elf_end(elf);
  return file && build_id_of(file.get()) == build_id ? std::move(file) : Descriptor();
}

}  // namespace

DebugFileSearch::DebugFileSearch(const std::string& directories)
    : path_("+:.debug:" + directories), path_pointer_(path_.data()) {
  callbacks_.find_elf = dwfl_build_id_find_elf;
  callbacks_.find_debuginfo = dwfl_standard_find_debuginfo;
  callbacks_.section_address = dwfl_offline_section_address;
  callbacks_.debuginfo_path = &path_pointer_;
}

Descriptor find_by_build_id(const std::string& build_id, const std::string& directories) {
  if (!is_build_id(build_id)) return {};
  Descriptor file = find_debug_file(build_id, directories);
  return file ? std::move(file) : find_program(build_id, directories);
}

}  // namespace fencepost::symbolize
