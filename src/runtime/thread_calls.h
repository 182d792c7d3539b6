// Creating threads on the program's behalf.
#pragma once

#include <pthread.h>

#include "runtime/runtime.h"

namespace fencepost::runtime {

/// pthread_create(3), with the new thread registered before its start routine runs.
[[nodiscard]] int call_pthread_create(pthread_t* thread, const pthread_attr_t* attributes, void* (*start)(void*),
                                      void* argument, const CallSite& site);

}  // namespace fencepost::runtime
