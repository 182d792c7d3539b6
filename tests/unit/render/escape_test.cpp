#include "render/escape.h"

#include <catch2/catch.hpp>

using namespace fencepost::render;

TEST_CASE("printable text has no effect on a terminal", "[render]") {
  CHECK(printable("plain text, <&> \\ \"") == "plain text, <&> \\ \"");
  CHECK(printable("na\xc3\xafve \xe6\xbc\xa2 \xf0\x9f\x98\x80") == "na\xc3\xafve \xe6\xbc\xa2 \xf0\x9f\x98\x80");
  CHECK(printable("\x1b]0;title\x07\r\n\t\x7f") == "\\x1b]0;title\\x07\\x0d\\x0a\\x09\\x7f");
  CHECK(printable(std::string_view("\0", 1)) == "\\x00");
}

TEST_CASE("controls beyond ASCII, and what turns text around, are told", "[render]") {
  CHECK(printable("\xc2\x9b") == "\\u009b");
  CHECK(printable("\xe2\x80\xae\xe2\x81\xa6") == "\\u202e\\u2066");
  CHECK(printable("\xe2\x80\xa8\xef\xbb\xbf") == "\\u2028\\ufeff");
  CHECK(printable("\xef\xbf\xbe\xf0\x9f\xbf\xbf") == "\\ufffe\\U0001ffff");
}

TEST_CASE("bytes that are no characters are told", "[render]") {
  CHECK(printable("a\xff\xc3(") == "a\\xff\\xc3(");
  CHECK(printable("\xed\xa0\x80") == "\\xed\\xa0\\x80");
}

TEST_CASE("columns are characters", "[render]") {
  CHECK(columns_of("") == 0);
  CHECK(columns_of("abc") == 3);
  CHECK(columns_of("na\xc3\xafve") == 5);
}

TEST_CASE("GitHub's commands keep their separators", "[render]") {
  CHECK(github_data("50%\r\n::x,y") == "50%25%0D%0A::x,y");
  CHECK(github_property("50%\r\n::x,y") == "50%25%0D%0A%3A%3Ax%2Cy");
}

TEST_CASE("paths become URIs", "[render]") {
  CHECK(uri_path("/usr/src/a-b_c.d~/e.cpp") == "/usr/src/a-b_c.d~/e.cpp");
  CHECK(uri_path("a b#?%[\xc3\xa4].c:1") == "a%20b%23%3F%25%5B%C3%A4%5D.c%3A1");
}
