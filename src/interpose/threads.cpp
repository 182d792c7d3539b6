// Thread creation: so that every thread has an alternate stack and a number from its first instruction.
#include <pthread.h>

#include "base/export.h"
#include "interpose/call_site.h"
#include "runtime/thread_calls.h"

extern "C" FENCEPOST_EXPORT int pthread_create(pthread_t* thread, const pthread_attr_t* attributes,
                                               void* (*start)(void*), void* argument) {
  return fencepost::runtime::call_pthread_create(thread, attributes, start, argument,
                                                 fencepost::interpose::here(fencepost::record::Api::none));
}
