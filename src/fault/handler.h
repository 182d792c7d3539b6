// What happens on SIGSEGV and SIGBUS.
#pragma once

#include <csignal>

#include "fault/latch.h"
#include "fault/own_actions.h"
#include "fault/reporter.h"
#include "os/fault_context.h"
#include "os/signals.h"

namespace fencepost::fault {

/// How the process ends after a report.
struct Ending {
  bool exit = false;  ///< leave with `status` instead of dying of the signal
  int status = 86;
};

/// Sorts faults: ours are reported and end the process, those of a program with its own handler are its own.
class Handler {
 public:
  constexpr Handler(Reporter& reporter, const Sources& sources) : reporter_(reporter), sources_(sources) {}

  /// Makes `entry` the handler of our signals; it calls on_signal. False if the kernel refuses.
  [[nodiscard]] bool install(os::SignalHandler entry, Ending ending);

  /// Context: signal.
  void on_signal(int signal, siginfo_t* info, void* context, ThreadId thread);

  /// An error that the allocator found: reports it and ends the process. Context: malloc, no lock held.
  [[noreturn]] void on_error(const record::FaultRecord& fault, std::span<const Address> trace);

  /// An error that the program may survive: reports it and comes back, whatever `Ending` says. The calling thread gets
  /// no signals meanwhile. Says nothing about what goes wrong inside a report. Context: anywhere, no lock held.
  void report_and_continue(record::FaultRecord fault, std::span<const Address> trace);

  /// A thread that was reporting does not exist in a forked child. Context: first thing in the child.
  void reset_in_child() { latch_.leave(); }

  [[nodiscard]] OwnActions& own_actions() { return own_actions_; }

 private:
  [[nodiscard]] bool forward(int signal, siginfo_t* info, void* context);
  void report_fault(int signal, const os::FaultContext& fault, const void* context, ThreadId thread);
  void die_of(int signal, Address fenced);
  void tell_late_or_nested(Latch::Entry entry);

  Reporter& reporter_;
  Sources sources_;
  Ending ending_;
  Latch latch_;
  OwnActions own_actions_;
};

}  // namespace fencepost::fault
