#include "symbolize/function_name.h"

#include <dwarf.h>

#include <cstdlib>
#include <memory>

namespace fencepost::symbolize {

namespace {

/// A chain of references that is longer than that is a circle.
constexpr int kMostReferences = 16;

std::string text_of(Dwarf_Attribute* attribute) {
  const char* const text = attribute == nullptr ? nullptr : dwarf_formstring(attribute);
  return text == nullptr ? "" : text;
}

/// Where the function was declared: the place says what it belongs to.
Dwarf_Die declaration_of(Dwarf_Die die) {
  for (int i = 0; i < kMostReferences; ++i) {
    Dwarf_Attribute attribute{};
    Dwarf_Die next{};
    if (dwarf_attr(&die, DW_AT_abstract_origin, &attribute) == nullptr &&
        dwarf_attr(&die, DW_AT_specification, &attribute) == nullptr) {
      break;
    }
    if (dwarf_formref_die(&attribute, &next) == nullptr) break;
    die = next;
  }
  return die;
}

/// `member` is the name of what lies in the scope.
std::string prefix_of(Dwarf_Die& scope, const std::string& member) {
  const char* const name = dwarf_diename(&scope);
  switch (dwarf_tag(&scope)) {
    case DW_TAG_namespace: return name == nullptr ? "(anonymous namespace)::" : std::string(name) + "::";
    case DW_TAG_class_type:
    case DW_TAG_structure_type:
    case DW_TAG_union_type:
      if (name == nullptr) return member == "operator()" ? "{lambda}::" : "{unnamed}::";
      return std::string(name) + "::";
    case DW_TAG_subprogram: return name == nullptr ? "" : std::string(name) + "::";
    default: return {};
  }
}

}  // namespace

std::string linkage_name_of(Dwarf_Die& function) {
  for (const unsigned name : {DW_AT_linkage_name, DW_AT_MIPS_linkage_name}) {
    Dwarf_Attribute attribute{};
    std::string text = text_of(dwarf_attr_integrate(&function, name, &attribute));
    if (!text.empty()) return text;
  }
  return {};
}

std::string qualified_name_of(Dwarf_Die& function) {
  const char* const own = dwarf_diename(&function);
  if (own == nullptr) return {};
  std::string name = own;
  Dwarf_Die declaration = declaration_of(function);
  Dwarf_Die* scopes = nullptr;
  const int count = dwarf_getscopes_die(&declaration, &scopes);
  const std::unique_ptr<Dwarf_Die, void (*)(void*)> owner(scopes, std::free);
  // The first one is the function itself.
  for (int i = 1; i < count; ++i) name.insert(0, prefix_of(scopes[i], own));
  return name;
}

}  // namespace fencepost::symbolize
