// The symbol tables of files that are broken: nothing outside of them is read, and whole ones are read right.
#include "report/symbol_file.h"

#include <fuzzer/FuzzedDataProvider.h>

#include <algorithm>
#include <cstring>
#include <memory>
#include <string>
#include <vector>

#include "property.h"
#include "report/elf_file.h"

using namespace fencepost;
using fuzz::must_hold;
using report::SymbolFile;
using test::Symbol;

namespace {

std::vector<Symbol> any_symbols(FuzzedDataProvider& input) {
  std::vector<Symbol> symbols;
  for (int count = input.ConsumeIntegralInRange(0, 6); count > 0; --count) {
    std::string name = input.ConsumeRandomLengthString(8);
    name.erase(std::remove(name.begin(), name.end(), '\0'), name.end());
    const bool is_near = input.ConsumeBool();
    const auto address = is_near ? input.ConsumeIntegral<std::uint8_t>() : input.ConsumeIntegral<Address>();
    const auto size = is_near ? input.ConsumeIntegralInRange<Size>(0, 40) : input.ConsumeIntegral<Size>();
    const unsigned char type = input.PickValueInArray<unsigned char>({STT_FUNC, STT_OBJECT, STT_NOTYPE});
    symbols.push_back({name, address, size, type, static_cast<std::uint16_t>(input.ConsumeBool() ? 1 : SHN_UNDEF)});
  }
  return symbols;
}

/// The first symbol that contains `address`.
std::string_view expected(const std::vector<Symbol>& symbols, unsigned char type, Address address) {
  const auto contains = [=](const Symbol& symbol) {
    const bool counts = symbol.type == type && symbol.section != SHN_UNDEF && !symbol.name.empty();
    return counts && address >= symbol.address && address - symbol.address < symbol.size;
  };
  const auto found = std::find_if(symbols.begin(), symbols.end(), contains);
  return found == symbols.end() ? std::string_view{} : std::string_view(found->name);
}

/// Damage where it hurts: in the headers, or anywhere.
bool damage(FuzzedDataProvider& input, std::string& bytes) {
  const int count = input.ConsumeIntegralInRange(0, 8);
  for (int i = 0; i < count; ++i) {
    const Size last = input.ConsumeBool() ? std::min<Size>(255, bytes.size() - 1) : bytes.size() - 1;
    bytes[input.ConsumeIntegralInRange<Size>(0, last)] = input.ConsumeIntegral<char>();
  }
  const Size cut = input.ConsumeBool() ? input.ConsumeIntegralInRange<Size>(0, bytes.size()) : 0;
  bytes.resize(bytes.size() - cut);
  return count > 0 || cut > 0;
}

/// Every name must lie in the file: reading it shows.
void touch(std::string_view name, Range file) {
  const auto begin = reinterpret_cast<Address>(name.data());
  must_hold(name.empty() || (begin >= file.begin && begin + name.size() <= file.end), "a name is part of the file");
  must_hold(name.find('\0') == std::string_view::npos, "a name ends at its zero");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  FuzzedDataProvider input(data, size);
  const auto address = input.ConsumeBool() ? input.ConsumeIntegral<std::uint8_t>() : input.ConsumeIntegral<Address>();
  const std::vector<Symbol> symbols = any_symbols(input);
  const auto table = input.PickValueInArray<std::uint32_t>({SHT_SYMTAB, SHT_DYNSYM});
  std::string bytes = test::elf_file(symbols, table);
  const bool is_broken = damage(input, bytes);

  // A block of its own, so that the sanitizer sees what lies beyond it.
  const auto copy = std::make_unique<char[]>(bytes.size());
  std::copy(bytes.begin(), bytes.end(), copy.get());
  const auto begin = reinterpret_cast<Address>(copy.get());
  const Range range{begin, begin + bytes.size()};
  const SymbolFile file(range);
  Address start = 0;
  const std::string_view function = file.function_at(address), object = file.object_at(address, start);
  const std::string_view source = file.source_file_at(address);
  touch(function, range);
  touch(object, range);
  touch(source, range);
  must_hold(object.empty() || start <= address, "an object begins at or below its bytes");
  Size functions = 0;
  const bool none = file.has_function([&](std::string_view name, Address) {
    touch(name, range);
    ++functions;
    return false;
  });
  must_hold(!none, "only what is wanted is found");
  const std::string text = input.ConsumeRandomLengthString(4);
  must_hold(text.empty() || file.contains(text) == (bytes.find(text) != std::string::npos), "bytes are found");
  if (is_broken) return 0;
  must_hold(function == expected(symbols, STT_FUNC, address), "the function at an address");
  must_hold(object == expected(symbols, STT_OBJECT, address), "the object at an address");
  must_hold(file.is_stripped() == (symbols.empty() || table == SHT_DYNSYM), "a file with exported symbols alone");
  must_hold(
      functions == static_cast<Size>(std::count_if(
                       symbols.begin(), symbols.end(),
                       [](const Symbol& symbol) { return symbol.type == STT_FUNC && symbol.section != SHN_UNDEF; })),
      "every function that is defined");
  return 0;
}
