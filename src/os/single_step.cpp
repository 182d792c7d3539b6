#include "os/single_step.h"

#include <ucontext.h>

#include <initializer_list>

namespace fencepost::os {

namespace {

#if defined(__x86_64__)
constexpr bool kCanStep = true;
constexpr greg_t kTrapFlag = 1 << 8;

void trap(mcontext_t& machine, bool on) {
  machine.gregs[REG_EFL] = on ? machine.gregs[REG_EFL] | kTrapFlag : machine.gregs[REG_EFL] & ~kTrapFlag;
}
#else
constexpr bool kCanStep = false;

void trap(mcontext_t&, bool) {}
#endif

}  // namespace

bool can_step() { return kCanStep; }

sigset_t step_once(void* signal_context) {
  auto& context = *static_cast<ucontext_t*>(signal_context);
  const sigset_t mask = context.uc_sigmask;
  sigfillset(&context.uc_sigmask);
  for (const int let_in : {SIGTRAP, SIGSEGV, SIGBUS, SIGILL, SIGFPE}) sigdelset(&context.uc_sigmask, let_in);
  trap(context.uc_mcontext, true);
  return mask;
}

void step_done(void* signal_context, const sigset_t& mask) {
  auto& context = *static_cast<ucontext_t*>(signal_context);
  context.uc_sigmask = mask;
  trap(context.uc_mcontext, false);
}

}  // namespace fencepost::os
