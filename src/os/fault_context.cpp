#include "os/fault_context.h"

#include <ucontext.h>

#include "base/align.h"
#include "os/attempt.h"
#include "os/modules.h"

namespace fencepost::os {

namespace {

using record::Access;

/// Room for the red zone of the System V ABI (128 bytes) and then some.
constexpr Size kRedZone = 512;

#if defined(__x86_64__)

constexpr int kGeneralProtection = 13;
constexpr int kPageFault = 14;

void decode_machine(const mcontext_t& machine, FaultContext& fault) {
  fault.pc = static_cast<Address>(machine.gregs[REG_RIP]);
  fault.sp = static_cast<Address>(machine.gregs[REG_RSP]);
  // Intel SDM vol. 3A, 4.7 "Page-fault exceptions": bit 1 write, bit 4 instruction fetch.
  const auto error = machine.gregs[REG_ERR];
  const auto trap = machine.gregs[REG_TRAPNO];
  if (trap == kPageFault) {
    fault.access = (error & 16) != 0 ? Access::execute : (error & 2) != 0 ? Access::write : Access::read;
  }
  if (trap == kGeneralProtection) fault.address_known = false;
}

void set_program_counter(mcontext_t& machine, Address pc) { machine.gregs[REG_RIP] = static_cast<greg_t>(pc); }

void leave_stack_alone(mcontext_t& machine) {
  const auto sp = static_cast<Address>(machine.gregs[REG_RSP]);
  // As after a call: 8 below a multiple of 16.
  machine.gregs[REG_RSP] = static_cast<greg_t>(align_down(sp - kRedZone, 16) - 8);
}

struct Place {
  std::string_view name;
  int index;
};

constexpr Place kGeneralRegisters[] = {
    {"rax", REG_RAX}, {"rbx", REG_RBX}, {"rcx", REG_RCX}, {"rdx", REG_RDX}, {"rsi", REG_RSI}, {"rdi", REG_RDI},
    {"rbp", REG_RBP}, {"rsp", REG_RSP}, {"r8", REG_R8},   {"r9", REG_R9},   {"r10", REG_R10}, {"r11", REG_R11},
    {"r12", REG_R12}, {"r13", REG_R13}, {"r14", REG_R14}, {"r15", REG_R15}, {"rip", REG_RIP}};
static_assert(sizeof kGeneralRegisters / sizeof kGeneralRegisters[0] == kMaxRegisters);

Size copy_registers(const mcontext_t& machine, Register (&registers)[kMaxRegisters]) {
  Size count = 0;
  for (const Place& place : kGeneralRegisters) {
    registers[count++] = {place.name, static_cast<std::uint64_t>(machine.gregs[place.index])};
  }
  return count;
}

#elif defined(__aarch64__)

Size copy_registers(const mcontext_t&, Register (&)[kMaxRegisters]) { return 0; }

/// The exception syndrome, from the records that follow the registers (arch/arm64 uapi sigcontext.h).
std::uint64_t exception_syndrome(const mcontext_t& machine) {
  struct Header {
    std::uint32_t magic;
    std::uint32_t size;
  };
  constexpr std::uint32_t kEsrMagic = 0x45535201;
  const auto* at = reinterpret_cast<const unsigned char*>(machine.__reserved);
  for (const auto* header = reinterpret_cast<const Header*>(at); header->magic != 0 && header->size != 0;
       at += header->size, header = reinterpret_cast<const Header*>(at)) {
    if (header->magic == kEsrMagic) return *reinterpret_cast<const std::uint64_t*>(header + 1);
  }
  return 0;
}

void decode_machine(const mcontext_t& machine, FaultContext& fault) {
  fault.pc = machine.pc;
  fault.sp = machine.sp;
  // Arm ARM D17.2.37 ESR_EL1: class in bits 31:26, WnR in bit 6.
  const std::uint64_t syndrome = exception_syndrome(machine);
  const auto exception_class = (syndrome >> 26) & 0x3f;
  if (exception_class == 0x20 || exception_class == 0x21) fault.access = Access::execute;
  if (exception_class == 0x24 || exception_class == 0x25) {
    fault.access = (syndrome & 0x40) != 0 ? Access::write : Access::read;
  }
}

void set_program_counter(mcontext_t& machine, Address pc) { machine.pc = pc; }

void leave_stack_alone(mcontext_t& machine) { machine.sp = align_down(machine.sp - kRedZone, 16); }

#else
#error "Fencepost knows x86-64 and arm64"
#endif

}  // namespace

Address program_counter(const void* context) {
  FaultContext fault;
  decode_machine(static_cast<const ucontext_t*>(context)->uc_mcontext, fault);
  return fault.pc;
}

Size read_registers(const void* context, Register (&registers)[kMaxRegisters]) {
  return copy_registers(static_cast<const ucontext_t*>(context)->uc_mcontext, registers);
}

Size read_code(Address pc, std::uint8_t (&bytes)[kMaxInstruction]) {
  Size count = 0;
  // The page may end in the middle of it.
  static_cast<void>(attempt([&] {
    for (; count < kMaxInstruction; ++count) {
      bytes[count] = *reinterpret_cast<const volatile std::uint8_t*>(pc + count);
    }
  }));
  return count;
}

bool step_out_of_nowhere(ucontext_t& context) {
  Module module;
  if (find_module(program_counter(&context), module)) return false;
  mcontext_t& machine = context.uc_mcontext;
  Address caller = 0;
#if defined(__x86_64__)
  const auto sp = static_cast<Address>(machine.gregs[REG_RSP]);
  if (!attempt([&] { caller = *reinterpret_cast<const Address*>(sp); })) return false;
  if (!find_module(caller, module)) return false;
  machine.gregs[REG_RIP] = static_cast<greg_t>(caller - 1);
  machine.gregs[REG_RSP] = static_cast<greg_t>(sp + sizeof caller);
#elif defined(__aarch64__)
  caller = machine.regs[30];
  if (!find_module(caller, module)) return false;
  machine.pc = caller - 1;
#endif
  return true;
}

FaultContext decode_fault(const siginfo_t& info, const void* context) {
  FaultContext fault;
  fault.address = reinterpret_cast<Address>(info.si_addr);
  fault.raised_by_program = info.si_code <= 0;
  decode_machine(static_cast<const ucontext_t*>(context)->uc_mcontext, fault);
  return fault;
}

void continue_at(void* context, Address pc) { set_program_counter(static_cast<ucontext_t*>(context)->uc_mcontext, pc); }

void continue_in(void* context, void (*function)()) {
  leave_stack_alone(static_cast<ucontext_t*>(context)->uc_mcontext);
  continue_at(context, reinterpret_cast<Address>(function));
}

}  // namespace fencepost::os
