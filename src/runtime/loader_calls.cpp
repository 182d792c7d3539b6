#include "runtime/loader_calls.h"

#include <atomic>

#include "os/libraries.h"
#include "runtime/runtime.h"

namespace fencepost::runtime {

namespace {

using Open = void* (*)(const char*, int);
using Close = int (*)(void*);

/// The next definition of a function, looked up once.
template <typename Function>
Function find(std::atomic<Function>& known, const char* name, Function otherwise) {
  Function found = known.load(std::memory_order_relaxed);
  if (found != nullptr) return found;
  found = reinterpret_cast<Function>(os::next_definition(name));
  if (found == nullptr) found = otherwise;
  known.store(found, std::memory_order_relaxed);
  return found;
}

constinit std::atomic<Open> dlopen_of_libc{nullptr};
constinit std::atomic<Close> dlclose_of_libc{nullptr};

}  // namespace

void* (*next_dlopen())(const char*, int) {
  constexpr Open kNoLoader = [](const char*, int) -> void* { return nullptr; };
  return find(dlopen_of_libc, "dlopen", kNoLoader);
}

int call_dlclose(void* handle) {
  constexpr Close kNoLoader = [](void*) { return -1; };
  const int result = find(dlclose_of_libc, "dlclose", kNoLoader)(handle);
  instance().forget_unloaded_modules();
  return result;
}

}  // namespace fencepost::runtime
