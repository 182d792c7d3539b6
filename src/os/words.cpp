#include "os/words.h"

#include "os/attempt.h"

namespace fencepost::os {

#if defined(__x86_64__)

// In assembly, because a compiler would not know that the loads have a second way out.
asm(R"(
  .pushsection .text.fencepost_words_are, "ax", @progbits
  .p2align 5
  .hidden fencepost_words_are, fencepost_words_differ, fencepost_words_are_end
  .globl fencepost_words_are, fencepost_words_differ, fencepost_words_are_end
  .type fencepost_words_are, @function
fencepost_words_are:
  .cfi_startproc
  xorl %eax, %eax
  testq %rcx, %rcx
  jz 2f
1:
  movl (%rsi), %r8d
  movq (%rdi,%r8,8), %r9
  xorq (%rdx), %r9
  orq %r9, %rax
  addq $4, %rsi
  addq $8, %rdx
  decq %rcx
  jnz 1b
2:
  testq %rax, %rax
  sete %al
  ret
fencepost_words_differ:
  xorl %eax, %eax
  ret
fencepost_words_are_end:
  .cfi_endproc
  .size fencepost_words_are, . - fencepost_words_are
  .popsection
)");

extern "C" {
[[gnu::visibility("hidden")]] bool fencepost_words_are(const Address*, const std::uint32_t*, const Address*, Size);
[[gnu::visibility("hidden")]] void fencepost_words_differ();
[[gnu::visibility("hidden")]] void fencepost_words_are_end();
}

bool words_are(const Address* base, const std::uint32_t* offsets, const Address* words, Size count) {
  return fencepost_words_are(base, offsets, words, count);
}

bool is_in_words_are(Address pc) {
  return pc >= reinterpret_cast<Address>(fencepost_words_are) &&
         pc < reinterpret_cast<Address>(fencepost_words_are_end);
}

Address way_out_of_words_are() { return reinterpret_cast<Address>(fencepost_words_differ); }

#else

bool words_are(const Address* base, const std::uint32_t* offsets, const Address* words, Size count) {
  Address difference = 0;
  const bool all = attempt([&] {
    for (Size i = 0; i < count; ++i) difference |= base[offsets[i]] ^ words[i];
  });
  return all && difference == 0;
}

bool is_in_words_are(Address) { return false; }

Address way_out_of_words_are() { return 0; }

#endif

}  // namespace fencepost::os
