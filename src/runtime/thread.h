// What the runtime keeps for one thread of the program.
#pragma once

#include "base/range.h"
#include "base/types.h"
#include "heap/thread_cache.h"
#include "stack/trace_memo.h"

namespace fencepost::runtime {

/// Never freed: a thread that exits leaves its chunk, its alternate stack and its counts to a later one.
struct Thread {
  ThreadId id = 0;
  heap::ThreadCache cache;
  stack::TraceMemo memo;
  Range alternate_stack;
  int exit_rounds = 0;           ///< how often its destructor has been put off
  Thread* next_known = nullptr;  ///< all threads there ever were
  Thread* next_idle = nullptr;   ///< those that have exited
  bool in_use = false;

  // From pthread_create to the new thread.
  void* (*start)(void*) = nullptr;
  void* argument = nullptr;
  TraceId created_at = 0;
  ThreadId creator = 0;
};

/// Where the calling thread is in its life.
enum class Phase : std::uint8_t {
  unknown,  ///< never seen
  running,
  exiting,  ///< its thread-specific data is being destroyed: libunwind may have lost its own already
  gone,     ///< its Thread belongs to somebody else; what it still frees is done on behalf of it
};

}  // namespace fencepost::runtime
