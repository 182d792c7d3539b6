// What the kernel tells a signal handler about the interrupted instruction.
#pragma once

#include <ucontext.h>

#include <csignal>
#include <string_view>

#include "base/types.h"
#include "record/fault_record.h"

namespace fencepost::os {

struct FaultContext {
  Address pc = 0;
  Address sp = 0;
  Address address = 0;
  bool address_known = true;
  record::Access access = record::Access::unknown;
  bool raised_by_program = false;  ///< kill, raise, sigqueue: no instruction faulted
};

/// Context: signal.
[[nodiscard]] FaultContext decode_fault(const siginfo_t& info, const void* context);

/// The interrupted instruction. Context: signal.
[[nodiscard]] Address program_counter(const void* context);

/// One of the machine's registers.
struct Register {
  std::string_view name;  ///< "rax"
  std::uint64_t value = 0;
};

inline constexpr Size kMaxRegisters = 17;

/// The interrupted instruction's general registers and the program counter; returns how many. None on arm64.
/// Context: signal.
[[nodiscard]] Size read_registers(const void* context, Register (&registers)[kMaxRegisters]);

/// No instruction of x86-64 is longer.
inline constexpr Size kMaxInstruction = 15;

/// Copies the code at `pc`, as far as it can be read; returns how many bytes that were. Context: anywhere, once the
/// fault handler is installed.
[[nodiscard]] Size read_code(Address pc, std::uint8_t (&bytes)[kMaxInstruction]);

/// If the interrupted pc lies in no module, which a call through a bad pointer leads to, changes `context` to
/// what it was before the call, as far as the walk of a stack goes. False, with nothing changed, if it does lie in
/// one or the stack can't be read. Context: signal.
[[nodiscard]] bool step_out_of_nowhere(ucontext_t& context);

/// Makes the interrupted thread go on at `pc`, with all its registers as they are. Context: signal.
void continue_at(void* context, Address pc);

/// Makes the interrupted thread go on in `function`, which must not return, on its own stack below what it
/// had in use. Context: signal.
void continue_in(void* context, void (*function)());

}  // namespace fencepost::os
