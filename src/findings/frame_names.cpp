#include "findings/frame_names.h"

#include <cxxabi.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <memory>

namespace fencepost::findings {

namespace {

/// libc's functions below `main` and below a thread's function, by their names in glibc 2.31 to 2.40.
constexpr std::array<std::string_view, 10> kStart = {"_start",
                                                     "__libc_start_main",
                                                     "__libc_start_main_impl",
                                                     "__libc_start_call_main",
                                                     "generic_start_main",
                                                     "start_thread",
                                                     "clone",
                                                     "clone3",
                                                     "__clone",
                                                     "__clone3"};

/// "f" of "f.constprop.0" and of "f@@GLIBC_2.34": what a compiler or a linker put behind a name differs
/// between builds.
std::string_view without_suffix(std::string_view symbol) {
  const std::size_t at = symbol.find_first_of(".@", 1);
  return symbol.substr(0, at);
}

bool is_start(const Frame& frame) {
  const std::string name = function_name(frame);
  if (name.empty()) return is_libc(frame);  // stripped, as distributions ship it
  return std::find(kStart.begin(), kStart.end(), name) != kStart.end();
}

}  // namespace

std::string_view base_name(std::string_view path) {
  const std::size_t slash = path.rfind('/');
  return slash == std::string_view::npos ? path : path.substr(slash + 1);
}

std::string demangled(const std::string& symbol) {
  if (!symbol.starts_with("_Z")) return symbol;
  int status = 0;
  const std::unique_ptr<char, decltype(&std::free)> name(abi::__cxa_demangle(symbol.c_str(), nullptr, nullptr, &status),
                                                         std::free);
  return status == 0 && name != nullptr ? std::string(name.get()) : symbol;
}

std::string function_name(const Frame& frame) {
  if (!frame.function.empty()) return demangled(std::string(without_suffix(frame.function)));
  return frame.source.empty() ? "" : frame.source.back().function;
}

bool is_ours(const Frame& frame) {
  return base_name(frame.module).starts_with("libfencepost.so") || frame.function.starts_with("_ZN9fencepost");
}

bool is_libc(const Frame& frame) {
  const std::string_view name = base_name(frame.module);
  return name.starts_with("libc.so") || name.starts_with("libc-2.") || name.starts_with("ld-linux") ||
         name.starts_with("ld-2.") || name.starts_with("libpthread");
}

std::size_t frames_before_start(const Trace& trace) {
  std::size_t count = trace.frames.size();
  while (count > 1 && is_start(trace.frames[count - 1])) --count;
  return count;
}

}  // namespace fencepost::findings
