// Call stacks. The only place that knows libunwind.
#pragma once

#include <atomic>
#include <span>

#include "base/types.h"
#include "record/trace.h"
#include "stack/frame_rule.h"
#include "stack/module_list.h"
#include "stack/rule_cache.h"
#include "stack/trace_memo.h"

namespace fencepost::stack {

/// Walks stacks by unwind tables where rules of our own describe every frame, else with a private copy of
/// libunwind, loaded at start-up, or along frame pointers without it.
class Unwinder {
 public:
  constexpr Unwinder() = default;

  /// Loads libunwind.so.8 so that none of its symbols reach the program. False if it is not to be had.
  /// Context: start-up; takes the loader's lock and allocates.
  [[nodiscard]] bool load();

  /// True once load() was tried: before, a walk could meet a process that is half set up.
  [[nodiscard]] bool is_ready() const { return ready_.load(std::memory_order_acquire); }

  [[nodiscard]] bool has_libunwind() const { return backtrace_.load(std::memory_order_acquire) != nullptr; }

  /// Writes the return addresses of the calling thread, beginning with `caller`, a function that is still
  /// active and may be of the program, and returns their number. Takes no lock of the loader's or of ours,
  /// and survives broken frames. Context: malloc.
  [[nodiscard]] Size capture(const Frame& caller, std::span<Address> frames) {
    return capture(caller, frames, nullptr).size;
  }

  struct Captured {
    Size size = 0;
    bool noted = false;
  };
  /// The same; `memo`, the calling thread's, takes note of the walk if `noted`, and wants to hear its name
  /// (TraceMemo::end).
  [[nodiscard]] Captured capture(const Frame& caller, std::span<Address> frames, TraceMemo* memo);

  /// The name of the trace that `capture` would give, if `memo` knows it; else 0. Context: malloc.
  [[nodiscard]] TraceId recall(const Frame& caller, TraceMemo& memo) const {
    return memo.find(caller, rules_.generation());
  }

  /// Takes note of the files that the modules loaded now come from, for later reports. Context: start-up, the loader
  /// idle.
  void note_module_files() { modules_.note_files(); }

  /// After a dlclose: forgets the rules of modules that are gone, and marks those. Context: malloc.
  void forget_unloaded();

  /// The same for the thread that a signal interrupted, beginning with the interrupted instruction.
  /// Context: signal.
  [[nodiscard]] Size walk(const void* signal_context, std::span<Address> frames);

  /// All frames of that thread, with what repeats folded. `trace` is a new one. Context: signal.
  void walk(const void* signal_context, record::FoldedTrace& trace);

  [[nodiscard]] const ModuleList& modules() const { return modules_; }

 private:
  [[nodiscard]] bool load_libunwind();
  [[nodiscard]] Size capture_with_libunwind(Address caller, std::span<Address> frames);
  [[nodiscard]] Size walk_from(const void* signal_context, std::span<Address> frames);

  using Backtrace = int (*)(void**, int);

  std::atomic<Backtrace> backtrace_{nullptr};
  std::atomic<bool> ready_{false};
  bool has_rules_ = false;
  ModuleList modules_;
  RuleCache rules_{modules_};
};

/// True while the calling thread is inside `capture` or `walk`: what it allocates now gets no trace.
[[nodiscard]] bool capturing();

}  // namespace fencepost::stack
