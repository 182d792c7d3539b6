#include "render/valgrind_xml.h"

#include <catch2/catch.hpp>
#include <sstream>

#include "render/golden_file.h"

using namespace fencepost;

namespace {

std::string text_of(const std::vector<findings::Finding>& findings) {
  std::ostringstream out;
  render::write_valgrind_xml(out, findings, test::golden_context());
  return out.str();
}

}  // namespace

TEST_CASE("Memcheck's XML of every kind of finding", "[render]") {
  test::check_golden("findings.valgrind.xml", text_of(test::findings_of("findings")));
  test::check_golden("hostile.valgrind.xml", text_of(test::findings_of("hostile")));
  test::check_golden("none.valgrind.xml", text_of({}));
}

TEST_CASE("every kind has Memcheck's name", "[render]") {
  const auto name = [](const char* kind, const char* event, const char* access) {
    findings::Finding finding;
    finding.kind = kind;
    finding.event = event;
    finding.access = access;
    return render::memcheck_kind(finding);
  };
  CHECK(name("heap-buffer-overflow", "access", "write") == "InvalidWrite");
  CHECK(name("heap-buffer-overflow", "access", "read") == "InvalidRead");
  CHECK(name("use-after-free", "access", "") == "InvalidRead");
  CHECK(name("use-after-free", "changed-poison", "") == "InvalidWrite");
  CHECK(name("use-after-free", "call", "") == "InvalidRead");
  CHECK(name("slack-overwritten", "changed-slack", "") == "InvalidWrite");
  CHECK(name("wild-access", "access", "execute") == "InvalidJump");
  CHECK(name("stack-overflow", "access", "write") == "InvalidWrite");
  CHECK(name("double-free", "call", "") == "InvalidFree");
  CHECK(name("invalid-free", "call", "") == "InvalidFree");
  CHECK(name("mismatched-deallocation", "mismatched-family", "") == "MismatchedFree");
  CHECK(name("mismatched-size", "mismatched-size", "") == "MismatchedFree");
  CHECK(name("allocation-size-overflow", "excessive-size", "") == "FishyValue");
  CHECK(name("invalid-alignment", "bad-alignment", "") == "FishyValue");
  CHECK(name("bad-syscall-buffer", "system-call", "write") == "SyscallParam");
}
