#include "render/kinds.h"

#include <catch2/catch.hpp>

#include "diagnosis/wording.h"

using namespace fencepost;
using render::explanation_of;
using render::find_kind;
using render::hints_of;
using render::place_of;

using Texts = std::vector<std::string>;

TEST_CASE("every kind of the diagnosis is known, in its order", "[render]") {
  REQUIRE(render::kinds().size() == record::kFindingKinds);
  for (int i = 0; i < record::kFindingKinds; ++i) {
    const render::Kind& kind = render::kinds()[static_cast<std::size_t>(i)];
    CHECK(kind.name == diagnosis::kind_name(static_cast<record::FindingKind>(i)));
    CHECK(find_kind(kind.name) == &kind);
    CHECK_FALSE(kind.title.empty());
    CHECK_FALSE(kind.advice.empty());
    CHECK(kind.cwe != 0);
  }
  CHECK(find_kind("of-a-later-version") == nullptr);
}

TEST_CASE("a finding's own words come before the table's", "[render]") {
  findings::Finding finding;
  finding.kind = "double-free";
  CHECK(explanation_of(finding) == diagnosis::explanation(record::FindingKind::double_free));
  CHECK(hints_of(finding) == Texts{std::string(find_kind("double-free")->advice)});
  finding.explanation = "mine";
  finding.hint = "first\nHint: second";
  CHECK(explanation_of(finding) == "mine");
  CHECK(hints_of(finding) == Texts{"first", "second"});
}

TEST_CASE("hints among the lines of the place are hints", "[render]") {
  findings::Finding finding;
  finding.kind = "wild-access";
  finding.hint = "null pointer dereference";
  finding.place = {"a", "Hint: null pointer dereference", "Hint: another"};
  CHECK(hints_of(finding) == Texts{"null pointer dereference", "another"});
  CHECK(place_of(finding) == Texts{"a"});
}

TEST_CASE("of an unknown kind nothing is made up", "[render]") {
  findings::Finding finding;
  finding.kind = "of-a-later-version";
  CHECK(explanation_of(finding).empty());
  CHECK(hints_of(finding).empty());
}
