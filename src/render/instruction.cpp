#include "render/instruction.h"

#include <Zydis/Zydis.h>

#include <algorithm>
#include <memory>

namespace fencepost::render {

namespace {

using findings::Finding;
using findings::Instruction;

std::optional<std::uint64_t> value_of(const Instruction& instruction, const char* name) {
  const auto found = instruction.registers.find(name);
  if (found == instruction.registers.end()) return std::nullopt;
  return found->second;
}

/// The 64-bit register that a general register, or a part of one, belongs to.
ZydisRegister whole(ZydisRegister part) { return ZydisRegisterGetLargestEnclosing(ZYDIS_MACHINE_MODE_LONG_64, part); }

std::uint64_t truncated(std::uint64_t value, ZyanU16 bits) {
  return bits >= 64 ? value : value & ((std::uint64_t{1} << bits) - 1);
}

/// Large: some hundred registers.
std::unique_ptr<ZydisRegisterContext> context_of(const Instruction& instruction) {
  auto context = std::make_unique<ZydisRegisterContext>();
  for (int number = ZYDIS_REGISTER_RAX; number <= ZYDIS_REGISTER_R15; ++number) {
    const auto which = static_cast<ZydisRegister>(number);
    context->values[which] = value_of(instruction, ZydisRegisterGetString(which)).value_or(0);
    context->values[which - ZYDIS_REGISTER_RAX + ZYDIS_REGISTER_EAX] = truncated(context->values[which], 32);
  }
  return context;
}

class Decoder {
 public:
  Decoder(const Finding& finding, const Instruction& instruction)
      : finding_(finding), instruction_(instruction), context_(context_of(instruction)) {}

  bool decode() {
    const std::uint64_t pc = value_of(instruction_, "rip").value_or(finding_.pc.value_or(0));
    return ZYAN_SUCCESS(ZydisDisassembleIntel(ZYDIS_MACHINE_MODE_LONG_64, pc, instruction_.bytes.data(),
                                              instruction_.bytes.size(), &decoded_));
  }

  DecodedInstruction describe() {
    DecodedInstruction result;
    result.text = text();
    for (unsigned i = 0; i < decoded_.info.operand_count_visible; ++i) add_registers(decoded_.operands[i], result);
    for (unsigned i = 0; i < decoded_.info.operand_count; ++i) take_access(decoded_.operands[i], result);
    return result;
  }

 private:
  /// As the rest of a report writes numbers: in small letters, without leading zeros.
  [[nodiscard]] std::string text() const {
    ZydisFormatter formatter;
    bool good = ZYAN_SUCCESS(ZydisFormatterInit(&formatter, ZYDIS_FORMATTER_STYLE_INTEL));
    const auto set = [&](ZydisFormatterProperty property, ZyanUPointer value) {
      good = good && ZYAN_SUCCESS(ZydisFormatterSetProperty(&formatter, property, value));
    };
    for (const auto padding : {ZYDIS_FORMATTER_PROP_ADDR_PADDING_ABSOLUTE, ZYDIS_FORMATTER_PROP_ADDR_PADDING_RELATIVE,
                               ZYDIS_FORMATTER_PROP_DISP_PADDING, ZYDIS_FORMATTER_PROP_IMM_PADDING}) {
      set(padding, ZYDIS_PADDING_DISABLED);
    }
    set(ZYDIS_FORMATTER_PROP_HEX_UPPERCASE, ZYAN_FALSE);
    set(ZYDIS_FORMATTER_PROP_FORCE_SIZE, ZYAN_TRUE);
    char buffer[256];
    good = good && ZYAN_SUCCESS(ZydisFormatterFormatInstruction(&formatter, &decoded_.info, decoded_.operands,
                                                                decoded_.info.operand_count_visible, buffer,
                                                                sizeof buffer, decoded_.runtime_address, nullptr));
    return good ? buffer : decoded_.text;
  }

  void add_register(ZydisRegister which, DecodedInstruction& result) const {
    const auto value = value_of(instruction_, ZydisRegisterGetString(whole(which)));
    if (which == ZYDIS_REGISTER_NONE || which == ZYDIS_REGISTER_RIP || !value) return;
    const ZyanU16 bits = ZydisRegisterGetWidth(ZYDIS_MACHINE_MODE_LONG_64, which);
    // The second byte of a register is a part of its own.
    const bool is_high = which >= ZYDIS_REGISTER_AH && which <= ZYDIS_REGISTER_BH;
    const RegisterValue shown{ZydisRegisterGetString(which), truncated(is_high ? *value >> 8 : *value, bits)};
    const bool listed = std::find(result.registers.begin(), result.registers.end(), shown) != result.registers.end();
    if (!listed) result.registers.push_back(shown);
  }

  void add_registers(const ZydisDecodedOperand& operand, DecodedInstruction& result) const {
    if (operand.type == ZYDIS_OPERAND_TYPE_REGISTER && (operand.actions & ZYDIS_OPERAND_ACTION_MASK_READ) != 0) {
      add_register(operand.reg.value, result);
    }
    if (operand.type == ZYDIS_OPERAND_TYPE_MEMORY) {
      add_register(operand.mem.base, result);
      add_register(operand.mem.index, result);
    }
  }

  /// An operand in memory that the address lies in says how much was accessed.
  void take_access(const ZydisDecodedOperand& operand, DecodedInstruction& result) const {
    if (operand.type != ZYDIS_OPERAND_TYPE_MEMORY || operand.mem.type == ZYDIS_MEMOP_TYPE_AGEN || result.access_size)
      return;
    const unsigned size = operand.size / 8u;
    if (size == 0 || !is_accessed(operand, size)) return;
    const bool reads = (operand.actions & ZYDIS_OPERAND_ACTION_MASK_READ) != 0;
    const bool writes = (operand.actions & ZYDIS_OPERAND_ACTION_MASK_WRITE) != 0;
    result.access_size = size;
    result.access = reads && writes ? "read and write" : writes ? "write" : "read";
  }

  bool is_accessed(const ZydisDecodedOperand& operand, unsigned size) const {
    // The bases of these are not in the general registers.
    if (operand.mem.segment == ZYDIS_REGISTER_FS || operand.mem.segment == ZYDIS_REGISTER_GS) return false;
    ZyanU64 begin = 0;
    const ZyanStatus status =
        ZydisCalcAbsoluteAddressEx(&decoded_.info, &operand, decoded_.runtime_address, context_.get(), &begin);
    if (!ZYAN_SUCCESS(status)) return false;
    // A fault without an address is one at an address that is no canonical one.
    if (!finding_.address) return !is_canonical(begin);
    // What pushes, writes below where the stack pointer was.
    const bool pushes = operand.visibility == ZYDIS_OPERAND_VISIBILITY_HIDDEN &&
                        operand.mem.base == ZYDIS_REGISTER_RSP &&
                        (operand.actions & ZYDIS_OPERAND_ACTION_MASK_WRITE) != 0;
    if (pushes) begin -= size;
    return *finding_.address - begin < size;
  }

  static bool is_canonical(std::uint64_t address) {
    const std::uint64_t top = address >> 47;
    return top == 0 || top == 0x1ffff;
  }

  const Finding& finding_;
  const Instruction& instruction_;
  std::unique_ptr<ZydisRegisterContext> context_;
  ZydisDisassembledInstruction decoded_{};
};

}  // namespace

std::optional<DecodedInstruction> decode(const Finding& finding) {
  if (!finding.instruction || finding.instruction->bytes.empty()) return std::nullopt;
  Decoder decoder(finding, *finding.instruction);
  if (!decoder.decode()) return std::nullopt;
  return decoder.describe();
}

}  // namespace fencepost::render
