#include "runtime/thread_calls.h"

#include <cerrno>

#include "os/errno_scope.h"
#include "os/libraries.h"

// glibc's own name for it, which is all a fully static program has.
extern "C" [[gnu::weak]] int __pthread_create_2_1(pthread_t*, const pthread_attr_t*, void* (*)(void*), void*);

namespace fencepost::runtime {

namespace {

using Create = int (*)(pthread_t*, const pthread_attr_t*, void* (*)(void*), void*);

Create find_pthread_create() {
  const os::ErrnoScope errno_scope;
  static constinit std::atomic<Create> found{nullptr};
  if (const Create known = found.load(std::memory_order_relaxed)) return known;
  auto create = reinterpret_cast<Create>(os::next_definition("pthread_create"));
  if (create == nullptr) create = __pthread_create_2_1;
  found.store(create, std::memory_order_relaxed);
  return create;
}

void* run(void* argument) {
  auto* const thread = static_cast<Thread*>(argument);
  void* (*const start)(void*) = thread->start;
  void* const start_argument = thread->argument;
  instance().threads().adopt(thread);
  return start(start_argument);
}

}  // namespace

int call_pthread_create(pthread_t* thread, const pthread_attr_t* attributes, void* (*start)(void*), void* argument,
                        const CallSite& site) {
  instance().ensure_started();
  const Create create = find_pthread_create();
  if (create == nullptr) {
    instance().say("pthread_create is not linked in: a fully static program needs -Wl,-u,__pthread_create_2_1\n");
    return ENOSYS;
  }
  if (instance().stands_down()) return create(thread, attributes, start, argument);
  Thread* const fresh = instance().threads().prepare();
  if (fresh == nullptr) return create(thread, attributes, start, argument);
  fresh->start = start;
  fresh->argument = argument;
  fresh->created_at = instance().capture(site);
  fresh->creator = current_thread_id();
  const int error = create(thread, attributes, run, fresh);
  if (error != 0) instance().threads().abandon(fresh);
  return error;
}

}  // namespace fencepost::runtime
