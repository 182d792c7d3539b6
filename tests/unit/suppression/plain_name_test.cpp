#include "suppression/plain_name.h"

#include <cxxabi.h>

#include <catch2/catch.hpp>
#include <cstdlib>
#include <optional>
#include <string>

using namespace fencepost;
using namespace fencepost::suppression;

namespace {

std::optional<std::string> plain(std::string_view symbol) {
  TextBuffer<512> out;
  if (!write_plain_name(symbol, out)) return std::nullopt;
  return std::string(out.view());
}

/// What the C++ runtime makes of it.
std::string demangled(const char* symbol) {
  char* const name = abi::__cxa_demangle(symbol, nullptr, nullptr, nullptr);
  const std::string copy = name == nullptr ? "" : name;
  std::free(name);
  return copy;
}

}  // namespace

TEST_CASE("qualified names are read from C++ symbols", "[suppression]") {
  const auto [symbol, name] = GENERATE(table<const char*, const char*>({
      {"_Z4fillPc", "fill"},
      {"_ZL4fillPc", "fill"},
      {"_ZN3foo3barEv", "foo::bar"},
      {"_ZNK3foo3Bar3bazEi", "foo::Bar::baz"},
      {"_ZNKR3foo3barEv", "foo::bar"},
      {"_ZNO3foo3barEv", "foo::bar"},
      {"_ZN3FooC2Ev", "Foo::Foo"},
      {"_ZN3FooD0Ev", "Foo::~Foo"},
      {"_ZN12_GLOBAL__N_13runEv", "(anonymous namespace)::run"},
      {"_ZSt4sortIPiEvT_S1_", "std::sort<>"},
      {"_Z3maxIiET_S0_S0_", "max<>"},
      {"_ZNSt6vectorIiSaIiEE9push_backERKi", "std::vector<>::push_back"},
      {"_ZNSs6appendEPKc", "std::string::append"},
      {"_ZN3FooILb1ELi4EE3barEv", "Foo<>::bar"},
      {"_ZN5ArrayIiLm16EE2atEm", "Array<>::at"},
      {"_ZN3FooclEv", "Foo::operator()"},
      {"_ZNK3FooixEm", "Foo::operator[]"},
      {"_ZN3FooaSERKS_", "Foo::operator="},
      {"_ZlsRSoRK3Foo", "operator<<"},
      {"_ZZN3foo3barEvE3baz", "foo::bar::baz"},
      {"_ZZ4mainENKUlvE_clEv", "main::{lambda}::operator()"},
      {"_ZZ4mainENKUlvE4_clEv", "main::{lambda}::operator()"},
      {"_Z16throws_bad_allocIZ4mainEUlvE4_EbT_", "throws_bad_alloc<>"},
      {"_ZN3foo3barB5cxx11Ev", "foo::bar"},
      {"_ZN6HolderIA4_cE3getEv", "Holder<>::get"},
      {"_ZN6HolderIFviEE3getEv", "Holder<>::get"},
  }));
  INFO(symbol << " is " << demangled(symbol));
  CHECK(!demangled(symbol).empty());
  CHECK(plain(symbol) == name);
}

TEST_CASE("the names are those that the C++ runtime gives, but for what is left out", "[suppression]") {
  for (const char* const symbol : {"_ZN3foo3barEv", "_ZN3FooC2Ev", "_ZN12_GLOBAL__N_13runEv", "_ZN3FooclEv"}) {
    const std::string whole = demangled(symbol);
    CHECK(plain(symbol) == whole.substr(0, whole.rfind('(')));
  }
}

TEST_CASE("what can't be read has no plain name", "[suppression]") {
  for (const char* const symbol :
       {"", "main", "_Z", "_ZN", "_ZN3fo", "_ZN3foo", "_ZN999999999999999999999999foo3barEv", "_ZTV3Foo",
        "_ZThn16_N3Foo3barEv", "_RNvC3foo3bar", "_ZNE", "_ZNC2Ev", "_ZN3FoocviEv", "_ZZZZZZZZZZZZZZ3fooE", "_ZN3FooIi",
        "_ZN3FooIL3Bar1EE3bazEv", "_Z3fooIUlUlUlUlUlUlUlUlUlUlvE_E_E_E_E_E_E_E_E_E_Evv"}) {
    INFO(symbol);
    CHECK(plain(symbol) == std::nullopt);
  }
}

TEST_CASE("every beginning of a symbol is read without harm", "[suppression]") {
  for (const std::string symbol :
       {"_ZZN3foo6HolderIN3bar3BazELi4EE3getIJicEEEvDpT_ENKUlRKiE0_clES7_", "_ZNSt6vectorIiSaIiEE9push_backERKi"}) {
    for (std::size_t size = 0; size <= symbol.size(); ++size) {
      // Of its own size exactly, so that a byte beyond would be noticed.
      const std::string part = symbol.substr(0, size);
      TextBuffer<16> small;
      static_cast<void>(write_plain_name(part, small));
      CHECK(small.view().size() <= 16);
    }
  }
}

TEST_CASE("what compilers append is cut off", "[suppression]") {
  CHECK(without_suffix("parse.constprop.0") == "parse");
  CHECK(without_suffix("parse") == "parse");
  CHECK(without_suffix(".hidden") == ".hidden");
  CHECK(without_suffix("").empty());
}
