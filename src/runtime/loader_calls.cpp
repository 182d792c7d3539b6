#include "runtime/loader_calls.h"

#include <atomic>

#include "os/modules.h"
#include "runtime/runtime.h"

namespace fencepost::runtime {

namespace {

template <typename Function>
Function find(std::atomic<Function>& known, const char* name) {
  Function found = known.load(std::memory_order_relaxed);
  if (found != nullptr) return found;
  found = reinterpret_cast<Function>(os::next_definition(name));
  known.store(found, std::memory_order_relaxed);
  return found;
}

constinit std::atomic<void* (*)(const char*, int)> dlopen_of_libc{nullptr};
constinit std::atomic<int (*)(void*)> dlclose_of_libc{nullptr};

}  // namespace

void* (*next_dlopen())(const char*, int) { return find(dlopen_of_libc, "dlopen"); }

int call_dlclose(void* handle) {
  const int result = find(dlclose_of_libc, "dlclose")(handle);
  instance().modules().forget_unloaded();
  return result;
}

}  // namespace fencepost::runtime
