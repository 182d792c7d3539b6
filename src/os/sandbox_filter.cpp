#include "os/sandbox_filter.h"

#include <linux/audit.h>
#include <linux/seccomp.h>

#include <cstring>

#include "os/attempt.h"

namespace fencepost::os {

namespace {

#if defined(__x86_64__)
constexpr std::uint32_t kArchitecture = AUDIT_ARCH_X86_64;
#elif defined(__aarch64__)
constexpr std::uint32_t kArchitecture = AUDIT_ARCH_AARCH64;
#endif

/// The machine that runs filters: classic BPF with the call for a packet. An instruction that it does not know, or one
/// that leads out of the program, ends the run with kNoAnswer.
class FilterMachine {
 public:
  static constexpr std::uint32_t kNoAnswer = SECCOMP_RET_KILL_PROCESS;

  FilterMachine(const sock_fprog& filter, const SystemCall& call) : filter_(filter) {
    data_.nr = static_cast<int>(call.number);
    data_.arch = kArchitecture;
    for (Size i = 0; i < 6; ++i) data_.args[i] = call.arguments[i];
  }

  [[nodiscard]] std::uint32_t run() {
    // Jumps lead forward only: it ends.
    while (next_ < filter_.len) {
      const sock_filter instruction = filter_.filter[next_++];
      if (BPF_CLASS(instruction.code) == BPF_RET) {
        return BPF_RVAL(instruction.code) == BPF_A ? accumulator_ : instruction.k;
      }
      if (!step(instruction)) break;
    }
    return kNoAnswer;
  }

 private:
  bool step(const sock_filter& instruction) {
    switch (BPF_CLASS(instruction.code)) {
      case BPF_LD: return load(instruction, accumulator_);
      case BPF_LDX: return load(instruction, index_);
      case BPF_ST: return store(instruction.k, accumulator_);
      case BPF_STX: return store(instruction.k, index_);
      case BPF_ALU: return calculate(instruction);
      case BPF_JMP: return jump(instruction);
      case BPF_MISC: return transfer(instruction);
      default: return false;
    }
  }

  bool load(const sock_filter& instruction, std::uint32_t& to) {
    switch (BPF_MODE(instruction.code)) {
      case BPF_IMM: to = instruction.k; return true;
      case BPF_LEN: to = sizeof data_; return true;
      case BPF_MEM:
        if (instruction.k >= BPF_MEMWORDS) return false;
        to = memory_[instruction.k];
        return true;
      case BPF_ABS:
        if (instruction.k > sizeof data_ - sizeof to || instruction.k % sizeof to != 0) return false;
        std::memcpy(&to, reinterpret_cast<const char*>(&data_) + instruction.k, sizeof to);
        return true;
      default: return false;
    }
  }

  bool store(std::uint32_t at, std::uint32_t value) {
    if (at >= BPF_MEMWORDS) return false;
    memory_[at] = value;
    return true;
  }

  [[nodiscard]] std::uint32_t operand(const sock_filter& instruction) const {
    return BPF_SRC(instruction.code) == BPF_X ? index_ : instruction.k;
  }

  bool calculate(const sock_filter& instruction) {
    const std::uint32_t by = operand(instruction);
    switch (BPF_OP(instruction.code)) {
      case BPF_ADD: accumulator_ += by; return true;
      case BPF_SUB: accumulator_ -= by; return true;
      case BPF_MUL: accumulator_ *= by; return true;
      case BPF_DIV: accumulator_ = by == 0 ? 0 : accumulator_ / by; return by != 0;
      case BPF_AND: accumulator_ &= by; return true;
      case BPF_OR: accumulator_ |= by; return true;
      case BPF_XOR: accumulator_ ^= by; return true;
      case BPF_LSH: accumulator_ = by < 32 ? accumulator_ << by : 0; return true;
      case BPF_RSH: accumulator_ = by < 32 ? accumulator_ >> by : 0; return true;
      case BPF_NEG: accumulator_ = 0 - accumulator_; return true;
      default: return false;
    }
  }

  bool jump(const sock_filter& instruction) {
    const std::uint32_t to = operand(instruction);
    bool taken = false;
    switch (BPF_OP(instruction.code)) {
      case BPF_JA: next_ += instruction.k; return true;
      case BPF_JEQ: taken = accumulator_ == to; break;
      case BPF_JGT: taken = accumulator_ > to; break;
      case BPF_JGE: taken = accumulator_ >= to; break;
      case BPF_JSET: taken = (accumulator_ & to) != 0; break;
      default: return false;
    }
    next_ += taken ? instruction.jt : instruction.jf;
    return true;
  }

  bool transfer(const sock_filter& instruction) {
    if (BPF_MISCOP(instruction.code) == BPF_TAX) {
      index_ = accumulator_;
    } else {
      accumulator_ = index_;
    }
    return true;
  }

  sock_fprog filter_;
  seccomp_data data_{};
  std::uint64_t next_ = 0;
  std::uint32_t accumulator_ = 0;
  std::uint32_t index_ = 0;
  std::uint32_t memory_[BPF_MEMWORDS] = {};
};

}  // namespace

bool is_survived(const sock_fprog& filter, const SystemCall& call) {
  std::uint32_t answer = FilterMachine::kNoAnswer;
  if (!attempt([&] { answer = FilterMachine(filter, call).run(); })) return false;
  switch (answer & SECCOMP_RET_ACTION_FULL) {
    case SECCOMP_RET_ALLOW:
    case SECCOMP_RET_LOG:
    case SECCOMP_RET_ERRNO: return true;
    default: return false;
  }
}

}  // namespace fencepost::os
