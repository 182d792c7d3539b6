#include "runtime/private_operators.h"

#include <algorithm>
#include <iterator>
#include <string_view>

#include "os/attempt.h"
#include "os/modules.h"
#include "report/symbol_file.h"
#include "runtime/runtime.h"

namespace fencepost::runtime {

namespace {

/// What can be replaced of operator new and delete, as C++ mangles it. Placement new is in many modules, and harmless.
constexpr std::string_view kOperators[] = {
    "_Znwm",
    "_Znam",
    "_ZnwmRKSt9nothrow_t",
    "_ZnamRKSt9nothrow_t",
    "_ZnwmSt11align_val_t",
    "_ZnamSt11align_val_t",
    "_ZnwmSt11align_val_tRKSt9nothrow_t",
    "_ZnamSt11align_val_tRKSt9nothrow_t",
    "_ZdlPv",
    "_ZdaPv",
    "_ZdlPvm",
    "_ZdaPvm",
    "_ZdlPvRKSt9nothrow_t",
    "_ZdaPvRKSt9nothrow_t",
    "_ZdlPvSt11align_val_t",
    "_ZdaPvSt11align_val_t",
    "_ZdlPvmSt11align_val_t",
    "_ZdaPvmSt11align_val_t",
    "_ZdlPvSt11align_val_tRKSt9nothrow_t",
    "_ZdaPvSt11align_val_tRKSt9nothrow_t",
};

bool is_operator(std::string_view name) {
  return name.starts_with("_Z") &&
         std::find(std::begin(kOperators), std::end(kOperators), name) != std::end(kOperators);
}

/// The shared C++ runtimes define all forms, but call those that the loader found first: ours.
bool is_shared_runtime(std::string_view path) {
  return path.find("/libstdc++.so") != std::string_view::npos || path.find("/libc++.so") != std::string_view::npos ||
         path.find("/libc++abi.so") != std::string_view::npos;
}

/// The name in the type information of std::bad_alloc, which a module has only if it has the operators of libstdc++
/// or libc++ in it; who uses a shared runtime imports it.
constexpr std::string_view kTypeName{"\0St9bad_alloc", 13};

bool defines_operators(const os::Module& module) {
  // There the names mean ours, or the program has replaced them.
  const bool is_own_module = module.range.contains(reinterpret_cast<Address>(&instance()));
  if (is_own_module || is_shared_runtime(module.path)) return false;
  report::SymbolFile file(module.path);
  bool found = false;
  static_cast<void>(os::attempt([&] {
    found = file.is_stripped() ? file.contains(kTypeName)
                               : file.has_function([](std::string_view name, Address) { return is_operator(name); });
  }));
  file.close();
  return found;
}

}  // namespace

PrivateOperators::Entry* PrivateOperators::entry_of(Address module) {
  for (Entry& entry : entries_) {
    Address known = 0;
    if (entry.module.compare_exchange_strong(known, module) || known == module) return &entry;
  }
  return nullptr;
}

bool PrivateOperators::are_in_module_of(Address pc) {
  os::Module module;
  if (!os::find_module(pc, module)) return false;
  Entry* const entry = entry_of(module.range.begin);
  if (entry == nullptr) return defines_operators(module);
  Answer answer = entry->answer.load(std::memory_order_relaxed);
  if (answer == Answer::unknown) {
    answer = defines_operators(module) ? Answer::yes : Answer::no;
    entry->answer.store(answer, std::memory_order_relaxed);
  }
  return answer == Answer::yes;
}

}  // namespace fencepost::runtime
