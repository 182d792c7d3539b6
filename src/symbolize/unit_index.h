// Which compilation units of a module hold an address.
#pragma once

#include <elfutils/libdw.h>

#include <cstdint>
#include <map>
#include <vector>

#include "symbolize/intervals.h"

namespace fencepost::symbolize {

/// The two halves of a compilation unit; they are the same but for split DWARF.
struct Unit {
  Dwarf_Die lines{};      ///< has the line table
  Dwarf_Die functions{};  ///< has the functions
};

/// Reads .debug_aranges at first. Only for an address that is not there, since not every compiler writes
/// them, the units' own ranges are read, of all units once.
class UnitIndex {
 public:
  /// `dwarf` may be null: there are no units then.
  explicit UnitIndex(Dwarf* dwarf) : dwarf_(dwarf) {}

  /// The units whose code holds the address, usually one. The pointers live as long as the index.
  [[nodiscard]] std::vector<const Unit*> holding(std::uint64_t address);

 private:
  using Offset = Dwarf_Off;

  void read_aranges();
  void read_units();
  [[nodiscard]] std::vector<const Unit*> find(const Intervals<Offset>& intervals, std::uint64_t address);
  [[nodiscard]] const Unit* unit_at(Offset offset);

  Dwarf* dwarf_;
  bool aranges_are_read_ = false;
  bool units_are_read_ = false;
  Intervals<Offset> aranges_;
  Intervals<Offset> ranges_;
  std::map<Offset, Unit> units_;
};

}  // namespace fencepost::symbolize
