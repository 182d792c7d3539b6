#include "fault/handler.h"

#include "base/align.h"
#include "fault/report_stack.h"
#include "os/attempt.h"
#include "os/errno_scope.h"
#include "os/fault_context.h"
#include "os/handler_frame.h"
#include "os/pages.h"
#include "os/process.h"
#include "os/signals.h"

namespace fencepost::fault {

namespace {

bool is_function(const struct sigaction& action) {
  return action.sa_handler != SIG_DFL && action.sa_handler != SIG_IGN;
}

/// The kernel chose the stack for our handler, not for the program's.
bool is_misplaced(const struct sigaction& action, const void* context, Range own_stack) {
  if (!os::can_continue_in_handler() || os::is_below_interrupted(context)) return false;
  return own_stack.contains(reinterpret_cast<Address>(context)) || (action.sa_flags & SA_ONSTACK) == 0;
}

/// The mask that the kernel would have set for the program's handler; its own return undoes it.
void block_for(const struct sigaction& action, int signal) {
  sigset_t mask = action.sa_mask;
  if ((action.sa_flags & SA_NODEFER) == 0) sigaddset(&mask, signal);
  static_cast<void>(os::kernel_sigprocmask(SIG_BLOCK, &mask, nullptr));
}

}  // namespace

bool Handler::install(os::SignalHandler entry, Ending ending) {
  ending_ = ending;
  stepper_.set_door(ending.door);
  for (const int signal : {SIGSEGV, SIGBUS, SIGTRAP}) {
    if (!owns(signal)) continue;
    struct sigaction ignore {};
    ignore.sa_handler = SIG_IGN;
    if (os::is_ignored(signal)) static_cast<void>(own_actions_.set(signal, ignore));
    if (!os::install_handler(signal, entry)) return false;
  }
  return true;
}

void Handler::on_signal(int signal, siginfo_t* info, void* context, ThreadId thread, Range own_stack) {
  const os::ErrnoScope errno_scope;
  if (signal == SIGTRAP) return on_trap(info, context, own_stack);
  const os::FaultContext fault = os::decode_fault(*info, context);
  if (!fault.raised_by_program && os::may_give_up(context)) return os::give_up_attempt(context);
  if (!fault.raised_by_program && latch_.is_mine()) return end_report(signal, fault);
  // A program may protect pages of a live block and handle the faults: a collector's write barrier does.
  const bool fenced = is_fenced(fault);
  bool settled = false;
  if (fenced) on_own_stack(own_stack, [&] { settled = go_on_after(signal, fault, context, thread); });
  if (settled) return;
  if (!fenced && !latch_.is_mine() && forward(signal, info, context, own_stack)) return;
  if (fault.raised_by_program) {
    if (own_actions_.get(signal).sa_handler == SIG_IGN) return;
    os::restore_default_action(signal);
    return os::raise_here(signal);
  }
  if (!fenced) on_own_stack(own_stack, [&] { settled = suppresses_elsewhere(signal, fault, context, thread); });
  if (settled) return die_of(signal, 0);
  report_fault(signal, fault, context, thread);
  die_of(signal, fenced ? fault.address : 0);
}

bool Handler::is_fenced(const os::FaultContext& fault) const {
  const metadata::HeapView heap(sources_.chunks);
  return !fault.raised_by_program && fault.address_known && heap.is_fenced(fault.address);
}

bool Handler::forward(int signal, siginfo_t* info, void* context, Range own_stack) {
  const struct sigaction action = own_actions_.get(signal);
  if (!is_function(action)) return false;
  if ((action.sa_flags & static_cast<int>(SA_RESETHAND)) != 0) own_actions_.reset(signal);
  if (is_misplaced(action, context, own_stack)) return os::continue_in_handler(signal, info, context, action);
  block_for(action, signal);
  if ((action.sa_flags & SA_SIGINFO) != 0) {
    action.sa_sigaction(signal, info, context);
  } else {
    action.sa_handler(signal);
  }
  return true;
}

record::FaultRecord Handler::record_of(int signal, const os::FaultContext& fault, ThreadId thread) {
  record::FaultRecord record;
  record.event = record::Event::access;
  record.access = fault.access;
  record.address_known = fault.address_known;
  record.signal = signal;
  record.address = fault.address;
  record.pc = fault.pc;
  record.sp = fault.sp;
  record.thread = thread;
  return record;
}

void Handler::report_fault(int signal, const os::FaultContext& fault, const void* context, ThreadId thread) {
  const Latch::Entry entry = latch_.enter(reporter_.patience_milliseconds());
  if (entry != Latch::Entry::first) return tell_late_or_nested(entry);
  reporter_.report(record_of(signal, fault, thread), {}, context);
  if (ending_.exit) os::exit_process(ending_.status);
}

void Handler::on_error(const record::FaultRecord& fault, std::span<const Address> trace) {
  const Latch::Entry entry = latch_.enter(reporter_.patience_milliseconds());
  if (entry == Latch::Entry::first) {
    reporter_.report(fault, trace, nullptr);
  } else {
    tell_late_or_nested(entry);
  }
  if (ending_.exit) os::exit_process(ending_.status);
  os::abort_process();
}

void Handler::report_and_continue(record::FaultRecord fault, std::span<const Address> trace,
                                  const void* signal_context) {
  const os::ErrnoScope errno_scope;
  // A handler of the program's could leave the report by longjmp, and nobody would report any more.
  const os::AllSignalsBlocked blocked;
  const Latch::Entry entry = latch_.enter(reporter_.patience_milliseconds());
  if (entry == Latch::Entry::late) return tell_late_or_nested(entry);
  if (entry == Latch::Entry::nested) return;
  fault.goes_on = true;
  reporter_.report(fault, trace, signal_context);
  latch_.leave();
}

void Handler::tell_late_or_nested(Latch::Entry entry) {
  sources_.sink.write(entry == Latch::Entry::nested
                          ? "Fencepost: another fault while reporting; the report ends here\n"
                          : "Fencepost: another thread's report did not end; giving up on this fault\n");
}

/// What made the report fault may do so again here: then the process is to die of it, not to begin anew.
void Handler::end_report(int signal, const os::FaultContext& fault) {
  os::restore_default_action(SIGSEGV);
  os::restore_default_action(SIGBUS);
  tell_late_or_nested(Latch::Entry::nested);
  die_of(signal, is_fenced(fault) ? fault.address : 0);
}

/// The faulting instruction runs again and dies of the fault, as it would have without us: of SIGSEGV for
/// every fence, whatever the engine's own signal is. That one stays ours, so that other threads, which fail
/// at the same time, come here and wait.
void Handler::die_of(int signal, Address fenced) {
  if (fenced == 0 || signal == SIGSEGV) return os::restore_default_action(signal);
  const Address begin = align_down(fenced, kPageSize);
  const Range page{begin, begin + kPageSize};
  // A limit of address space that the program has set may allow no new mapping, but always the end of one.
  if (!os::replace_by_reservation(page)) os::give_back(page);
  os::restore_default_action(SIGSEGV);
}

}  // namespace fencepost::fault
