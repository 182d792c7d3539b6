#include "symbolize/module.h"

#include <dwarf.h>
#include <elfutils/libdwfl.h>

#include <map>
#include <optional>

#include "symbolize/debug_file.h"
#include "symbolize/demangle.h"
#include "symbolize/function_index.h"
#include "symbolize/function_name.h"
#include "symbolize/line_table.h"
#include "symbolize/symbol_index.h"
#include "symbolize/unit_index.h"

namespace fencepost::symbolize {

namespace {

using findings::SourceFrame;

unsigned number_of(Dwarf_Die& die, unsigned name) {
  Dwarf_Attribute attribute{};
  Dwarf_Word value = 0;
  if (dwarf_formudata(dwarf_attr(&die, name, &attribute), &value) != 0) return 0;
  return value <= UINT32_MAX ? static_cast<unsigned>(value) : 0;
}

/// Where an inlined function was called.
void set_place_of_call(Dwarf_Die& unit, Dwarf_Die& inlined, SourceFrame& frame) {
  Dwarf_Files* files = nullptr;
  std::size_t count = 0;
  const unsigned file = number_of(inlined, DW_AT_call_file);
  if (dwarf_getsrcfiles(&unit, &files, &count) == 0 && file < count) {
    if (const char* const name = dwarf_filesrc(files, file, nullptr, nullptr)) frame.file = name;
  }
  frame.line = number_of(inlined, DW_AT_call_line);
  frame.column = number_of(inlined, DW_AT_call_column);
}

/// Compilers mark copies of a function, and its unlikely parts, after a dot.
std::string without_clone(const std::string& symbol) { return symbol.substr(0, symbol.find('.')); }

Dwfl_Module* report(Dwfl* dwfl, Descriptor file, const std::string& path) {
  if (dwfl == nullptr) return nullptr;
  dwfl_report_begin(dwfl);
  // The addresses of the file itself.
  Dwfl_Module* const module = dwfl_report_elf(dwfl, path.c_str(), path.c_str(), file.get(), 0, true);
  if (module != nullptr) static_cast<void>(file.release());
  dwfl_report_end(dwfl, nullptr, nullptr);
  return module;
}

}  // namespace

class Module::Impl {
 public:
  Impl(Descriptor file, const std::string& path, const std::string& debug_directories)
      : search_(debug_directories),
        dwfl_(dwfl_begin(search_.callbacks()), dwfl_end),
        module_(report(dwfl_.get(), std::move(file), path)),
        dwarf_(module_ == nullptr ? nullptr : dwfl_module_getdwarf(module_, &bias_)),
        units_(dwarf_) {}

  std::vector<SourceFrame> source_of(std::uint64_t offset) {
    for (const Unit* const unit : units_.holding(offset - bias_)) {
      std::vector<SourceFrame> frames = source_in(*unit, offset - bias_);
      if (!frames.empty()) return frames;
    }
    const std::string symbol = symbol_at(offset);
    if (symbol.empty()) return {};
    return {SourceFrame{demangle(symbol), "", 0, 0, false}};
  }

 private:
  std::vector<SourceFrame> source_in(const Unit& unit, std::uint64_t address) {
    Dwarf_Die lines = unit.lines;
    std::vector<SourceFrame> frames(1);
    const std::vector<Function*> functions = functions_of(unit).at(address);
    set_place(lines, functions.empty() ? nullptr : &functions.back()->die, address, frames[0]);
    for (Function* const function : functions) {
      SourceFrame& frame = frames.back();
      frame.function = name_of(*function, address);
      frame.inlined = function->caller.has_value();
      if (frame.inlined) set_place_of_call(lines, function->die, frames.emplace_back());
    }
    if (!functions.empty()) return frames;
    // Assembler has lines, but its functions are only in the symbol table.
    frames[0].function = demangle(symbol_at(address + bias_));
    if (frames[0].function.empty() && frames[0].file.empty()) frames.clear();
    return frames;
  }

  std::string name_of(Function& function, std::uint64_t address) {
    std::string symbol = linkage_name_of(function.die);
    if (symbol.empty() && !function.caller) symbol = without_clone(symbol_at(address + bias_));
    // What is no C++ symbol says less than the debug information.
    return symbol.starts_with("_Z") ? demangle(symbol) : qualified_name_of(function.die);
  }

  FunctionIndex& functions_of(const Unit& unit) { return functions_.try_emplace(&unit, unit.functions).first->second; }

  std::string symbol_at(std::uint64_t offset) {
    if (module_ == nullptr) return {};
    if (!symbols_) symbols_.emplace(module_);
    return symbols_->at(offset);
  }

  DebugFileSearch search_;
  std::unique_ptr<Dwfl, void (*)(Dwfl*)> dwfl_;
  Dwfl_Module* module_;
  Dwarf_Addr bias_ = 0;
  Dwarf* dwarf_;
  UnitIndex units_;
  std::map<const Unit*, FunctionIndex> functions_;
  std::optional<SymbolIndex> symbols_;
};

Module::Module(Descriptor file, const std::string& path, const std::string& debug_directories)
    : impl_(std::make_unique<Impl>(std::move(file), path, debug_directories)) {}
Module::~Module() = default;
Module::Module(Module&& other) noexcept = default;
Module& Module::operator=(Module&& other) noexcept = default;

std::vector<SourceFrame> Module::source_of(std::uint64_t offset) { return impl_->source_of(offset); }

}  // namespace fencepost::symbolize
