#include "fault/own_actions.h"

namespace fencepost::fault {

OwnActions::Copy OwnActions::current(int signal) const {
  const Entry& entry = entries_[index(signal)];
  Copy copy = entry.copies[entry.current.load(std::memory_order_acquire)];
  if (entry.is_default.load(std::memory_order_acquire)) copy.action.sa_handler = SIG_DFL;
  return copy;
}

struct sigaction OwnActions::set(int signal, const struct sigaction& action) {
  const os::MutexLock lock(writing_);
  const struct sigaction before = get(signal);
  Entry& entry = entries_[index(signal)];
  const unsigned other = 1 - entry.current.load(std::memory_order_relaxed);
  entry.copies[other].action = action;
  entry.current.store(other, std::memory_order_release);
  entry.is_default.store(false, std::memory_order_release);
  return before;
}

}  // namespace fencepost::fault
