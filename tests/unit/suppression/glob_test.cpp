#include "suppression/glob.h"

#include <catch2/catch.hpp>
#include <string>

using namespace fencepost::suppression;

TEST_CASE("a pattern stands for the whole text", "[suppression]") {
  CHECK(matches("parse", "parse"));
  CHECK(!matches("parse", "parser"));
  CHECK(!matches("parse", "reparse"));
  CHECK(!matches("", "a"));
  CHECK(matches("", ""));
}

TEST_CASE("stars stand for any bytes, none too", "[suppression]") {
  CHECK(matches("*", ""));
  CHECK(matches("*", "abc"));
  CHECK(matches("parse_*", "parse_"));
  CHECK(matches("parse_*", "parse_all"));
  CHECK(!matches("parse_*", "parse"));
  CHECK(matches("*.so*", "libfoo.so.1"));
  CHECK(matches("a*b*c", "aXbXbc"));
  CHECK(!matches("a*b*c", "aXbXbd"));
  CHECK(matches("**a**", "bab"));
  CHECK(matches("*aab", "aaaab"));
}

TEST_CASE("question marks stand for one byte each", "[suppression]") {
  CHECK(matches("f?o", "fxo"));
  CHECK(!matches("f?o", "fo"));
  CHECK(!matches("?", ""));
  CHECK(matches("?*?", "ab"));
  CHECK(!matches("?*?", "a"));
  CHECK(matches("*?", "abc"));
}

TEST_CASE("wildcards in the text are bytes like others", "[suppression]") {
  CHECK(matches("(*T).Method", "(*T).Method"));
  CHECK(!matches("abc", "a*c"));
}

TEST_CASE("many stars take no more than the product of both sizes", "[suppression]") {
  const std::string text(20000, 'a');
  CHECK(!matches("*a*a*a*a*a*a*a*a*a*a*b", text));
}

TEST_CASE("a pattern without a slash is about a file's name", "[suppression]") {
  CHECK(matches_path("libbar.so*", "/usr/lib/libbar.so.2"));
  CHECK(!matches_path("usr", "/usr/lib/libbar.so.2"));
  CHECK(matches_path("*/lib/*", "/usr/lib/libbar.so.2"));
  CHECK(!matches_path("lib/*", "/usr/lib/libbar.so.2"));
  CHECK(matches_path("fill.c", "fill.c"));
  CHECK(!matches_path("*", ""));
  CHECK(file_name("/a/b") == "b");
  CHECK(file_name("a") == "a");
  CHECK(file_name("/a/").empty());
}
