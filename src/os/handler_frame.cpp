#include "os/handler_frame.h"

#include <ucontext.h>

#include <cstring>

#include "base/align.h"
#include "os/attempt.h"

namespace fencepost::os {

namespace {

/// The kernel's sigset_t: the C library's is larger than what a signal's frame has of it.
using KernelMask = std::uint64_t;

KernelMask bits_of(const sigset_t& set) {
  KernelMask bits = 0;
  std::memcpy(&bits, &set, sizeof bits);
  return bits;
}

#if defined(__x86_64__)

/// System V ABI, x86-64 supplement: "The Stack Frame".
constexpr Size kRedZone = 128;
constexpr Size kStateAlignment = 64;

/// Linux, arch/x86/include/uapi/asm/sigcontext.h: struct _fpx_sw_bytes, at the end of the legacy area.
constexpr Size kLegacyState = 512;
constexpr Size kSoftwareBytes = 464;
constexpr std::uint32_t kExtendedMagic = 0x46505853;

Size size_of_state(Address state) {
  std::uint32_t software[2];
  std::memcpy(software, reinterpret_cast<const void*>(state + kSoftwareBytes), sizeof software);
  return software[0] == kExtendedMagic ? software[1] : kLegacyState;
}

/// The frame begins with the address that the handler returns to; then come the context, the siginfo and the state of
/// the floating-point unit.
Range frame_of(const ucontext_t& context) {
  const auto begin = reinterpret_cast<Address>(&context) - sizeof(Address);
  const auto state = reinterpret_cast<Address>(context.uc_mcontext.fpregs);
  return {begin, state + size_of_state(state)};
}

/// Where the copy goes: at the same remainder, on which the state's alignment and that of the stack depend.
Address place_for(Range frame, Address sp) {
  const Address most = sp - kRedZone - frame.size();
  const Address remainder = frame.begin % kStateAlignment;
  return align_down(most - remainder, kStateAlignment) + remainder;
}

/// What entry_64 clears for a handler: the direction flag, the resume flag and the trap flag.
constexpr greg_t kClearedFlags = 1 << 10 | 1 << 16 | 1 << 8;

#endif

}  // namespace

#if defined(__x86_64__)

bool can_continue_in_handler() { return true; }

bool is_below_interrupted(const void* signal_context) {
  constexpr Size kLargestFrame = Size{64} << 10;
  const auto& context = *static_cast<const ucontext_t*>(signal_context);
  const auto sp = static_cast<Address>(context.uc_mcontext.gregs[REG_RSP]);
  const auto here = reinterpret_cast<Address>(signal_context);
  return here < sp && sp - here < kLargestFrame;
}

bool continue_in_handler(int signal, const siginfo_t* info, void* signal_context, const struct sigaction& action) {
  auto& context = *static_cast<ucontext_t*>(signal_context);
  if (context.uc_mcontext.fpregs == nullptr) return false;
  greg_t* const registers = context.uc_mcontext.gregs;
  const Range frame = frame_of(context);
  const Address begin = place_for(frame, static_cast<Address>(registers[REG_RSP]));
  const Address distance = begin - frame.begin;
  auto* const copied = reinterpret_cast<ucontext_t*>(reinterpret_cast<Address>(&context) + distance);
  const bool copied_whole = attempt([&] {
    std::memcpy(reinterpret_cast<void*>(begin), reinterpret_cast<const void*>(frame.begin), frame.size());
    copied->uc_mcontext.fpregs =
        reinterpret_cast<fpregset_t>(reinterpret_cast<Address>(context.uc_mcontext.fpregs) + distance);
  });
  if (!copied_whole) return false;
  registers[REG_RDI] = signal;
  registers[REG_RSI] = static_cast<greg_t>(reinterpret_cast<Address>(info) + distance);
  registers[REG_RDX] = static_cast<greg_t>(reinterpret_cast<Address>(copied));
  registers[REG_RAX] = 0;
  registers[REG_RSP] = static_cast<greg_t>(begin);
  registers[REG_RIP] = static_cast<greg_t>(reinterpret_cast<Address>(action.sa_sigaction));
  registers[REG_EFL] &= ~kClearedFlags;
  context.uc_mcontext.fpregs = nullptr;  // the initial state
  KernelMask mask = bits_of(context.uc_sigmask) | bits_of(action.sa_mask);
  if ((action.sa_flags & SA_NODEFER) == 0) mask |= KernelMask{1} << (signal - 1);
  std::memcpy(&context.uc_sigmask, &mask, sizeof mask);
  return true;
}

#else

bool can_continue_in_handler() { return false; }
bool is_below_interrupted(const void*) { return true; }
bool continue_in_handler(int, const siginfo_t*, void*, const struct sigaction&) { return false; }

#endif

}  // namespace fencepost::os
