// What machine-readable reports say beside the findings.
#pragma once

#include <string>

namespace fencepost::render {

struct Context {
  std::string directory;  ///< absolute; source files below it are named from it on, as CI services want them
  std::string version;    ///< of Fencepost
};

}  // namespace fencepost::render
