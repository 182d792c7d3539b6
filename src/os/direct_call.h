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

/// The same of a call with up to six arguments.
[[gnu::always_inline]] inline long direct_call(long number, const std::uintptr_t (&arguments)[6]) {
#if defined(__x86_64__)
  long result = number;
  register std::uintptr_t r10 asm("r10") = arguments[3];
  register std::uintptr_t r8 asm("r8") = arguments[4];
  register std::uintptr_t r9 asm("r9") = arguments[5];
  asm volatile("syscall"
               : "+a"(result)
               : "D"(arguments[0]), "S"(arguments[1]), "d"(arguments[2]), "r"(r10), "r"(r8), "r"(r9)
               : "rcx", "r11", "memory");
  return result;
#elif defined(__aarch64__)
  register long x8 asm("x8") = number;
  register std::uintptr_t x0 asm("x0") = arguments[0];
  register std::uintptr_t x1 asm("x1") = arguments[1];
  register std::uintptr_t x2 asm("x2") = arguments[2];
  register std::uintptr_t x3 asm("x3") = arguments[3];
  register std::uintptr_t x4 asm("x4") = arguments[4];
  register std::uintptr_t x5 asm("x5") = arguments[5];
  asm volatile("svc 0" : "+r"(x0) : "r"(x8), "r"(x1), "r"(x2), "r"(x3), "r"(x4), "r"(x5) : "memory");
  return static_cast<long>(x0);
#endif
}

}  // namespace fencepost::os
