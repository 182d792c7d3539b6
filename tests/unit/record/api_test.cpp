#include "record/api.h"

#include <catch2/catch.hpp>
#include <set>

using namespace fencepost;
using record::Api;

TEST_CASE("every entry point has a name of its own", "[record]") {
  std::set<std::string_view> names;
  for (int api = 0; api <= static_cast<int>(Api::thread_exit); ++api)
    names.insert(record::name(static_cast<Api>(api)));
  CHECK(names.size() == static_cast<std::size_t>(Api::thread_exit) + 1);
}

TEST_CASE("entry points are named as programmers write them", "[record]") {
  CHECK(record::name(Api::malloc) == "malloc");
  CHECK(record::name(Api::operator_new_array) == "operator new[]");
  CHECK(record::name(Api::operator_delete) == "operator delete");
  CHECK(record::name(static_cast<Api>(200)) == "an unknown function");
}
