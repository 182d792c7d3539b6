#include "record/api.h"

#include <catch2/catch.hpp>
#include <set>

using namespace fencepost;
using record::Api;

TEST_CASE("every entry point has a name of its own", "[record]") {
  std::set<std::string_view> names;
  for (int api = 0; api <= static_cast<int>(Api::thread_exit); ++api) names.insert(record::name(static_cast<Api>(api)));
  CHECK(names.size() == static_cast<std::size_t>(Api::thread_exit) + 1);
}

TEST_CASE("entry points are named as programmers write them", "[record]") {
  CHECK(record::name(Api::malloc) == "malloc");
  CHECK(record::name(Api::operator_new_array) == "operator new[]");
  CHECK(record::name(Api::operator_delete) == "operator delete");
  CHECK(record::name(static_cast<Api>(200)) == "an unknown function");
}

TEST_CASE("what allocates is freed by its own kind", "[record]") {
  CHECK(record::release_name(Api::posix_memalign) == "free");
  CHECK(record::release_name(Api::operator_new) == "operator delete");
  CHECK(record::release_name(Api::operator_new_array) == "operator delete[]");
  CHECK(record::release_name(Api::aligned_operator_new) == "aligned operator delete");
  CHECK(record::release_name(Api::aligned_operator_new_array) == "aligned operator delete[]");
}

TEST_CASE("only what neither allocates nor frees has no family", "[record]") {
  for (int number = 0; number <= static_cast<int>(Api::exit); ++number) {
    const auto api = static_cast<Api>(number);
    const bool neither =
        api == Api::none || api == Api::malloc_usable_size || api == Api::check_all || api == Api::exit;
    CAPTURE(record::name(api));
    CHECK((record::family(api) == record::Family::none) == neither);
  }
}
