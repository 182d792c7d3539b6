// System calls without libc between: on the hot path its wrappers cost as much as all else that we do.
#pragma once

#include <cstdint>

namespace fencepost::os {

/// Calls the kernel, and leaves errno alone. Returns what the kernel does: a negated error number on failure.
/// (Linux, Documentation/arch: x86/entry_64 and arm64 calling conventions; syscall(2).) Context: anywhere.
[[gnu::always_inline]] inline long direct_call(long number, std::uintptr_t a, std::uintptr_t b, std::uintptr_t c) {
#if defined(__x86_64__)
  long result = number;
  asm volatile("syscall" : "+a"(result) : "D"(a), "S"(b), "d"(c) : "rcx", "r11", "memory");
  return result;
#elif defined(__aarch64__)
  register long x8 asm("x8") = number;
  register std::uintptr_t x0 asm("x0") = a;
  register std::uintptr_t x1 asm("x1") = b;
  register std::uintptr_t x2 asm("x2") = c;
  asm volatile("svc 0" : "+r"(x0) : "r"(x8), "r"(x1), "r"(x2) : "memory");
  return static_cast<long>(x0);
#endif
}

}  // namespace fencepost::os
