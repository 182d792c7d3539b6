#include "fault/stepper.h"

#include <algorithm>
#include <csignal>

#include "base/align.h"
#include "os/single_step.h"

namespace fencepost::fault {

namespace {

/// What the calling thread has open. A string move touches four pages at most, an AVX-512 gather sixteen and each
/// element may straddle two.
struct Step {
  static constexpr Size kMostPages = 32;

  sigset_t mask;
  Size count = 0;
  Address pages[kMostPages];
};

// initial-exec: reading it must never call the loader, which may allocate.
[[gnu::tls_model("initial-exec")]] constinit thread_local Step step{};

}  // namespace

bool Stepper::let_through(void* signal_context, Address fault) {
  const Address page = align_down(fault, kPageSize);
  Address* const end = step.pages + step.count;
  if (door_.open == nullptr || step.count == Step::kMostPages || std::find(step.pages, end, page) != end) return false;
  if (!os::can_step() || !door_.open(page)) return false;
  if (step.count == 0) step.mask = os::step_once(signal_context);
  step.pages[step.count++] = page;
  return true;
}

bool Stepper::finish(void* signal_context) {
  if (step.count == 0) return false;
  std::for_each(step.pages, step.pages + step.count, door_.close);
  step.count = 0;
  os::step_done(signal_context, step.mask);
  return true;
}

}  // namespace fencepost::fault
