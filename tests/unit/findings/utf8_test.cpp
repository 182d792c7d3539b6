#include "findings/utf8.h"

#include <catch2/catch.hpp>

using namespace fencepost;
using findings::first_character;
using findings::to_valid_utf8;

TEST_CASE("characters of one to four bytes are read", "[findings]") {
  CHECK(first_character("a").code == U'a');
  CHECK(first_character("\xc3\xa9z").code == 0xe9);
  CHECK(first_character("\xc3\xa9z").length == 2);
  CHECK(first_character("\xe2\x82\xac").code == 0x20ac);
  CHECK(first_character("\xf0\x9f\x98\x80").code == 0x1f600);
  CHECK(first_character("\xf4\x8f\xbf\xbf").code == 0x10ffff);
  CHECK(first_character(std::string_view("\0", 1)).valid);
}

TEST_CASE("what is no character is refused byte by byte", "[findings]") {
  for (const char* bad : {"\x80", "\xbf", "\xc0\x80", "\xc1\xbf", "\xe0\x80\x80", "\xe0\x9f\xbf", "\xed\xa0\x80",
                          "\xed\xbf\xbf", "\xf0\x80\x80\x80", "\xf0\x8f\xbf\xbf", "\xf4\x90\x80\x80",
                          "\xf5\x80\x80\x80", "\xff", "\xc3", "\xc3(", "\xe2\x82", "\xe2\x82(", "\xf0\x9f\x98"}) {
    CAPTURE(bad);
    CHECK_FALSE(first_character(bad).valid);
    CHECK(first_character(bad).length == 1);
  }
}

TEST_CASE("text is made valid without touching what is", "[findings]") {
  CHECK(to_valid_utf8("").empty());
  CHECK(to_valid_utf8("na\xc3\xafve \xf0\x9f\x98\x80") == "na\xc3\xafve \xf0\x9f\x98\x80");
  CHECK(to_valid_utf8("a\xff\xc3(") == "a\xef\xbf\xbd\xef\xbf\xbd(");
}
