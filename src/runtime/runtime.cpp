#include "runtime/runtime.h"

#include <algorithm>
#include <cerrno>

#include "os/errno_scope.h"
#include "os/modules.h"
#include "os/process.h"
#include "record/trace.h"

namespace fencepost::runtime {

namespace {

report::ModuleName find_module_of(Address pc) { return instance().find_module(pc); }

/// Room for an error, written only when there is one: allocations and releases pay nothing for it.
union ErrorRoom {
  record::FaultRecord record;
  ErrorRoom() {}
};

/// The function that called an entry point.
stack::Frame frame_of(const CallSite& site) {
  const auto* const saved = reinterpret_cast<const Address*>(site.sp);
  return {site.pc, site.sp + 2 * sizeof(Address), saved[0]};
}

}  // namespace

constexpr Runtime::Runtime()
    : threads_(storage_),
      sources_{heap_.chunks(), depot_, threads_.table(), unwinder_, sink_, json_sink_, tool_},
      reporter_(sources_, find_module_of),
      handler_(reporter_, sources_) {}

namespace {
constinit Runtime the_runtime;
}

Runtime& instance() { return the_runtime; }

bool Runtime::can_walk() const {
  return !stack::capturing() && unwinder_.is_ready() && current_phase() == Phase::running;
}

Size Runtime::capture_frames(const CallSite& site, std::span<Address> frames) {
  if (frames.empty()) return 0;
  if (can_walk()) return unwinder_.capture(frame_of(site), frames);
  frames[0] = site.pc;
  return 1;
}

TraceId Runtime::capture(const CallSite& site, stack::TraceMemo* memo) {
  if (options_.depth == 0 || stack::capturing()) return 0;
  if (memo == nullptr || !can_walk()) return capture_anew(site, nullptr);
  const TraceId known = unwinder_.recall(frame_of(site), *memo);
  return known != 0 ? known : capture_anew(site, memo);
}

/// Apart from the other one, which needs no room for a trace.
TraceId Runtime::capture_anew(const CallSite& site, stack::TraceMemo* memo) {
  record::Trace trace;
  const std::span<Address> frames{trace.frames, std::min<Size>(options_.depth, record::kMaxTraceDepth)};
  if (memo == nullptr) return depot_.store({trace.frames, capture_frames(site, frames)});
  const auto captured = unwinder_.capture(frame_of(site), frames, memo);
  const TraceId id = depot_.store({trace.frames, captured.size});
  if (captured.noted) memo->end(id);
  return id;
}

void* Runtime::allocate(const Allocation& allocation, const CallSite& site) {
  if (stands_down()) return allocate_elsewhere(allocation);
  os::ErrnoScope errno_scope;
  ensure_started();
  check_if_due(site);
  if (allocation.size > static_cast<Size>(PTRDIFF_MAX)) {
    refuse_size(1, allocation.size, site);
    errno_scope.set(ENOMEM);
    return nullptr;
  }
  void* block = nullptr;
  ErrorRoom room;
  record::FaultRecord& error = room.record;
  bool good = false;
  {
    const ThreadUse thread(threads_);
    const heap::Caller caller{site.api, capture(site, &thread->memo), thread->id};
    block = heap_.allocate(allocation.size, allocation.alignment, allocation.contents, caller, thread->cache);
    good = heap_.settle_if_due(thread->cache, error);
  }
  if (!good) fail(error, site);
  if (heap_.claim_shortage_notice()) tell_shortage();
  if (options_.verbosity >= 1 && heap_.claim_reuse_notice()) tell_reuse();
  if (block == nullptr) errno_scope.set(ENOMEM);
  return block;
}

void Runtime::deallocate(void* block, const CallSite& site, const Statement& statement) {
  if (stands_down()) return deallocate_elsewhere(block);
  const os::ErrnoScope errno_scope;
  ensure_started();
  check_if_due(site);
  ErrorRoom room;
  record::FaultRecord& error = room.record;
  bool good = false;
  {
    const ThreadUse thread(threads_);
    const heap::Caller caller{site.api, capture(site, &thread->memo), thread->id, statement};
    good = heap_.release(block, caller, thread->cache, error) && heap_.settle_if_due(thread->cache, error);
  }
  if (!good && !is_excused(error, site)) fail(error, site);
  if (!good) settle_if_due(site);
  settle_overdue(site);
}

void* Runtime::reallocate(void* old, Size size, const CallSite& site) {
  if (stands_down()) return reallocate_elsewhere(old, size);
  os::ErrnoScope errno_scope;
  ensure_started();
  check_if_due(site);
  if (size > static_cast<Size>(PTRDIFF_MAX)) {
    refuse_size(1, size, site);
    errno_scope.set(ENOMEM);
    return nullptr;
  }
  ErrorRoom room;
  record::FaultRecord& error = room.record;
  bool good = false;
  void* block = nullptr;
  {
    const ThreadUse thread(threads_);
    const heap::Caller caller{site.api, capture(site, &thread->memo), thread->id};
    good =
        heap_.reallocate(old, size, caller, thread->cache, block, error) && heap_.settle_if_due(thread->cache, error);
  }
  if (!good && !is_excused(error, site)) fail(error, site);
  if (!good) settle_if_due(site);
  if (heap_.claim_shortage_notice()) tell_shortage();
  if (options_.verbosity >= 1 && heap_.claim_reuse_notice()) tell_reuse();
  if (block == nullptr) errno_scope.set(ENOMEM);
  return block;
}

Size Runtime::usable_size(const void* block, const CallSite& site) {
  if (stands_down()) return usable_size_elsewhere(block);
  const os::ErrnoScope errno_scope;
  ensure_started();
  record::FaultRecord error;
  Size size = 0;
  if (!heap_.size_of(block, {site.api, 0, current_thread_id()}, size, error)) fail(error, site);
  return size;
}

void Runtime::fail(record::FaultRecord& error, const CallSite& site) {
  record::Trace trace;
  trace.size = static_cast<std::uint32_t>(capture_frames(site, trace.frames));
  describe(error, site);
  if (handler_.suppresses(error, trace.view())) return;
  if (options_.on_error == options::OnError::go_on) return handler_.tell_once(error, trace.view());
  handler_.on_error(error, trace.view());
}

void Runtime::describe(record::FaultRecord& error, const CallSite& site) const {
  error.api = site.api;
  error.thread = current_thread_id();
  error.pc = site.pc;
  error.sp = site.sp;
}

Runtime::Totals Runtime::totals() {
  Totals totals;
  const auto add = [&totals](const Thread& thread) {
    const heap::ThreadCounters& counters = thread.cache.counters;
    totals.guarded += counters.guarded.get();
    totals.unguarded += counters.unguarded.get();
    totals.guarded_freed += counters.guarded_freed.get();
    totals.unguarded_freed += counters.unguarded_freed.get();
    totals.bytes += counters.guarded_bytes.get();
    totals.bytes_freed += counters.guarded_bytes_freed.get();
  };
  threads_.for_each(add);
  return totals;
}

report::ModuleName Runtime::find_module(Address pc) const {
  if (const stack::KnownModule* const known = unwinder_.modules().find(pc)) {
    return {.path = known->path,
            .bias = known->bias,
            .unloaded = known->state.load() == stack::KnownModule::State::unloaded,
            .build_id = &known->build_id,
            .file = known->file_known.load(std::memory_order_acquire) ? &known->file : nullptr};
  }
  os::Module module;
  if (!os::find_module(pc, module)) return {};
  return {.path = module.path, .bias = module.bias};
}

void Runtime::on_signal(int signal, siginfo_t* info, void* context) {
  handler_.on_signal(signal, info, context, current_thread_id(), current_alternate_stack());
}

void Runtime::before_fork() {
  if (!stands_down()) {
    settle_all({record::Api::none, reinterpret_cast<Address>(__builtin_return_address(0)),
                reinterpret_cast<Address>(__builtin_frame_address(0))});
  }
  threads_.lock_for_fork();
  depot_.storage().lock_for_fork();
  heap_.lock_for_fork();
  storage_.lock_for_fork();
}

void Runtime::after_fork_in_parent() {
  storage_.unlock_after_fork();
  heap_.unlock_after_fork();
  depot_.storage().unlock_after_fork();
  threads_.unlock_after_fork();
}

void Runtime::after_fork_in_child() {
  process_ = os::process_id();
  sink_.release_standard_error();
  storage_.reset_in_child();
  if (!stands_down()) heap_.reset_in_child();
  handler_.reset_in_child();
  depot_.storage().reset_in_child();
  threads_.reset_in_child();
  handler_.reset_in_child();
}

}  // namespace fencepost::runtime
