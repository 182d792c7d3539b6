// The one object of the runtime tower, and what the entry points ask of it.
#pragma once

#include <csignal>

#include "base/types.h"
#include "fault/call_buffer.h"
#include "fault/first_times.h"
#include "fault/handler.h"
#include "fault/reporter.h"
#include "heap/heap.h"
#include "metadata/trace_depot.h"
#include "options/options.h"
#include "record/api.h"
#include "record/system_call.h"
#include "report/sink.h"
#include "runtime/private_operators.h"
#include "runtime/threads.h"
#include "stack/unwinder.h"
#include "suppression/rules.h"

namespace fencepost::runtime {

/// Where the program called an entry point.
struct CallSite {
  record::Api api;
  Address pc;  ///< the return address
  Address sp;  ///< the frame of the entry point: where it saved the caller's frame pointer, and above it `pc`
};

/// Where the program called a function that hands its memory to the kernel.
struct SystemCallSite {
  record::SystemCall call;
  Address pc;  ///< the return address
  Address sp;  ///< the frame of the entry point
};

using heap::Statement;

struct Allocation {
  Size size = 0;
  Size alignment = 0;  ///< 0: what malloc promises
  heap::Contents contents = heap::Contents::pattern;
};

/// Constant-initialised, because the first allocation comes before any constructor. Starts in two steps:
/// the heap with the first allocation, by system calls alone; then what needs a working libc (libunwind, the
/// hooks for threads and fork): with the first allocation that finds one, at the latest in our constructor.
///
/// Every member preserves errno but for failures. Context: malloc, no lock held.
class Runtime {
 public:
  constexpr Runtime();

  /// Null with errno ENOMEM when there is no memory.
  [[nodiscard]] void* allocate(const Allocation& allocation, const CallSite& site);
  /// `statement` is what the program says of the block.
  void deallocate(void* block, const CallSite& site, const Statement& statement = {});
  /// A block of `size` bytes with the contents of `old`, which is freed. Null with errno ENOMEM, and `old`
  /// left as it was, when there is no memory. Neither `old` nor `size` is 0.
  [[nodiscard]] void* reallocate(void* old, Size size, const CallSite& site);
  [[nodiscard]] Size usable_size(const void* block, const CallSite& site);

  /// The program asked for more than PTRDIFF_MAX bytes: `count` times `size`, or 0 if neither is known. Reports it
  /// as the option bad_argument says; the caller then fails as the C library does.
  void refuse_size(Size count, Size size, const CallSite& site);
  /// The same for an alignment.
  void refuse_alignment(Size alignment, Size size, const CallSite& site);

  /// Fences what is pending (fence=batch), compares the slack of all blocks, reports what was overwritten, and puts
  /// the pattern back, so that each damage is told once. Returns the number of reports.
  [[nodiscard]] int check_all(const CallSite& site);

  /// Sums over all threads.
  struct Totals {
    std::uint64_t guarded = 0, unguarded = 0;
    std::uint64_t guarded_freed = 0, unguarded_freed = 0;
    std::uint64_t bytes = 0, bytes_freed = 0;
    [[nodiscard]] std::uint64_t allocations() const { return guarded + unguarded; }
  };
  [[nodiscard]] Totals totals();

  /// Takes the steps that can be taken; safe to call again and from several threads.
  void ensure_started() {
    if (stage_.load(std::memory_order_acquire) != Stage::ready) start_up();
  }
  /// The second step, if it was not taken yet. Context: the loader is idle, no lock held.
  void start_services();
  /// The program is about to forbid itself what guarding takes: from now on all is left to the next allocator, and
  /// nothing is asked of the kernel that the program does not ask for. Context: as of prctl(2), no lock held.
  void stand_down();
  [[nodiscard]] bool stands_down() const { return stage_.load(std::memory_order_acquire) == Stage::standing_down; }
  /// The end of the process: checks all slack, states the coverage. Context: destructor.
  void finish();

  /// Context: signal.
  void on_signal(int signal, siginfo_t* info, void* context);

  [[nodiscard]] Threads& threads() { return threads_; }
  /// True for signals whose handler stays ours.
  [[nodiscard]] bool owns(int signal) const { return handler_.owns(signal); }
  [[nodiscard]] fault::OwnActions& own_actions() { return handler_.own_actions(); }
  /// After a dlclose.
  void forget_unloaded_modules() { unwinder_.forget_unloaded(); }
  [[nodiscard]] heap::Heap& heap() { return heap_; }
  /// The name of the calling thread's trace; `memo` is that thread's, or null.
  [[nodiscard]] TraceId capture(const CallSite& site, stack::TraceMemo* memo = nullptr);
  [[nodiscard]] report::ModuleName find_module(Address pc) const;

  /// True unless the program is to hear nothing of bad buffers.
  [[nodiscard]] bool minds_bad_buffers() const {
    return options_.bad_syscall != options::BadSyscall::ignore && !stands_down();
  }
  /// Reports a buffer that the kernel could not use, once for each call and trace, and comes back unless that is to
  /// end the process. Context: anywhere.
  void tell_bad_buffer(const fault::BadBuffer& bad, const SystemCallSite& site);
  /// What a process ends with that would end with `status`, and without our destructor. Context: anywhere.
  [[nodiscard]] int status_of(int status) const;
  /// True if blocks are being guarded.
  [[nodiscard]] bool is_active() {
    ensure_started();
    return !stands_down() && heap_.guards();
  }

  /// Writes a message, each of its lines marked as ours.
  void say(std::string_view text);

  /// Fences what a thread has put off (fence=batch).
  void settle(Thread& thread, const CallSite& site);

  void before_fork();
  void after_fork_in_parent();
  void after_fork_in_child();

 private:
  enum class Stage : std::uint8_t { fresh, starting_heap, heap_ready, starting_services, ready, standing_down };
  using UsableSize = Size (*)(const void*);

  void start_up();
  void start_heap();
  void read_options();
  void read_suppressions();
  void find_tool();
  [[nodiscard]] heap::Settings heap_settings() const;
  [[nodiscard]] static void* allocate_elsewhere(const Allocation& allocation);
  void deallocate_elsewhere(void* block);
  [[nodiscard]] void* reallocate_elsewhere(void* old, Size size);
  [[nodiscard]] Size usable_size_elsewhere(const void* block);
  [[nodiscard]] bool can_walk() const;
  [[nodiscard, gnu::noinline]] TraceId capture_anew(const CallSite& site, stack::TraceMemo* memo);
  [[nodiscard]] Size capture_frames(const CallSite& site, std::span<Address> frames);
  [[nodiscard]] bool is_excused(const record::FaultRecord& error, const CallSite& site);
  void describe(record::FaultRecord& error, const CallSite& site) const;
  void refuse(record::FaultRecord error, const CallSite& site);
  /// Reports an error that the program survives, once for each place that makes it.
  void report_and_go_on(record::FaultRecord& error, const CallSite& site);
  /// Reports an error of the program's. Comes back only with on_error=continue, or if it is suppressed.
  void fail(record::FaultRecord& error, const CallSite& site);
  void check_if_due(const CallSite& site);
  void settle_if_due(const CallSite& site);
  void settle_all(const CallSite& site);
  void settle_overdue(const CallSite& site);
  void tell_shortage();
  void tell_reuse();
  void tell_coverage();
  void tell_fence_time();
  void tell_findings();
  void tell_suppressed();

  std::atomic<Stage> stage_{Stage::fresh};
  options::Options options_;
  report::Sink sink_;
  report::Sink json_sink_;
  report::Tool tool_;
  metadata::PageArena storage_;
  metadata::TraceDepot depot_;
  stack::Unwinder unwinder_;
  Threads threads_;
  heap::Heap heap_;
  fault::Sources sources_;
  fault::Reporter reporter_;
  fault::Handler handler_;
  PrivateOperators private_operators_;
  suppression::Rules suppressions_;
  std::atomic<std::uint64_t> calls_{0};       ///< allocations and releases, counted for the option check_every
  std::atomic<std::uint64_t> next_sweep_{0};  ///< when to look for threads that left blocks pending
  std::string_view engine_reason_;
  std::atomic<std::uint64_t>* progress_ = nullptr;  ///< where the option progress_path wants allocations counted
  UsableSize next_usable_size_ = nullptr;           ///< libc's, once we stand down; may be null
  int process_ = 0;                                 ///< the one whose findings these are
  Totals at_start_;                                 ///< what was counted before the program's own first step
};

/// The one instance.
[[nodiscard]] Runtime& instance();

}  // namespace fencepost::runtime
