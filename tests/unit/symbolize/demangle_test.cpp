#include "symbolize/demangle.h"

#include <catch2/catch.hpp>

using fencepost::symbolize::demangle;

TEST_CASE("names of C++ functions are as in their source, with parameters", "[symbolize]") {
  CHECK(demangle("_Z4fillPc") == "fill(char*)");
  CHECK(demangle("_ZN5steps6BufferIiE3putEi") == "steps::Buffer<int>::put(int)");
  CHECK(demangle("_ZN12_GLOBAL__N_16hiddenEv") == "(anonymous namespace)::hidden()");
}

TEST_CASE("copies of functions that the compiler made are marked", "[symbolize]") {
  CHECK(demangle("_Z3runi.cold") == "run(int) [clone .cold]");
}

TEST_CASE("what is no C++ symbol stays as it is", "[symbolize]") {
  for (const std::string name : {"", "f", "main", "i", "_Z", "_ZN5steps", "_Z4fil", "malloc@plt"}) {
    CHECK(demangle(name) == name);
  }
}
