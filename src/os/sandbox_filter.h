// What a seccomp filter does with a system call: the answer before the kernel gives it.
#pragma once

#include <linux/filter.h>

#include "base/types.h"

namespace fencepost::os {

struct SystemCall {
  long number = 0;
  Address arguments[6] = {};
};

/// True if the filter lets the call happen, or answers it with an error: false if it ends the thread or the process,
/// raises a signal, asks somebody, or is no filter that the kernel would take. Its memory may be anything. (Linux,
/// Documentation/userspace-api/seccomp_filter.rst; classic BPF as kernel/seccomp.c restricts it.)
/// Context: anywhere, once the fault handler is installed.
[[nodiscard]] bool is_survived(const sock_fprog& filter, const SystemCall& call);

}  // namespace fencepost::os
