#include "findings/plain_json.h"

#include <catch2/catch.hpp>

using fencepost::findings::read_plain_json;
using Json = nlohmann::ordered_json;

TEST_CASE("plain JSON is read as the parser reads it", "[findings]") {
  for (const char* const text :
       {"{}", "[]", " [ 1 , 2,3 ] ", R"({"b":1,"a":[true,false,null,{"x":"y"}], "c" : ""})", "0", "\"\xc3\xa9\"",
        R"({"a":1,"b":2,"a":3})", "999999999999999999", "\t{\"a\":\r\n{}}"}) {
    INFO(text);
    const auto read = read_plain_json(text, 8);
    REQUIRE(read);
    CHECK(*read == Json::parse(text));
    CHECK(read->dump() == Json::parse(text).dump());
    CHECK(read->type() == Json::parse(text).type());
  }
}

TEST_CASE("what is not plain is left to the parser", "[findings]") {
  for (const char* const text : {"\"a\\n\"", "-1", "1.5", "1e3", "1000000000000000000000"}) {
    INFO(text);
    CHECK(Json::accept(text));
    CHECK_FALSE(read_plain_json(text, 8));
  }
}

TEST_CASE("what is no JSON is not plain", "[findings]") {
  for (const char* const text :
       {"",   " ",   "{",      "[",  "[1",  "[1,]",  "[,1]",  "{\"a\"}", "{\"a\":}", "{\"a\":1,}", "{a:1}",
        "\"", "\"a", "\"\n\"", "01", "tru", "truex", "{} {}", "[1 2]",   "nul",      "]"}) {
    INFO(text);
    CHECK_FALSE(Json::accept(text));
    CHECK_FALSE(read_plain_json(text, 8));
  }
}

TEST_CASE("what is nested too deeply is not read", "[findings]") {
  CHECK(read_plain_json(R"([{"a":[1]},[[2]]])", 3));
  CHECK_FALSE(read_plain_json(R"([{"a":[1]},[[2]]])", 2));
  CHECK_FALSE(read_plain_json(std::string(1000000, '['), 64));
}
