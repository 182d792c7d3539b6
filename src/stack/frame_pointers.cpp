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

template <typename Frames, typename Convert>
void follow(const FrameRecord* frame, Frames frames, Size& count, Convert convert) {
  static_cast<void>(os::attempt([&] {
    while (frame != nullptr && count < frames.size() && frame->return_address != 0) {
      frames[count++] = convert(frame->return_address);
      if (!plausible(frame, frame->caller)) return;
      frame = frame->caller;
    }
  }));
}

}  // namespace

Size walk_own_frame_pointers(std::span<void*> frames) {
  Size count = 0;
  follow(static_cast<const FrameRecord*>(__builtin_frame_address(0)), frames, count,
         [](Address pc) { return reinterpret_cast<void*>(pc); });
  return count;
}

Size walk_frame_pointers(const void* signal_context, std::span<Address> frames) {
  const auto& machine = static_cast<const ucontext_t*>(signal_context)->uc_mcontext;
#if defined(__x86_64__)
  const auto pc = static_cast<Address>(machine.gregs[REG_RIP]);
  const auto frame_pointer = static_cast<Address>(machine.gregs[REG_RBP]);
#elif defined(__aarch64__)
  const Address pc = machine.pc;
  const Address frame_pointer = machine.regs[29];
#endif
  Size count = 0;
  frames[count++] = pc;
  if (is_aligned(frame_pointer, alignof(FrameRecord))) {
    follow(reinterpret_cast<const FrameRecord*>(frame_pointer), frames, count, [](Address next) { return next; });
  }
  return count;
}

}  // namespace fencepost::stack
