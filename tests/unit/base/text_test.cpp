#include "base/text.h"

#include <catch2/catch.hpp>

using namespace fencepost;

TEST_CASE("first and without_first share out a text", "[base]") {
  for (const Size count : {Size{0}, Size{1}, Size{5}, Size{6}, ~Size{0}}) {
    CAPTURE(count);
    CHECK(std::string(first("fence", count)) + std::string(without_first("fence", count)) == "fence");
  }
  CHECK(first("fence", 2) == "fe");
  CHECK(without_first("fence", 2) == "nce");
  CHECK(without_first("fence", 9).empty());
}

TEST_CASE("a text begins with what it is long enough for", "[base]") {
  CHECK(begins_with("fence", ""));
  CHECK(begins_with("fence", "fen"));
  CHECK(begins_with("fence", "fence"));
  CHECK_FALSE(begins_with("fence", "fences"));
  CHECK_FALSE(begins_with("fence", "ence"));
  CHECK_FALSE(begins_with("", "f"));
}

TEST_CASE("split cuts at the first separator only", "[base]") {
  const Split parts = split("a=b=c", '=');
  CHECK(parts.found);
  CHECK(parts.head == "a");
  CHECK(parts.tail == "b=c");
}

TEST_CASE("split tells a missing separator from an empty tail", "[base]") {
  CHECK_FALSE(split("abc", '=').found);
  CHECK(split("abc", '=').head == "abc");
  CHECK(split("abc=", '=').found);
  CHECK(split("abc=", '=').tail.empty());
  CHECK(split("=x", '=').head.empty());
  CHECK_FALSE(split("", '=').found);
}
