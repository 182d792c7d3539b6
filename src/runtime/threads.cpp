#include "runtime/threads.h"

#include <pthread.h>

#include <climits>
#include <cstring>
#include <new>

#include "os/process.h"
#include "os/signals.h"
#include "os/thread_name.h"

namespace fencepost::runtime {

namespace {

/// Holds the signal frame (some 11 KiB with AMX) and a program's own handler for faults that are not findings.
constexpr Size kAlternateStackSize = 64 << 10;

[[gnu::tls_model("initial-exec")]] constinit thread_local Thread* current = nullptr;
[[gnu::tls_model("initial-exec")]] constinit thread_local Phase phase = Phase::unknown;

constinit Threads* watching = nullptr;
constinit pthread_key_t exit_key = 0;

/// Remembers the name a thread had, for reports after its end.
void keep_name(metadata::ThreadInfo* info) {
  if (info == nullptr) return;
  os::own_thread_name(info->name);
  info->kernel_id.store(0, std::memory_order_release);
}

}  // namespace

ThreadId current_thread_id() { return current == nullptr ? 0 : current->id; }
Phase current_phase() { return phase; }
Range current_alternate_stack() { return current == nullptr ? Range{} : current->alternate_stack; }

void Threads::watch_exits(BeforeExit before_exit) {
  before_exit_ = before_exit;
  if (pthread_key_create(&exit_key, on_exit) != 0) return;
  watching = this;
}

Thread* Threads::prepare() {
  const os::MutexLock lock(mutex_);
  Thread* thread = idle_;
  if (thread != nullptr) {
    idle_ = thread->next_idle;
  } else {
    void* const memory = storage_.allocate(sizeof(Thread), alignof(Thread));
    if (memory == nullptr) return nullptr;
    thread = new (memory) Thread;
    thread->next_known = known_;
    known_ = thread;
  }
  thread->in_use = true;
  thread->exit_rounds = 0;
  return thread;
}

void Threads::abandon(Thread* thread) {
  const os::MutexLock lock(mutex_);
  thread->in_use = false;
  thread->next_idle = idle_;
  idle_ = thread;
}

void Threads::give_alternate_stack(Thread* thread) {
  if (thread->alternate_stack.empty()) {
    const auto begin = reinterpret_cast<Address>(storage_.allocate(kAlternateStackSize, kPageSize));
    if (begin == 0) return;
    thread->alternate_stack = {begin, begin + kAlternateStackSize};
  }
  stack_t now{};
  const bool has_another = os::kernel_sigaltstack(nullptr, &now) == 0 && (now.ss_flags & SS_DISABLE) == 0;
  if (!has_another) os::set_alternate_stack(thread->alternate_stack);
}

void Threads::adopt(Thread* thread) {
  thread->id = table_.add(os::thread_id());
  if (metadata::ThreadInfo* const info = table_.find(thread->id)) {
    info->stack.store(reinterpret_cast<Address>(__builtin_frame_address(0)), std::memory_order_relaxed);
    info->created_at = thread->created_at;
    info->creator = thread->creator;
  }
  current = thread;
  phase = Phase::running;
  give_alternate_stack(thread);
  os::unblock_faults();  // pthread_attr_setsigmask_np blocks them past our pthread_sigmask
  // May allocate, by us: everything above is in place.
  if (watching != nullptr) pthread_setspecific(exit_key, thread);
}

void Threads::on_exit(void* argument) {
  auto* const thread = static_cast<Thread*>(argument);
  phase = Phase::exiting;
  // Other destructors still allocate and free: come back as late as the system allows.
  if (++thread->exit_rounds < PTHREAD_DESTRUCTOR_ITERATIONS && pthread_setspecific(exit_key, thread) == 0) return;
  watching->finish(thread, static_cast<const Address*>(__builtin_frame_address(0)));
}

void Threads::finish(Thread* thread, const Address* frame) {
  if (!before_exit_(*thread, frame)) return;
  keep_name(table_.find(thread->id));
  stack_t now{};
  const bool ours = os::kernel_sigaltstack(nullptr, &now) == 0 &&
                    reinterpret_cast<Address>(now.ss_sp) == thread->alternate_stack.begin;
  if (ours) os::set_alternate_stack({});
  current = nullptr;
  phase = Phase::gone;
  abandon(thread);
}

void Threads::lock_for_fork() {
  mutex_.lock();
  orphan_mutex_.lock();
  table_.storage().lock_for_fork();
}

void Threads::unlock_after_fork() {
  table_.storage().unlock_after_fork();
  orphan_mutex_.unlock();
  mutex_.unlock();
}

void Threads::reset_in_child() {
  table_.storage().reset_in_child();
  orphan_mutex_.reset();
  orphan_.cache.pending.reset_lock();
  mutex_.reset();
  for (Thread* thread = known_; thread != nullptr; thread = thread->next_known) {
    metadata::ThreadInfo* const info = table_.find(thread->id);
    if (thread == current) {
      if (info != nullptr) info->kernel_id.store(os::thread_id(), std::memory_order_release);
      continue;
    }
    thread->cache.pending.reset_lock();
    thread->cache.forget_slots();
    if (!thread->in_use) continue;
    if (info != nullptr) info->kernel_id.store(0, std::memory_order_release);
    abandon(thread);
  }
}

ThreadUse::ThreadUse(Threads& threads) : threads_(threads), thread_(current) {
  if (thread_ != nullptr) return;
  if (phase == Phase::unknown) {
    if (Thread* const fresh = threads_.prepare()) {
      fresh->created_at = 0;
      threads_.adopt(fresh);
      thread_ = fresh;
      return;
    }
  }
  threads_.orphan_mutex_.lock();
  orphan_ = true;
  thread_ = &threads_.orphan_;
}

ThreadUse::~ThreadUse() {
  if (orphan_) threads_.orphan_mutex_.unlock();
}

}  // namespace fencepost::runtime
