#include "findings/json.h"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

using namespace fencepost;
using findings::Finding;
using findings::FormatError;
using findings::from_json;
using findings::to_json;

namespace {

/// A line with every field that the format knows.
const std::string kFull = R"json({
  "fencepost": 1, "kind": "heap-buffer-overflow", "severity": "error", "goes_on": true,
  "process": {"pid": 4242, "parent": 4200, "name": "indexer", "executable": "/usr/bin/indexer"},
  "time": 1700000000123, "headline": "heap-buffer-overflow on address 0x1000", "action": "WRITE at 0x1000 thread T0",
  "place": ["0x1000 is 0 bytes after", "a second line"], "explanation": "memory past the end", "hint": "try this",
  "event": "access", "access": "write", "address": "0xffffffffffffffff", "pc": "0x401234", "sp": "0x7ffd0a8e1b20",
  "signal": 11, "thread": {"id": 3, "name": "worker"}, "function": "free",
  "system_call": {"name": "read", "argument": 2, "begin": "0x10", "end": "0x20"},
  "stated": {"size": 18446744073709551615, "count": 2, "alignment": 64},
  "expired": true, "relation": "after", "distance": 0,
  "block": {"address": "0xfd8", "size": 40, "state": "freed", "data_begin": "0x0", "data_end": "0x1000"},
  "damage": {"begin": "0x1002", "end": "0x1005", "count": 3, "pattern": 253, "bytes": [65, 253, 0]},
  "instruction": {"bytes": "c6000f90", "registers": {"rax": "0x1000", "rip": "0x401234"}},
  "suppressions": "reserved",
  "traces": [
    {"role": "error", "thread": {"id": 3, "name": "worker"}, "frames": [
      {"pc": "0x401234", "module": "/usr/bin/indexer", "offset": "0x1234", "build_id": "c0ffee", "function": "_Z4fillPc",
       "unloaded": true, "module_inode": 123, "module_size": 4567, "module_mtime": 1700000000,
       "source": [{"function": "store(char*)", "file": "/src/fill.h", "line": 3, "column": 5, "inlined": true},
                  {"function": "fill(char*)", "file": "/src/fill.cpp", "line": 17, "column": 9}],
       "note": "the file was replaced since"},
      {"pc": "0x1"}],
     "folded": {"after": 1, "count": 8123, "functions": ["f", "g"], "complete": true}},
    {"role": "allocated", "thread": {"id": 0}, "with": "malloc", "frames": [], "frames_left_out": 5}],
  "count": 7, "fingerprint": "00ff", "processes": [{"pid": 4242}, {"pid": 4243, "name": "other"}]})json";

/// The least that is a finding.
const std::string kLeast = R"({"fencepost":1,"kind":"wild-access","severity":"error","process":{"pid":1}})";

std::string complaint(const std::string& line) {
  try {
    (void)from_json(line);
  } catch (const FormatError& error) {
    return error.what();
  }
  return "none";
}

/// kLeast with one more field.
std::string with(const std::string& field) { return kLeast.substr(0, kLeast.size() - 1) + "," + field + "}"; }

}  // namespace

TEST_CASE("a number that no type can hold is refused", "[findings]") {
  CHECK(complaint(with("\"time\":1e400")) == "a number that is too large");
}

TEST_CASE("every field of a line is read", "[findings]") {
  const Finding finding = from_json(kFull);
  CHECK(finding.kind == "heap-buffer-overflow");
  CHECK(finding.severity == "error");
  CHECK(finding.goes_on);
  CHECK(finding.process == findings::Process{4242, 4200, "indexer", "/usr/bin/indexer"});
  CHECK(finding.time == 1700000000123);
  CHECK(finding.headline == "heap-buffer-overflow on address 0x1000");
  CHECK(finding.action == "WRITE at 0x1000 thread T0");
  CHECK(finding.place == std::vector<std::string>{"0x1000 is 0 bytes after", "a second line"});
  CHECK(finding.explanation == "memory past the end");
  CHECK(finding.hint == "try this");
  CHECK(finding.event == "access");
  CHECK(finding.access == "write");
  CHECK(finding.address == 0xffffffffffffffff);
  CHECK(finding.pc == 0x401234);
  CHECK(finding.sp == 0x7ffd0a8e1b20);
  CHECK(finding.signal == 11);
  CHECK(finding.thread == findings::Thread{3, "worker"});
  CHECK(finding.function == "free");
  CHECK(finding.system_call == findings::SystemCall{"read", 2, 0x10, 0x20});
  CHECK(finding.stated == findings::Stated{0xffffffffffffffff, 2, 64});
  CHECK(finding.expired);
  CHECK(finding.relation == "after");
  CHECK(finding.distance == 0);
  CHECK(finding.block == findings::Block{0xfd8, 40, "freed", 0, 0x1000});
  CHECK(finding.damage == findings::Damage{0x1002, 0x1005, 3, 0xfd, {65, 253, 0}});
  CHECK(finding.instruction == findings::Instruction{{0xc6, 0, 0x0f, 0x90}, {{"rax", 0x1000}, {"rip", 0x401234}}});
  CHECK(finding.suppressions == "reserved");
  CHECK(finding.count == 7);
  CHECK(finding.fingerprint == "00ff");
  CHECK(finding.processes.size() == 2);
  CHECK(finding.other.empty());
}

TEST_CASE("the traces of a line are read", "[findings]") {
  const Finding finding = from_json(kFull);
  REQUIRE(finding.traces.size() == 2);
  const findings::Trace& error = *finding.trace("error");
  CHECK(error.thread == findings::Thread{3, "worker"});
  REQUIRE(error.frames.size() == 2);
  const findings::Frame& frame = error.frames[0];
  CHECK(frame.pc == 0x401234);
  CHECK(frame.module == "/usr/bin/indexer");
  CHECK(frame.offset == 0x1234);
  CHECK(frame.build_id == "c0ffee");
  CHECK(frame.function == "_Z4fillPc");
  CHECK(frame.unloaded);
  CHECK(frame.module_inode == 123);
  CHECK(frame.module_size == 4567);
  CHECK(frame.module_mtime == 1700000000);
  CHECK(frame.source == std::vector<findings::SourceFrame>{{"store(char*)", "/src/fill.h", 3, 5, true},
                                                           {"fill(char*)", "/src/fill.cpp", 17, 9, false}});
  CHECK(frame.note == "the file was replaced since");
  CHECK(error.folded == findings::Folded{1, 8123, {"f", "g"}, true});
  CHECK(finding.trace("allocated")->with == "malloc");
  CHECK(finding.trace("allocated")->frames_left_out == 5);
  CHECK(finding.trace("freed") == nullptr);
}

TEST_CASE("what was read is written as it was", "[findings]") {
  for (const std::string& line : {kFull, kLeast, with(R"("later":{"a":[1,{"b":"\u001b"}]},"version":"é")")}) {
    const std::string written = to_json(from_json(line));
    CHECK(written.find('\n') == std::string::npos);
    CHECK(from_json(written) == from_json(line));
    CHECK(to_json(from_json(written)) == written);
  }
  // Nothing is added to a line that has every field, and nothing left out.
  CHECK(nlohmann::json::parse(to_json(from_json(kFull))) == nlohmann::json::parse(kFull));
}

TEST_CASE("fields of a later version are kept", "[findings]") {
  const Finding finding = from_json(with(R"("colour":{"of":"bits"},"kind_2":[1])"));
  const auto written = nlohmann::json::parse(to_json(finding));
  CHECK(written["colour"]["of"] == "bits");
  CHECK(written["kind_2"] == nlohmann::json::array({1}));
}

TEST_CASE("a line that lacks what is needed is refused with the field's name", "[findings]") {
  CHECK(complaint(kLeast) == "none");
  CHECK(complaint("{}") == "not a finding: there is no field fencepost");
  CHECK(complaint("[1]") == "not a finding: no object");
  CHECK(complaint("7") == "not a finding: no object");
  CHECK(complaint(R"({"fencepost":2})") == "version 2 of the format is not known, only 1");
  CHECK(complaint(R"({"fencepost":"1"})") == "fencepost is not a whole number");
  CHECK(complaint(R"({"fencepost":1})") == "kind is missing");
  CHECK(complaint(R"({"fencepost":1,"kind":"a"})") == "severity is not error or warning");
  CHECK(complaint(R"({"fencepost":1,"kind":"a","severity":"error"})") == "process is missing");
  CHECK(complaint(R"({"fencepost":1,"kind":"a","severity":"error","process":{}})") == "process.pid is missing");
  CHECK(complaint(with(R"("traces":[{"role":"error","frames":[{"pc":"0x1"},{}]}])")) ==
        "traces[0].frames[1].pc is missing");
  CHECK(complaint(with(R"("block":{"size":1})")) == "block.address is missing");
  CHECK(complaint(with(R"("traces":[{}])")) == "traces[0].role is missing");
}

TEST_CASE("a field of the wrong type is refused with its name", "[findings]") {
  CHECK(complaint(with(R"("goes_on":1)")) == "goes_on is not true or false");
  CHECK(complaint(with(R"("headline":1)")) == "headline is not a string");
  CHECK(complaint(with(R"("place":"a")")) == "place is not a list");
  CHECK(complaint(with(R"("place":[1])")) == "place is not a list of strings");
  CHECK(complaint(with(R"("thread":1)")) == "thread is not an object");
  CHECK(complaint(with(R"("thread":{"id":-1})")) == "thread.id is not a number that large");
  CHECK(complaint(with(R"("thread":{"id":4294967296})")) == "thread.id is not a number that small");
  CHECK(complaint(with(R"("thread":{"id":1.5})")) == "thread.id is not a whole number");
  CHECK(complaint(with(R"("address":4096)")) == "address is not a string with a hexadecimal number");
  for (const char* number :
       {R"("1000")", R"("0x")", R"("0x1g")", R"("0x10000000000000000")", R"("0x-1")", R"("0x 1")"}) {
    CAPTURE(number);
    CHECK(complaint(with(std::string(R"("address":)") + number)).starts_with("address is not a string with a hex"));
  }
  CHECK(complaint(with(R"("damage":{"bytes":[256]})")) == "damage.bytes is not a list of bytes");
  CHECK(complaint(with(R"("damage":{"pattern":256})")) == "damage.pattern is not a number that small");
  for (const char* bytes : {"4", "4g", "48 9", "-1"}) {
    CHECK(complaint(with(std::string(R"("instruction":{"bytes":")") + bytes + "\"}"))
              .starts_with("instruction.bytes is not a string of bytes"));
  }
  CHECK(complaint(with(R"("instruction":{"bytes":"","registers":{"rax":1}})")) ==
        "instruction.registers.rax is not a string with a hexadecimal number");
  CHECK(complaint(with(R"("address":null)")) == "none");
}

TEST_CASE("an absurdly nested line is refused", "[findings]") {
  CHECK(complaint(with("\"x\":" + std::string(1000000, '['))) == "not a finding: nested too deeply");
  CHECK(complaint(with("\"x\":\"\\\"" + std::string(1000, '[') + "\"")) == "none");
}

TEST_CASE("bytes that are no UTF-8 are replaced on the way in and out", "[findings]") {
  const Finding read = from_json(with("\"headline\":\"a\xff\""));
  CHECK(read.headline == "a\xef\xbf\xbd");
  Finding made = from_json(kLeast);
  made.headline = "b\xc3";
  CHECK(from_json(to_json(made)).headline == "b\xef\xbf\xbd");
}

TEST_CASE("what is written shows no terminal a control character", "[findings]") {
  Finding made = from_json(kLeast);
  made.headline = "\x1b[31m\x7f\xc2\x9b\xe2\x80\xae\n";
  const std::string line = to_json(made);
  for (const char c : line) CHECK((c >= ' ' && c < 0x7f));
  CHECK(from_json(line).headline == made.headline);
}
