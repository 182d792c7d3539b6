// The instruction that faulted, in words.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "findings/finding.h"

namespace fencepost::render {

struct RegisterValue {
  std::string name;
  std::uint64_t value = 0;

  bool operator==(const RegisterValue&) const = default;
};

struct DecodedInstruction {
  std::string text;                      ///< in Intel's notation
  std::vector<RegisterValue> registers;  ///< those that it names, each once, with what was in them
  /// Of the operand in memory that the address of the fault lies in; in bytes. None if no operand does.
  std::optional<unsigned> access_size;
  std::string access;  ///< "read", "write", "read and write", or "" if no operand has the address
};

/// None if the finding has no instruction, or one that can't be decoded. Only of x86-64.
[[nodiscard]] std::optional<DecodedInstruction> decode(const findings::Finding& finding);

}  // namespace fencepost::render
