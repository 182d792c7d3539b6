#include "symbolize/unit_index.h"

#include "symbolize/ranges.h"

namespace fencepost::symbolize {

std::vector<const Unit*> UnitIndex::holding(std::uint64_t address) {
  if (dwarf_ == nullptr) return {};
  if (!aranges_are_read_) read_aranges();
  std::vector<const Unit*> units = find(aranges_, address);
  if (!units.empty()) return units;
  if (!units_are_read_) read_units();
  return find(ranges_, address);
}

void UnitIndex::read_aranges() {
  aranges_are_read_ = true;
  Dwarf_Aranges* all = nullptr;
  std::size_t count = 0;
  if (dwarf_getaranges(dwarf_, &all, &count) != 0) return;
  for (std::size_t i = 0; i < count; ++i) {
    Dwarf_Addr begin = 0;
    Dwarf_Word size = 0;
    Offset unit = 0;
    if (dwarf_getarangeinfo(dwarf_onearange(all, i), &begin, &size, &unit) == 0)
      aranges_.add(begin, begin + size, unit);
  }
  aranges_.put_in_order();
}

void UnitIndex::read_units() {
  units_are_read_ = true;
  Dwarf_CU* unit = nullptr;
  Dwarf_Die die{};
  while (dwarf_get_units(dwarf_, unit, &unit, nullptr, nullptr, &die, nullptr) == 0) {
    const Offset offset = dwarf_dieoffset(&die);
    for_each_range(die, [&](std::uint64_t begin, std::uint64_t end) { ranges_.add(begin, end, offset); });
  }
  ranges_.put_in_order();
}

std::vector<const Unit*> UnitIndex::find(const Intervals<Offset>& intervals, std::uint64_t address) {
  std::vector<const Unit*> units;
  intervals.for_each_holding(address, [&](std::uint64_t, std::uint64_t, Offset offset) {
    if (const Unit* const unit = unit_at(offset)) units.push_back(unit);
  });
  return units;
}

const Unit* UnitIndex::unit_at(Offset offset) {
  if (const auto known = units_.find(offset); known != units_.end()) return &known->second;
  Unit unit;
  if (dwarf_offdie(dwarf_, offset, &unit.lines) == nullptr) return nullptr;
  Dwarf_Die split{};
  const bool is_known = dwarf_cu_info(unit.lines.cu, nullptr, nullptr, nullptr, &split, nullptr, nullptr, nullptr) == 0;
  unit.functions = is_known && split.addr != nullptr ? split : unit.lines;
  return &units_.emplace(offset, unit).first->second;
}

}  // namespace fencepost::symbolize
