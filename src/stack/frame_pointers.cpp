#include "stack/frame_pointers.h"

#include <ucontext.h>

#include "base/align.h"
#include "os/attempt.h"

namespace fencepost::stack {

namespace {

/// What a function with a frame pointer leaves on the stack, on x86-64 and arm64 alike.
struct FrameRecord {
  const FrameRecord* caller;
  Address return_address;
};

/// No frame is larger than this, or the chain is broken.
constexpr Size kLargestFrame = Size{1} << 20;

bool plausible(const FrameRecord* frame, const FrameRecord* next) {
  const auto here = reinterpret_cast<Address>(frame);
  const auto there = reinterpret_cast<Address>(next);
  return there > here && there - here < kLargestFrame && is_aligned(there, alignof(FrameRecord));
}

/// Calls `take` with each return address until it returns false.
void follow(const FrameRecord* frame, bool (*take)(void*, Address), void* taker) {
  static_cast<void>(os::attempt([&] {
    while (frame != nullptr && frame->return_address != 0) {
      if (!take(taker, frame->return_address) || !plausible(frame, frame->caller)) return;
      frame = frame->caller;
    }
  }));
}

}  // namespace

Size walk_own_frame_pointers(std::span<void*> frames) {
  struct Taker {
    std::span<void*> frames;
    Size count = 0;
  } taker{frames};
  if (frames.empty()) return 0;
  follow(
      static_cast<const FrameRecord*>(__builtin_frame_address(0)),
      [](void* to, Address pc) {
        Taker& takes = *static_cast<Taker*>(to);
        takes.frames[takes.count++] = reinterpret_cast<void*>(pc);
        return takes.count < takes.frames.size();
      },
      &taker);
  return taker.count;
}

void walk_frame_pointers(const void* signal_context, bool (*take)(void*, Address), void* taker) {
  const auto& machine = static_cast<const ucontext_t*>(signal_context)->uc_mcontext;
#if defined(__x86_64__)
  const auto pc = static_cast<Address>(machine.gregs[REG_RIP]);
  const auto frame_pointer = static_cast<Address>(machine.gregs[REG_RBP]);
#elif defined(__aarch64__)
  const Address pc = machine.pc;
  const Address frame_pointer = machine.regs[29];
#endif
  if (!take(taker, pc) || !is_aligned(frame_pointer, alignof(FrameRecord))) return;
  follow(reinterpret_cast<const FrameRecord*>(frame_pointer), take, taker);
}

}  // namespace fencepost::stack
