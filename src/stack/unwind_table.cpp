#include "stack/unwind_table.h"

#include "os/modules.h"
#include "stack/table_reader.h"

// The formats: Linux Standard Base Core 5.0, 10.6 (.eh_frame, .eh_frame_hdr); DWARF 5, 6.4.2 (the
// instructions).
namespace fencepost::stack {

namespace {

constexpr unsigned kFramePointer = 6, kStackPointer = 7, kReturnAddress = 16;  // DWARF's numbers on x86-64

/// What lies from `begin` on; empty if that is outside.
Range rest_of(Range module, Address begin) { return module.contains(begin) ? Range{begin, module.end} : Range{}; }

/// An entry of .eh_frame: its length, then what the length says.
Range contents_of_entry(Range module, Address entry) {
  constexpr std::uint32_t kExtended = 0xffffffff;
  TableReader reader(rest_of(module, entry));
  const auto length = reader.read<std::uint32_t>();
  if (!reader.good() || length == kExtended || length > module.end - reader.position()) return {};
  return {reader.position(), reader.position() + length};
}

/// A common information entry: what the functions of an object file share.
struct CommonEntry {
  std::uint64_t code_unit = 1;
  std::int64_t data_unit = 1;
  std::uint8_t pointer_encoding = 0;
  bool has_augmentation_data = false;
  bool is_signal_frame = false;
  Range instructions;
  bool good = false;
};

/// What one letter of the augmentation string says.
void read_augmentation(char letter, CommonEntry& common, TableReader& reader) {
  switch (letter) {
    case 'R': common.pointer_encoding = reader.read<std::uint8_t>(); break;
    case 'L': reader.skip(1); break;
    case 'P': {
      const auto encoding = reader.read<std::uint8_t>();
      static_cast<void>(reader.read_pointer(encoding & 0x0f));
      break;
    }
    case 'S': common.is_signal_frame = true; break;
    default: break;
  }
}

CommonEntry read_common(Range module, Address entry) {
  CommonEntry common;
  const Range contents = contents_of_entry(module, entry);
  TableReader reader(contents);
  reader.skip(sizeof(std::uint32_t));  // what tells it from a description
  const auto version = reader.read<std::uint8_t>();
  const auto* const augmentation = reinterpret_cast<const char*>(reader.position());
  reader.skip_text();
  common.code_unit = reader.read_uleb();
  common.data_unit = reader.read_sleb();
  const std::uint64_t return_column = version == 1 ? reader.read<std::uint8_t>() : reader.read_uleb();
  if (!reader.good() || return_column != kReturnAddress) return common;
  common.has_augmentation_data = augmentation[0] == 'z';
  if (!common.has_augmentation_data && augmentation[0] != '\0') return common;
  if (common.has_augmentation_data) {
    const std::uint64_t length = reader.read_uleb();
    if (!reader.good() || length > contents.end - reader.position()) return common;
    common.instructions = {reader.position() + length, contents.end};
    for (const char* letter = augmentation + 1; *letter != '\0'; ++letter) read_augmentation(*letter, common, reader);
  } else {
    common.instructions = {reader.position(), contents.end};
  }
  common.good = reader.good();
  return common;
}

/// A row of the table that the instructions stand for, as far as a walk needs it.
struct Row {
  enum class Saved : std::uint8_t { no, at_offset, lost };

  std::uint64_t cfa_register = kStackPointer;
  std::int64_t cfa_offset = 0;
  Saved bp = Saved::no;
  std::int64_t bp_offset = 0;  ///< from the CFA
  Saved return_address = Saved::at_offset;
  std::int64_t return_address_offset = -8;
  bool outermost = false;
  bool describable = true;
};

/// Runs call frame instructions up to a code address.
class Machine {
 public:
  Machine(const CommonEntry& common, Address code, Address target) : common_(common), code_(code), target_(target) {}

  /// False if something was not understood.
  [[nodiscard]] bool run(Range instructions) {
    TableReader reader(instructions);
    while (!reader.at_end() && reader.good() && understood_ && !arrived_) step(reader);
    return reader.good() && understood_;
  }
  void begin_function() { initial_ = row_; }
  [[nodiscard]] const Row& row() const { return row_; }

 private:
  static constexpr Size kMostRemembered = 4;

  void step(TableReader& reader) {
    const auto instruction = reader.read<std::uint8_t>();
    const std::uint64_t operand = instruction & 0x3f;
    switch (instruction >> 6) {
      case 1: return advance(operand);
      case 2: return save(operand, scaled(static_cast<std::int64_t>(reader.read_uleb())));
      case 3: return restore(operand);
      default: return step_extended(instruction, reader);
    }
  }

  void step_extended(std::uint8_t instruction, TableReader& reader) {
    switch (instruction) {
      case 0x00: return;                                                               // nop
      case 0x01: return arrive_before(reader.read_pointer(common_.pointer_encoding));  // set_loc
      case 0x02: return advance(reader.read<std::uint8_t>());                          // advance_loc1
      case 0x03: return advance(reader.read<std::uint16_t>());                         // advance_loc2
      case 0x04: return advance(reader.read<std::uint32_t>());                         // advance_loc4
      case 0x0a: return remember();
      case 0x0b: return recall();
      case 0x2e: reader.read_uleb(); return;  // GNU_args_size
      case 0x0c:
      case 0x0d:
      case 0x0e:
      case 0x0f:
      case 0x12:
      case 0x13: return define_cfa(instruction, reader);
      default: return define_register(instruction, reader);
    }
  }

  void define_cfa(std::uint8_t instruction, TableReader& reader) {
    switch (instruction) {
      case 0x0c:  // def_cfa
        row_.cfa_register = reader.read_uleb();
        row_.cfa_offset = static_cast<std::int64_t>(reader.read_uleb());
        row_.describable = true;
        return;
      case 0x0d: row_.cfa_register = reader.read_uleb(); return;                           // def_cfa_register
      case 0x0e: row_.cfa_offset = static_cast<std::int64_t>(reader.read_uleb()); return;  // def_cfa_offset
      case 0x0f:
        skip_block(reader);
        row_.describable = false;
        return;   // def_cfa_expression
      case 0x12:  // def_cfa_sf
        row_.cfa_register = reader.read_uleb();
        row_.cfa_offset = scaled(reader.read_sleb());
        row_.describable = true;
        return;
      default: row_.cfa_offset = scaled(reader.read_sleb()); return;  // def_cfa_offset_sf
    }
  }

  void define_register(std::uint8_t instruction, TableReader& reader) {
    const std::uint64_t number = reader.read_uleb();
    switch (instruction) {
      case 0x05: return save(number, scaled(static_cast<std::int64_t>(reader.read_uleb())));  // offset_extended
      case 0x06: return restore(number);                                                      // restore_extended
      case 0x07: return undefine(number);
      case 0x08: return keep(number);  // same_value
      case 0x09:
      case 0x14: reader.read_uleb(); return lose(number);  // register, val_offset
      case 0x15: reader.read_sleb(); return lose(number);  // val_offset_sf
      case 0x10:
      case 0x16: skip_block(reader); return lose(number);          // expressions
      case 0x11: return save(number, scaled(reader.read_sleb()));  // offset_extended_sf
      default: understood_ = false;
    }
  }

  /// A table of nonsense may overflow.
  [[nodiscard]] std::int64_t scaled(std::int64_t offset) {
    std::int64_t product = 0;
    if (__builtin_mul_overflow(offset, common_.data_unit, &product)) understood_ = false;
    return product;
  }

  static void skip_block(TableReader& reader) { reader.skip(reader.read_uleb()); }

  void advance(std::uint64_t units) { arrive_before(code_ + units * common_.code_unit); }
  /// What follows holds from `code` on.
  void arrive_before(Address code) {
    arrived_ = code > target_;
    code_ = code;
  }

  void save(std::uint64_t number, std::int64_t offset) {
    if (number == kFramePointer) {
      row_.bp = Row::Saved::at_offset;
      row_.bp_offset = offset;
    } else if (number == kReturnAddress) {
      row_.return_address = Row::Saved::at_offset;
      row_.return_address_offset = offset;
    }
  }
  void restore(std::uint64_t number) {
    if (number == kFramePointer) {
      row_.bp = initial_.bp;
      row_.bp_offset = initial_.bp_offset;
    } else if (number == kReturnAddress) {
      row_.return_address = initial_.return_address;
      row_.return_address_offset = initial_.return_address_offset;
      row_.outermost = initial_.outermost;
    }
  }
  void undefine(std::uint64_t number) {
    if (number == kReturnAddress) row_.outermost = true;
    // Outermost functions give the frame pointer up too; nobody asks for it any more.
    if (number == kFramePointer) row_.bp = Row::Saved::no;
  }
  void keep(std::uint64_t number) {
    if (number == kFramePointer) row_.bp = Row::Saved::no;
    if (number == kReturnAddress) row_.return_address = Row::Saved::lost;
  }
  void lose(std::uint64_t number) {
    if (number == kFramePointer) row_.bp = Row::Saved::lost;
    if (number == kReturnAddress) row_.return_address = Row::Saved::lost;
  }
  void remember() {
    understood_ = remembered_count_ < kMostRemembered;
    if (understood_) remembered_[remembered_count_++] = row_;
  }
  void recall() {
    understood_ = remembered_count_ > 0;
    if (understood_) row_ = remembered_[--remembered_count_];
  }

  const CommonEntry& common_;
  Address code_;
  Address target_;
  Row row_;
  Row initial_;
  Row remembered_[kMostRemembered];
  Size remembered_count_ = 0;
  bool arrived_ = false;
  bool understood_ = true;
};

bool fits(std::int64_t distance, std::uint32_t most) {
  return distance > 0 && distance <= static_cast<std::int64_t>(most) && distance % 8 == 0;
}

FrameRule rule_of(const Row& row) {
  if (row.outermost) return {FrameRule::Kind::outermost};
  FrameRule rule;
  const bool by_frame_pointer = row.cfa_register == kFramePointer;
  if (!row.describable || (!by_frame_pointer && row.cfa_register != kStackPointer)) return rule;
  if (row.return_address != Row::Saved::at_offset || row.return_address_offset != -8) return rule;
  if (!fits(row.cfa_offset, FrameRule::kMostCfaOffset) || row.bp == Row::Saved::lost) return rule;
  if (row.bp == Row::Saved::at_offset) {
    const auto saved_below = static_cast<std::int64_t>(0 - static_cast<std::uint64_t>(row.bp_offset));
    if (!fits(saved_below, FrameRule::kMostSavedBelow)) return rule;
    rule.bp_saved_below = static_cast<std::uint32_t>(saved_below);
  }
  rule.kind = by_frame_pointer ? FrameRule::Kind::frame_pointer : FrameRule::Kind::stack_pointer;
  rule.cfa_offset = static_cast<std::uint32_t>(row.cfa_offset);
  return rule;
}

/// The frame description entry for `code`, or 0, by the sorted table of .eh_frame_hdr.
Address find_description(Range module, Address header, Address code) {
  constexpr std::uint8_t kTableOfPairs = 0x3b;  // signed 32-bit, relative to the header
  struct Pair {
    std::int32_t code;
    std::int32_t description;
  };
  TableReader reader(rest_of(module, header));
  const auto version = reader.read<std::uint8_t>();
  const auto frames_encoding = reader.read<std::uint8_t>();
  const auto count_encoding = reader.read<std::uint8_t>();
  const auto table_encoding = reader.read<std::uint8_t>();
  static_cast<void>(reader.read_pointer(frames_encoding, header));
  const Size count = reader.read_pointer(count_encoding, header);
  if (version != 1 || table_encoding != kTableOfPairs || !reader.good()) return 0;
  const Address table = reader.position();
  if (count > (module.end - table) / sizeof(Pair)) return 0;
  const auto pair_at = [table](Size index) {
    const Address at = table + index * sizeof(Pair);
    return TableReader({at, at + sizeof(Pair)}).read<Pair>();
  };
  Size low = 0, high = count;  // the first pair above `code`
  while (low < high) {
    const Size middle = low + (high - low) / 2;
    if (header + static_cast<Address>(std::int64_t{pair_at(middle).code}) > code) {
      high = middle;
    } else {
      low = middle + 1;
    }
  }
  return low == 0 ? 0 : header + static_cast<Address>(std::int64_t{pair_at(low - 1).description});
}

FrameRule read_description(Range module, Address entry, Address code) {
  const Range contents = contents_of_entry(module, entry);
  TableReader reader(contents);
  const Address here = reader.position();
  const auto distance = reader.read<std::uint32_t>();
  if (!reader.good() || distance == 0) return {};
  const CommonEntry common = read_common(module, here - distance);
  const Address begin = reader.read_pointer(common.pointer_encoding);
  const Address size = reader.read_pointer(common.pointer_encoding & 0x0f);
  if (common.has_augmentation_data) reader.skip(reader.read_uleb());
  if (!reader.good() || !common.good || common.is_signal_frame || code - begin >= size) return {};
  Machine machine(common, begin, code);
  if (!machine.run(common.instructions)) return {};
  machine.begin_function();
  return machine.run({reader.position(), contents.end}) ? rule_of(machine.row()) : FrameRule{};
}

}  // namespace

FrameRule read_frame_rule(Range module, Address table, Address code) {
  const Address description = find_description(module, table, code);
  return description == 0 ? FrameRule{} : read_description(module, description, code);
}

FrameRule find_frame_rule(Address return_address) {
#if defined(__x86_64__)
  // A call may be the last instruction of its function.
  const Address code = return_address - 1;
  os::Module module;
  if (!os::find_module(code, module) || module.unwind_table == 0) return {};
  return read_frame_rule(module.range, module.unwind_table, code);
#else
  static_cast<void>(return_address);
  return {};
#endif
}

}  // namespace fencepost::stack
