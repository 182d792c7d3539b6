#include "report/json_report.h"

#include <unistd.h>

#include <catch2/catch.hpp>
#include <csignal>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>

#include "diagnosis/wording.h"
#include "os/fault_context.h"
#include "os/modules.h"
#include "report/elf_file.h"
#include "support.h"

using namespace fencepost;
using nlohmann::json;
using record::Access;
using record::Api;
using record::BlockState;
using record::Event;
using record::FindingKind;
using record::Relation;
using report::ModuleName;
using report::Story;

namespace {

const os::BuildId kBuildId = {{0xde, 0xad, 0xbe, 0xef}, 4};
const os::FileStatus kFile = {42, 4096, 1700000000};

ModuleName invented_module(Address pc) {
  if (pc < 0x400000 || pc >= 0x100000000) return {};
  if (pc >= 0x80000000) return {.path = "/opt/app/plugin.so", .bias = 0x80000000, .unloaded = true};
  return {.path = "/opt/app/program", .bias = 0x400000, .build_id = &kBuildId, .file = &kFile};
}

struct Written {
  bool good;
  std::string line;
};

Written write(const Story& story, report::FindModule find_module = invented_module, Size capacity = 512 << 10) {
  const auto buffer = std::make_unique<char[]>(capacity);
  Writer out(buffer.get(), capacity);
  report::JsonReport report(out, find_module);
  const bool good = report.write(story);
  return {good, std::string(out.view())};
}

json read_back(const Story& story) {
  const Written written = write(story);
  CHECK(written.good);
  CHECK(written.line.ends_with("}\n"));
  CHECK(written.line.find('\n') == written.line.size() - 1);
  return json::parse(written.line);
}

report::Past past(ThreadId id, const char* name, std::span<const Address> frames) {
  report::Past made{true, {.id = id}, frames};
  std::snprintf(made.thread.name, sizeof made.thread.name, "%s", name);
  return made;
}

constexpr Address kAllocated[] = {0x402001, 0x405001};
constexpr Address kFreed[] = {0x403001, 0x405002};
constexpr Address kCreated[] = {0x80001001};

Story overrun() {
  Story story{};
  record::Finding& finding = story.finding;
  finding.kind = FindingKind::heap_buffer_overflow;
  finding.relation = Relation::after;
  finding.distance = 3;
  finding.fault.access = Access::write;
  finding.fault.signal = SIGSEGV;
  finding.fault.address = 0x7f10c4a01003;
  finding.fault.pc = 0x401234;
  finding.fault.sp = 0x7ffd0a8e1b20;
  finding.block = {
      .address = 0x7f10c4a00fd8, .size = 40, .data_pages = 1, .state = BlockState::live, .alloc_api = Api::malloc};
  story.thread = past(0, "indexer", {}).thread;
  story.error.head = {2, {0x401234, 0x405678}};
  story.first_is_exact = true;
  story.allocated = past(0, "indexer", kAllocated);
  return story;
}

Story call(FindingKind kind, Event event, Api api) {
  Story story = overrun();
  story.finding.kind = kind;
  story.finding.fault.event = event;
  story.finding.fault.api = api;
  story.finding.fault.access = Access::unknown;
  story.first_is_exact = false;
  return story;
}

Story of_arguments(FindingKind kind, Event event) {
  Story story = call(kind, event, Api::calloc);
  story.finding.relation = Relation::none;
  story.finding.fault.goes_on = true;
  story.allocated = {};
  return story;
}

}  // namespace

TEST_CASE("a fault at a block, field by field", "[report]") {
  os::remember_program_path();
  const json line = read_back(overrun());
  CHECK(line["fencepost"] == 1);
  CHECK(line["kind"] == "heap-buffer-overflow");
  CHECK(line["severity"] == "error");
  CHECK(line["goes_on"] == false);
  CHECK(line["process"]["pid"] == getpid());
  CHECK(line["process"]["parent"] == getppid());
  CHECK(line["process"]["executable"] == os::program_path());
  CHECK(!line["process"]["name"].get<std::string>().empty());
  CHECK(std::abs(line["time"].get<std::int64_t>() / 1000 - time(nullptr)) < 60);
  CHECK(line["headline"] == "heap-buffer-overflow on address 0x7f10c4a01003 at pc 0x401234 sp 0x7ffd0a8e1b20");
  CHECK(line["action"] == "WRITE at 0x7f10c4a01003 thread T0 (indexer)");
  CHECK(line["place"] == json{"0x7f10c4a01003 is 3 bytes after 40-byte block [0x7f10c4a00fd8,0x7f10c4a01000)"});
  CHECK(line["explanation"] == std::string(diagnosis::explanation(FindingKind::heap_buffer_overflow)));
  CHECK(!line.contains("hint"));
  CHECK(line["event"] == "access");
  CHECK(line["access"] == "write");
  CHECK(line["address"] == "0x7f10c4a01003");
  CHECK(line["pc"] == "0x401234");
  CHECK(line["sp"] == "0x7ffd0a8e1b20");
  CHECK(line["signal"] == SIGSEGV);
  CHECK(line["thread"] == json{{"id", 0}, {"name", "indexer"}});
  CHECK(!line.contains("function"));
  CHECK(!line.contains("stated"));
  CHECK(!line.contains("damage"));
  CHECK(!line.contains("instruction"));
  CHECK(line["relation"] == "after");
  CHECK(line["distance"] == 3);
  CHECK(line["block"] == json{{"address", "0x7f10c4a00fd8"},
                              {"size", 40},
                              {"state", "live"},
                              {"data_begin", "0x7f10c4a00000"},
                              {"data_end", "0x7f10c4a01000"}});
}

TEST_CASE("traces come in the order of the text, with all that is known of their modules", "[report]") {
  Story story = overrun();
  story.finding.kind = FindingKind::use_after_free;
  story.finding.block.state = BlockState::freed;
  story.finding.block.free_api = Api::operator_delete;
  story.freed = past(3, "worker", kFreed);
  story.created = past(1, "", kCreated);
  const json traces = read_back(story)["traces"];
  REQUIRE(traces.size() == 4);
  CHECK(traces[0]["role"] == "error");
  CHECK(traces[0]["thread"] == json{{"id", 0}, {"name", "indexer"}});
  CHECK(!traces[0].contains("with"));
  // The instruction itself, then the byte before a return address.
  CHECK(traces[0]["frames"][0] == json{{"pc", "0x401234"},
                                       {"module", "/opt/app/program"},
                                       {"offset", "0x1234"},
                                       {"build_id", "deadbeef"},
                                       {"module_inode", 42},
                                       {"module_size", 4096},
                                       {"module_mtime", 1700000000}});
  CHECK(traces[0]["frames"][1]["pc"] == "0x405677");
  CHECK(traces[1]["role"] == "freed");
  CHECK(traces[1]["thread"] == json{{"id", 3}, {"name", "worker"}});
  CHECK(traces[1]["with"] == "operator delete");
  CHECK(traces[1]["frames"][0]["offset"] == "0x3000");
  CHECK(traces[2]["role"] == "allocated");
  CHECK(traces[2]["with"] == "malloc");
  CHECK(traces[3]["role"] == "created");
  CHECK(traces[3]["thread"] == json{{"id", 1}});
  CHECK(traces[3]["frames"] ==
        json::array(
            {{{"pc", "0x80001000"}, {"module", "/opt/app/plugin.so"}, {"offset", "0x1000"}, {"unloaded", true}}}));
}

TEST_CASE("a call names its function, not an access", "[report]") {
  const json line = read_back(call(FindingKind::double_free, Event::call, Api::operator_delete_array));
  CHECK(line["event"] == "call");
  CHECK(line["function"] == "operator delete[]");
  CHECK(!line.contains("access"));
  CHECK(!line.contains("signal"));
}

TEST_CASE("mismatches say what was stated", "[report]") {
  CHECK(!read_back(call(FindingKind::mismatched_deallocation, Event::mismatched_family, Api::free)).contains("stated"));
  Story story = call(FindingKind::mismatched_size, Event::mismatched_size, Api::operator_delete);
  story.finding.fault.stated_size = 24;
  CHECK(read_back(story)["stated"] == json{{"size", 24}});
  CHECK(read_back(story)["place"].size() == 2);
  story = call(FindingKind::mismatched_deallocation, Event::mismatched_alignment, Api::aligned_operator_delete);
  story.finding.fault.stated_alignment = 128;
  CHECK(read_back(story)["stated"] == json{{"alignment", 128}});
}

TEST_CASE("wrong arguments that the program survives are warnings without an address", "[report]") {
  Story story = of_arguments(FindingKind::allocation_size_overflow, Event::excessive_size);
  story.finding.fault.stated_size = Size{1} << 63;
  story.finding.fault.stated_count = 2;
  json line = read_back(story);
  CHECK(line["severity"] == "warning");
  CHECK(line["goes_on"] == true);
  CHECK(line["stated"] == json{{"size", Size{1} << 63}, {"count", 2}});
  CHECK(line["hint"] == "the product is more than a size can be");
  CHECK(line["place"] == json::array());
  CHECK(!line.contains("address"));
  story.finding.fault.stated_count = 0;
  CHECK(read_back(story)["stated"] == json::object());
  story = of_arguments(FindingKind::invalid_alignment, Event::bad_alignment);
  story.finding.fault.stated_size = 100;
  story.finding.fault.stated_alignment = 3;
  CHECK(read_back(story)["stated"] == json{{"size", 100}, {"alignment", 3}});
}

TEST_CASE("changed slack tells its bytes, and advice", "[report]") {
  Story story = call(FindingKind::slack_overwritten, Event::changed_slack, Api::free);
  story.finding.fault.damage = {.changed = {0x7f10c4a01003, 0x7f10c4a01006},
                                .count = 2,
                                .pattern = 0xfd,
                                .sample = {0x41, 0xfd, 0x00},
                                .sample_size = 3};
  const json line = read_back(story);
  CHECK(line["damage"] == json{{"begin", "0x7f10c4a01003"},
                               {"end", "0x7f10c4a01006"},
                               {"count", 2},
                               {"pattern", 253},
                               {"bytes", {65, 253, 0}}});
  CHECK(line["place"].size() == 2);
  CHECK(line["hint"] == std::string(diagnosis::advice(story.finding)));
  CHECK(line["function"] == "free");
}

TEST_CASE("a system call names its argument and buffer", "[report]") {
  Story story = call(FindingKind::bad_syscall_buffer, Event::system_call, Api::none);
  story.finding.fault.access = Access::read;
  story.finding.fault.system_call = record::SystemCall::write;
  story.finding.fault.argument = 2;
  story.finding.fault.buffer = {0x7f10c4a00fd8, 0x7f10c4a01018};
  const json line = read_back(story);
  CHECK(line["event"] == "system-call");
  CHECK(line["access"] == "read");
  CHECK(line["system_call"] ==
        json{{"name", "write"}, {"argument", 2}, {"begin", "0x7f10c4a00fd8"}, {"end", "0x7f10c4a01018"}});
  CHECK(!line.contains("function"));
}

TEST_CASE("what is not known is left out", "[report]") {
  Story story{};
  story.finding.fault.address_known = false;
  const json line = read_back(story);
  for (const char* const field :
       {"address", "access", "relation", "distance", "block", "damage", "stated", "expired"}) {
    CAPTURE(field);
    CHECK(!line.contains(field));
  }
  CHECK(line["hint"] == "the address is not a canonical one: a pointer was overwritten or never set");
  CHECK(line["traces"].size() == 1);
  CHECK(line["traces"][0]["frames"] == json::array());
  story.finding.history_expired = true;
  CHECK(read_back(story)["expired"] == true);
}

TEST_CASE("a suppression stands if it is wanted", "[report]") {
  Story story = overrun();
  CHECK(!read_back(story).contains("suppressions"));
  story.suppression = "heap-buffer-overflow fill";
  CHECK(read_back(story)["suppressions"] == "heap-buffer-overflow fill");
}

TEST_CASE("a recursion tells what was folded where", "[report]") {
  static std::string path;
  const test::TempFile module(test::elf_file({{"f", 0x1000, 0x100}, {"g", 0x1100, 0x100}}));
  path = module.path();
  Story story{};
  story.finding.kind = FindingKind::stack_overflow;
  story.finding.fault.open_above = {0x1000, 0x2000};
  story.first_is_exact = true;
  story.error = {.head = {2, {0x401010, 0x401111}},
                 .folded = 99,
                 .kinds = {4, {0x401010, 0x401110, 0x401020, 0x500000}},
                 .tail = {1, {0x401011}},
                 .complete = false};
  const Written written = write(story, [](Address) { return ModuleName{.path = path.c_str(), .bias = 0x400000}; });
  REQUIRE(written.good);
  const json trace = json::parse(written.line)["traces"][0];
  REQUIRE(trace["frames"].size() == 3);
  CHECK(trace["frames"][1]["function"] == "g");
  CHECK(trace["frames"][2]["pc"] == "0x401010");
  CHECK(trace["folded"] ==
        json{{"after", 2}, {"count", 99}, {"complete", false}, {"functions", {"f", "g", "0x4fffff"}}});
}

TEST_CASE("names that the program chose can't break the line", "[report]") {
  static std::string path;
  const test::TempFile module(test::elf_file({{"quote\"back\\slash\xff\x1b[31m", 0x1000, 0x100}}));
  path = module.path();
  Story story = overrun();
  story.thread = past(0, "a\"\n\xc3\xa4\x80", {}).thread;
  story.error.head = {1, {0x401010}};
  const Written written = write(story, [](Address) { return ModuleName{.path = path.c_str(), .bias = 0x400000}; });
  REQUIRE(written.good);
  CHECK(written.line.find('\n') == written.line.size() - 1);
  const json line = json::parse(written.line);
  CHECK(line["thread"]["name"] == "a\"\n\xc3\xa4\xef\xbf\xbd");
  CHECK(line["traces"][0]["frames"][0]["function"] == "quote\"back\\slash\xef\xbf\xbd\x1b[31m");
}

TEST_CASE("the instruction comes with its registers", "[report]") {
#if defined(__x86_64__)
  static const std::uint8_t code[os::kMaxInstruction] = {0x48, 0x89, 0x07};
  ucontext_t context{};
  context.uc_mcontext.gregs[REG_RDI] = 0x7f10c4a01003;
  context.uc_mcontext.gregs[REG_RIP] = static_cast<greg_t>(test::address_of(code));
  Story story = overrun();
  story.signal_context = &context;
  story.finding.fault.pc = test::address_of(code);
  const json instruction = read_back(story)["instruction"];
  CHECK(instruction["bytes"] == "488907000000000000000000000000");
  CHECK(instruction["registers"].size() == 17);
  CHECK(instruction["registers"]["rdi"] == "0x7f10c4a01003");
  CHECK(instruction["registers"]["rsp"] == "0x0");
  story.finding.fault.access = Access::execute;
  CHECK(!read_back(story).contains("instruction"));
#endif
}

TEST_CASE("the deepest traces fit whole, and share the room where they don't", "[report]") {
  static const std::string path = "/" + std::string(500, 'p');
  static const Address deep[record::kMaxTraceDepth] = {0x401001, 0x402001};
  Story story = overrun();
  story.error.head.size = record::kMaxTraceDepth;
  story.freed = past(1, "worker", deep);
  story.allocated = past(2, "worker", deep);
  story.created = past(3, "worker", deep);
  const auto find = [](Address) { return ModuleName{.path = path.c_str(), .build_id = &kBuildId, .file = &kFile}; };
  const Written whole = write(story, find);
  REQUIRE(whole.good);
  for (const json& trace : json::parse(whole.line)["traces"]) {
    CHECK(trace["frames"].size() == record::kMaxTraceDepth);
    CHECK(!trace.contains("frames_left_out"));
  }
  const Written cut = write(story, find, 64 << 10);
  REQUIRE(cut.good);
  CHECK(cut.line.size() <= 64 << 10);
  CHECK(cut.line.size() > 56 << 10);
  for (const json& trace : json::parse(cut.line)["traces"]) {
    CHECK(trace["frames"].size() >= 18);
    CHECK(trace["frames"].size() + trace["frames_left_out"].get<Size>() == record::kMaxTraceDepth);
  }
}

TEST_CASE("a line is whole at every capacity, or is refused", "[report]") {
  Story story = overrun();
  story.freed = past(1, "worker", kFreed);
  story.created = past(3, "worker", kCreated);
  Size whole = 0;
  for (Size capacity = 0; capacity < 8192; capacity += 7) {
    const Written written = write(story, invented_module, capacity);
    CAPTURE(capacity);
    const bool is_line = written.line.ends_with("}\n") && json::accept(written.line);
    if (written.good != is_line) FAIL_CHECK("neither whole nor refused");
    whole += written.good ? 1 : 0;
  }
  CHECK(whole > 100);
  CHECK(whole < 1100);
}
