#include "symbolize/function_index.h"

#include <dwarf.h>

#include <tuple>

#include "symbolize/ranges.h"

namespace fencepost::symbolize {

namespace {

/// Compilers nest far less; files that nest more are broken, and the reader recurses.
constexpr std::size_t kDeepest = 512;

bool may_have_functions(int tag) {
  switch (tag) {
    case DW_TAG_namespace:
    case DW_TAG_module:
    case DW_TAG_class_type:
    case DW_TAG_structure_type:
    case DW_TAG_union_type:
    case DW_TAG_subprogram:
    case DW_TAG_inlined_subroutine:
    case DW_TAG_lexical_block:
    case DW_TAG_try_block:
    case DW_TAG_catch_block:
    case DW_TAG_with_stmt: return true;
    default: return false;
  }
}

}  // namespace

FunctionIndex::FunctionIndex(Dwarf_Die unit) {
  read_children(unit, {});
  code_.put_in_order();
}

std::vector<Function*> FunctionIndex::at(std::uint64_t address) {
  std::optional<std::size_t> innermost;
  std::tuple<std::uint64_t, std::size_t> smallest;
  code_.for_each_holding(address, [&](std::uint64_t begin, std::uint64_t end, std::size_t index) {
    // Of two with the same code, the one that was inlined into the other.
    const std::tuple size(end - begin, kDeepest - functions_[index].depth);
    if (innermost && smallest <= size) return;
    innermost = index;
    smallest = size;
  });
  std::vector<Function*> functions;
  for (std::optional<std::size_t> next = innermost; next; next = functions.back()->caller) {
    functions.push_back(&functions_[*next]);
  }
  return functions;
}

void FunctionIndex::read_children(Dwarf_Die& parent, Scope scope) {
  if (scope.depth == kDeepest) return;
  Dwarf_Die die{};
  if (dwarf_child(&parent, &die) != 0) return;
  for (;;) {
    read(die, scope);
    const Dwarf_Off here = dwarf_dieoffset(&die);
    // A broken file may say that the next sibling is one that came before.
    if (dwarf_siblingof(&die, &die) != 0 || dwarf_dieoffset(&die) <= here) return;
  }
}

void FunctionIndex::read(Dwarf_Die& die, Scope scope) {
  const int tag = dwarf_tag(&die);
  if (!may_have_functions(tag)) return;
  if (tag == DW_TAG_subprogram) scope.function = add(die, {std::nullopt, scope.depth});
  if (tag == DW_TAG_inlined_subroutine) scope.function = add(die, scope);
  ++scope.depth;
  read_children(die, scope);
}

std::size_t FunctionIndex::add(Dwarf_Die& die, Scope scope) {
  const std::size_t index = functions_.size();
  functions_.push_back({die, scope.function, scope.depth});
  for_each_range(die, [&](std::uint64_t begin, std::uint64_t end) { code_.add(begin, end, index); });
  return index;
}

}  // namespace fencepost::symbolize
