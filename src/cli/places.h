// Where things are: our own files, and programs.
#pragma once

#include <filesystem>
#include <string>

namespace fencepost::cli {

/// The libfencepost.so that belongs to this program: beside it in a build tree, or where it was installed to.
/// Empty if it is in neither place.
[[nodiscard]] std::filesystem::path find_library();

/// The file that execvp(3) would run for `name`: the name itself if it has a slash in it, else the first
/// executable file of that name in PATH. Empty if there is none.
[[nodiscard]] std::filesystem::path find_program(const std::string& name);

/// The value of an environment variable, or empty.
[[nodiscard]] std::string environment(const char* name);

/// The value of LD_PRELOAD with `library` put in front of what is there already.
[[nodiscard]] std::string preloading(const std::filesystem::path& library);

}  // namespace fencepost::cli
