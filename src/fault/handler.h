// What happens on SIGSEGV and SIGBUS, and on the SIGTRAP of a single step.
#pragma once

#include <csignal>

#include "fault/first_times.h"
#include "fault/latch.h"
#include "fault/own_actions.h"
#include "fault/reporter.h"
#include "fault/stepper.h"
#include "os/fault_context.h"
#include "os/signals.h"

namespace fencepost::fault {

/// How the process ends after a report.
struct Ending {
  bool exit = false;  ///< leave with `status` instead of dying of the signal
  int status = 86;
  bool go_on = false;               ///< don't end: let the instruction through
  std::uint64_t max_reports = 100;  ///< when going on; 0: no bound
  PageDoor door = {};               ///< for the instruction to get through
};

/// Sorts faults: ours are reported and end the process, those of a program with its own handler are its own.
class Handler {
 public:
  constexpr Handler(Reporter& reporter, const Sources& sources) : reporter_(reporter), sources_(sources) {}

  /// Makes `entry` the handler of our signals; it calls on_signal. False if the kernel refuses.
  [[nodiscard]] bool install(os::SignalHandler entry, Ending ending);

  /// True for signals whose handler stays ours.
  [[nodiscard]] bool owns(int signal) const {
    return signal == SIGSEGV || signal == SIGBUS || (signal == SIGTRAP && may_go_on());
  }

  /// `own_stack` is the signal stack that we gave to this thread, if any: where the program's handlers don't belong.
  /// Context: signal.
  void on_signal(int signal, siginfo_t* info, void* context, ThreadId thread, Range own_stack = {});

  /// An error that the allocator found: reports it and ends the process. Context: malloc, no lock held.
  [[noreturn]] void on_error(const record::FaultRecord& fault, std::span<const Address> trace);

  /// An error that the program survives: counts it, reports it, unless there were enough reports when going on, and
  /// comes back. `trace` is that of the error, walked from `signal_context` if that is not null. The calling thread
  /// gets no signals meanwhile. Says nothing about what goes wrong inside a report. Context: anywhere, no lock held.
  void tell(const record::FaultRecord& fault, std::span<const Address> trace, const void* signal_context = nullptr);

  /// The same, but of the findings of one kind and trace only the first is reported.
  void tell_once(const record::FaultRecord& fault, std::span<const Address> trace,
                 const void* signal_context = nullptr);

  /// True if a suppression says that this is not to be told: the program then goes on as if nothing had been found, or,
  /// where it can't, dies as it would have without us. Counts it. `trace` is that of the error. Context: anywhere, no
  /// lock held.
  [[nodiscard]] bool suppresses(const record::FaultRecord& fault, std::span<const Address> trace);

  /// What `tell` and `tell_once` have counted and reported.
  [[nodiscard]] std::uint64_t findings() const { return findings_.load(std::memory_order_relaxed); }
  [[nodiscard]] std::uint64_t reports() const { return reports_.load(std::memory_order_relaxed); }

  /// A thread that was reporting does not exist in a forked child. Context: first thing in the child.
  void reset_in_child() {
    latch_.leave();
    findings_.store(0, std::memory_order_relaxed);
    reports_.store(0, std::memory_order_relaxed);
    reporter_.suppressor().reset_in_child();
  }

  [[nodiscard]] OwnActions& own_actions() { return own_actions_; }

 private:
  [[nodiscard]] bool may_go_on() const { return ending_.go_on || reporter_.suppressor().has_rules(); }
  void report_and_continue(record::FaultRecord fault, std::span<const Address> trace, const void* signal_context);
  void on_trap(siginfo_t* info, void* context, Range own_stack);
  [[nodiscard]] bool go_on_after(int signal, const os::FaultContext& fault, void* context, ThreadId thread);
  [[nodiscard]] bool suppresses_elsewhere(int signal, const os::FaultContext& fault, const void* context,
                                          ThreadId thread);
  [[nodiscard]] static record::FaultRecord record_of(int signal, const os::FaultContext& fault, ThreadId thread);
  [[nodiscard]] bool forward(int signal, siginfo_t* info, void* context, Range own_stack);
  void report_fault(int signal, const os::FaultContext& fault, const void* context, ThreadId thread);
  void end_report(int signal, const os::FaultContext& fault);
  [[nodiscard]] bool is_fenced(const os::FaultContext& fault) const;
  void die_of(int signal, Address fenced);
  void tell_late_or_nested(Latch::Entry entry);

  Reporter& reporter_;
  Sources sources_;
  Ending ending_;
  Latch latch_;
  OwnActions own_actions_;
  Stepper stepper_;
  FirstTimes told_;
  std::atomic<std::uint64_t> findings_{0};
  std::atomic<std::uint64_t> reports_{0};
};

}  // namespace fencepost::fault
