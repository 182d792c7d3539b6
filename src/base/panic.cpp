#include "base/panic.h"

#include <atomic>

namespace fencepost {

namespace {
constinit std::atomic<PanicHandler> panic_handler{nullptr};
}

void set_panic_handler(PanicHandler handler) { panic_handler.store(handler, std::memory_order_relaxed); }

void panic(const char* phrase) {
  if (const PanicHandler handler = panic_handler.load(std::memory_order_relaxed)) handler(phrase);
  __builtin_trap();
}

}  // namespace fencepost
