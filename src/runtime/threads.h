// The threads of the program: who they are, from their first allocation to their last.
#pragma once

#include "metadata/page_arena.h"
#include "metadata/thread_table.h"
#include "os/mutex.h"
#include "runtime/thread.h"

namespace fencepost::runtime {

/// Context of every member: malloc, unless it says otherwise.
class Threads {
 public:
  constexpr explicit Threads(metadata::PageArena& storage) : storage_(storage) {}

  /// Called with the frame of the function that the exiting thread called. False if nothing more is to be done: its
  /// Thread stays as it is.
  using BeforeExit = bool (*)(Thread&, const Address* frame);

  /// Once, at start-up: from then on threads that exit are noticed, and `before_exit` is called on each as its
  /// last act.
  void watch_exits(BeforeExit before_exit);

  /// A Thread for a thread that is about to be created, or null if there is no memory.
  [[nodiscard]] Thread* prepare();
  /// Takes back one whose thread was not created after all.
  void abandon(Thread* thread);
  /// Makes `thread` the calling thread's. Context: first thing on a new thread.
  void adopt(Thread* thread);

  /// Calls `each(Thread&)` for all threads there ever were, and for the one that stands in for those that are
  /// gone, while they may be running.
  template <typename Each>
  void for_each(Each each) {
    const os::MutexLock lock(mutex_);
    for (Thread* thread = known_; thread != nullptr; thread = thread->next_known) each(*thread);
    each(orphan_);
  }

  [[nodiscard]] constexpr metadata::ThreadTable& table() { return table_; }
  [[nodiscard]] constexpr const metadata::ThreadTable& table() const { return table_; }

  void lock_for_fork();
  void unlock_after_fork();
  /// Only the calling thread exists in the child; the others' Threads become idle.
  void reset_in_child();

 private:
  friend class ThreadUse;

  static void on_exit(void* thread);
  void finish(Thread* thread, const Address* frame);
  void give_alternate_stack(Thread* thread);

  metadata::PageArena& storage_;
  BeforeExit before_exit_ = nullptr;
  metadata::ThreadTable table_;
  os::Mutex mutex_;
  Thread* known_ = nullptr;
  Thread* idle_ = nullptr;
  os::Mutex orphan_mutex_;
  Thread orphan_;  ///< stands in for threads that are gone
};

/// The calling thread's Thread, for as long as this lives; nothing may be entered twice by one thread.
class ThreadUse {
 public:
  explicit ThreadUse(Threads& threads);
  ~ThreadUse();
  ThreadUse(const ThreadUse&) = delete;
  ThreadUse& operator=(const ThreadUse&) = delete;

  [[nodiscard]] Thread& operator*() const { return *thread_; }
  [[nodiscard]] Thread* operator->() const { return thread_; }

 private:
  Threads& threads_;
  Thread* thread_;
  bool orphan_ = false;
};

/// The calling thread's number, without registering it; T0 for a thread never seen. Context: anywhere.
[[nodiscard]] ThreadId current_thread_id();
[[nodiscard]] Phase current_phase();
/// The calling thread's alternate stack as we gave it, or empty. Context: anywhere.
[[nodiscard]] Range current_alternate_stack();

}  // namespace fencepost::runtime
