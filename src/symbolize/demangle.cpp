#include "symbolize/demangle.h"

#include <cxxabi.h>

#include <cstdlib>
#include <memory>

namespace fencepost::symbolize {

std::string demangle(const std::string& symbol) {
  // The demangler takes types as well: without this a C function called f would be named float.
  if (!symbol.starts_with("_Z")) return symbol;
  int status = 0;
  const std::unique_ptr<char, void (*)(void*)> name(abi::__cxa_demangle(symbol.c_str(), nullptr, nullptr, &status),
                                                    std::free);
  return status == 0 && name != nullptr ? std::string(name.get()) : symbol;
}

}  // namespace fencepost::symbolize
