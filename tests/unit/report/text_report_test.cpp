#include "report/text_report.h"

#include <catch2/catch.hpp>
#include <csignal>
#include <cstdlib>
#include <deque>
#include <fstream>
#include <string>
#include <vector>

#include "diagnosis/wording.h"
#include "report/elf_file.h"
#include "support.h"

using namespace fencepost;
using record::Access;
using record::Api;
using record::BlockRecord;
using record::BlockState;
using record::Event;
using record::FaultRecord;
using record::Finding;
using record::FindingKind;
using record::Place;
using record::Relation;
using report::ModuleName;
using report::TextReport;
using report::ThreadLabel;

namespace {

using Trace = std::vector<Address>;

/// One module without symbols for addresses below 4 GiB.
ModuleName invented_module(Address pc) {
  if (pc < 0x400000 || pc >= 0x100000000) return {};
  return {"/opt/app/program", 0x400000, pc >= 0x80000000};
}

struct Report {
  Finding finding;
  ThreadLabel thread{0, "indexer"};
  Trace error{0x401234, 0x405678};
  bool first_is_exact = true;
  Trace allocated{0x402001, 0x405001};
  Trace freed{0x403001, 0x405002};
  ThreadLabel owner{0, ""};
  record::FoldedTrace folded;
};

/// As the reporter puts the parts together.
std::string text_of(const Report& made) {
  const test::TempFile log;
  report::Sink sink;
  sink.set_path(log.path());
  TextReport report(sink, invented_module);
  report.headline(made.finding, made.thread);
  if (made.folded.folded != 0) {
    report.error_trace(made.folded);
  } else {
    report.error_trace(made.error, made.first_is_exact);
  }
  report.place(made.finding, made.owner);
  if (made.finding.block.is_freed()) report.freed_by(made.finding, {3, "worker\n3"}, made.freed);
  if (made.finding.has_block()) report.allocated_by(made.finding, {0, ""}, made.allocated);
  report.summary(made.finding);
  return log.contents();
}

/// Text that does not name this process.
std::string anonymous(std::string text) {
  const std::string pid = "==" + std::to_string(getpid()) + "==";
  if (text.starts_with(pid)) text.replace(0, pid.size(), "==4242==");
  return text;
}

/// FENCEPOST_UPDATE_GOLDEN=1 writes the golden files anew, to be read before they are committed.
void check_golden(const std::string& name, const std::string& text) {
  const std::string path = FENCEPOST_GOLDEN "/" + name + ".txt";
  if (std::getenv("FENCEPOST_UPDATE_GOLDEN") != nullptr) std::ofstream(path) << anonymous(text);
  CAPTURE(path);
  CHECK(anonymous(text) == test::read_file(path));
}

BlockRecord live_block() {
  return {.address = 0x7f10c4a00fd8, .size = 40, .data_pages = 1, .state = BlockState::live, .alloc_api = Api::malloc};
}

BlockRecord freed_block() {
  BlockRecord block = live_block();
  block.state = BlockState::freed;
  block.alloc_api = Api::operator_new_array;
  block.free_api = Api::operator_delete_array;
  return block;
}

Report access(FindingKind kind, Access how, Relation relation, Size distance, Address address) {
  Report made;
  made.finding.kind = kind;
  made.finding.relation = relation;
  made.finding.distance = distance;
  made.finding.fault.access = how;
  made.finding.fault.signal = SIGSEGV;
  made.finding.fault.address = address;
  made.finding.fault.pc = 0x401234;
  made.finding.fault.sp = 0x7ffd0a8e1b20;
  if (relation != Relation::none) made.finding.block = live_block();
  return made;
}

Report call(FindingKind kind, Api api, Relation relation, Size distance, Address address) {
  Report made = access(kind, Access::unknown, relation, distance, address);
  made.finding.fault.event = Event::call;
  made.finding.fault.api = api;
  made.first_is_exact = false;
  return made;
}

Report changed_slack(Relation relation, Size distance, Range changed) {
  Report made = access(FindingKind::slack_overwritten, Access::write, relation, distance, changed.begin);
  FaultRecord& fault = made.finding.fault;
  fault.event = Event::changed_slack;
  fault.api = Api::free;
  fault.damage = {.changed = changed, .count = 2, .pattern = 0xfd, .sample = {0x41, 0xfd, 0x00}, .sample_size = 3};
  made.first_is_exact = false;
  return made;
}

Report wild(Address address, Access how) { return access(FindingKind::wild_access, how, Relation::none, 0, address); }

/// Whether every line is a whole line of one of the shapes that frames have.
Size count_frames(const std::string& text) {
  Size frames = 0;
  for (Size at = text.find("    #"); at != std::string::npos; at = text.find("    #", at + 1)) {
    frames += at == 0 || text[at - 1] == '\n' ? 1 : 0;
  }
  return frames;
}

}  // namespace

TEST_CASE("golden: heap-buffer-overflow", "[report]") {
  check_golden("heap-buffer-overflow",
               text_of(access(FindingKind::heap_buffer_overflow, Access::write, Relation::after, 0, 0x7f10c4a01000)));
}

TEST_CASE("golden: heap-buffer-underflow", "[report]") {
  Report made = access(FindingKind::heap_buffer_underflow, Access::read, Relation::before, 1, 0x7f10c4a00fd7);
  made.thread = {7, ""};
  made.finding.block.alloc_api = Api::calloc;
  check_golden("heap-buffer-underflow", text_of(made));
}

TEST_CASE("golden: use-after-free", "[report]") {
  Report made = access(FindingKind::use_after_free, Access::read, Relation::inside, 8, 0x7f10c4a00fe0);
  made.finding.block = freed_block();
  check_golden("use-after-free", text_of(made));
}

TEST_CASE("golden: double-free", "[report]") {
  Report made = call(FindingKind::double_free, Api::free, Relation::inside, 0, 0x7f10c4a00fd8);
  made.finding.block = freed_block();
  check_golden("double-free", text_of(made));
}

TEST_CASE("golden: invalid-free of an interior pointer", "[report]") {
  check_golden("invalid-free-interior",
               text_of(call(FindingKind::invalid_free, Api::operator_delete, Relation::inside, 16, 0x7f10c4a00fe8)));
}

TEST_CASE("golden: invalid-free of something on the stack", "[report]") {
  Report made = call(FindingKind::invalid_free, Api::realloc, Relation::none, 0, 0x7ffd0a8e1b40);
  made.finding.fault.place = Place::stack;
  check_golden("invalid-free-stack", text_of(made));
}

TEST_CASE("golden: mismatched-deallocation", "[report]") {
  Report made = call(FindingKind::mismatched_deallocation, Api::free, Relation::inside, 0, 0x7f10c4a00fd8);
  made.finding.fault.event = Event::mismatched_family;
  made.finding.block.alloc_api = Api::operator_new_array;
  check_golden("mismatched-deallocation", text_of(made));
}

TEST_CASE("golden: mismatched-deallocation with another alignment", "[report]") {
  Report made =
      call(FindingKind::mismatched_deallocation, Api::aligned_operator_delete, Relation::inside, 0, 0x7f10c4a00fc0);
  made.finding.fault.event = Event::mismatched_alignment;
  made.finding.fault.stated_alignment = 128;
  made.finding.block.alloc_api = Api::aligned_operator_new;
  made.finding.block.alignment_shift = 6;
  made.finding.block.address = 0x7f10c4a00fc0;
  check_golden("mismatched-deallocation-alignment", text_of(made));
}

TEST_CASE("golden: mismatched-size", "[report]") {
  Report made = call(FindingKind::mismatched_size, Api::operator_delete, Relation::inside, 0, 0x7f10c4a00fd8);
  made.finding.fault.event = Event::mismatched_size;
  made.finding.fault.stated_size = 4;
  made.finding.block.alloc_api = Api::operator_new;
  check_golden("mismatched-size", text_of(made));
}

TEST_CASE("golden: allocation-size-overflow", "[report]") {
  Report made = call(FindingKind::allocation_size_overflow, Api::malloc, Relation::none, 0, 0);
  made.finding.fault.event = Event::excessive_size;
  made.finding.fault.stated_size = ~Size{0} - 41;
  made.finding.fault.goes_on = true;
  check_golden("allocation-size-overflow", text_of(made));
}

TEST_CASE("golden: allocation-size-overflow of a product, as an error", "[report]") {
  Report made = call(FindingKind::allocation_size_overflow, Api::calloc, Relation::none, 0, 0);
  made.finding.fault.event = Event::excessive_size;
  made.finding.fault.stated_count = 2;
  made.finding.fault.stated_size = Size{1} << 63;
  check_golden("allocation-size-overflow-product", text_of(made));
}

TEST_CASE("golden: invalid-alignment", "[report]") {
  Report made = call(FindingKind::invalid_alignment, Api::posix_memalign, Relation::none, 0, 0);
  made.finding.fault.event = Event::bad_alignment;
  made.finding.fault.stated_size = 100;
  made.finding.fault.stated_alignment = 4;
  made.finding.fault.goes_on = true;
  check_golden("invalid-alignment", text_of(made));
}

TEST_CASE("golden: invalid-free of what lies elsewhere", "[report]") {
  std::string texts;
  for (const auto& [place, address] : {std::pair{Place::stack, Address{0x7ffd0a8e1b40}},
                                       {Place::code, 0x401010},
                                       {Place::data, 0x404018},
                                       {Place::closed, 0x7f10c4a00000},
                                       {Place::mapped, 0x7f10c4a00000},
                                       {Place::unmapped, 0x10}}) {
    Report made = call(FindingKind::invalid_free, Api::free, Relation::none, 0, address);
    made.finding.fault.place = place;
    made.finding.fault.stack_owner = 2;
    made.owner = {2, "worker"};
    texts += anonymous(text_of(made));
  }
  check_golden("invalid-free-elsewhere", texts);
}

TEST_CASE("golden: stack-overflow", "[report]") {
  Report made = wild(0x7ffd0a8e0ff8, Access::write);
  made.finding.kind = FindingKind::stack_overflow;
  made.finding.fault.open_above = {0x7ffd0a8e1000, 0x7ffd0b0e1000};
  made.folded = {
      .head = {2, {0x401234, 0x405678}}, .folded = 10231, .kinds = {2, {0x405678, 0x401239}}, .tail = {1, {0x402001}}};
  check_golden("stack-overflow", text_of(made));
}

TEST_CASE("a folded trace names each function once, and says if it has no end", "[report]") {
  static std::string path;
  const test::TempFile module(test::elf_file({{"f", 0x1000, 0x100}, {"g", 0x1100, 0x100}}));
  path = module.path();
  const test::TempFile log;
  report::Sink sink;
  sink.set_path(log.path());
  TextReport report(sink, [](Address) { return ModuleName{path.c_str(), 0x400000, false}; });
  report.error_trace(record::FoldedTrace{.head = {1, {0x401010}},
                                         .folded = 99,
                                         .kinds = {4, {0x401010, 0x401110, 0x401020, 0x500000}},
                                         .complete = false});
  CHECK(log.contents().find("    ... 99 more frames of f -> g -> 0x4fffff, and no end\n") != std::string::npos);
}

TEST_CASE("golden: slack-overwritten after the block", "[report]") {
  check_golden("slack-overwritten-after", text_of(changed_slack(Relation::after, 2, {0x7f10c4a01002, 0x7f10c4a01005})));
}

TEST_CASE("golden: slack-overwritten before the block, found at exit", "[report]") {
  Report made = changed_slack(Relation::before, 1, {0x7f10c4a00fd7, 0x7f10c4a00fd8});
  made.finding.fault.api = Api::exit;
  made.finding.fault.damage.count = 1;
  made.finding.fault.damage.sample_size = 1;
  made.error = {};
  check_golden("slack-overwritten-before", text_of(made));
}

TEST_CASE("golden: wild-access through a null pointer", "[report]") {
  check_golden("wild-access-null", text_of(wild(0x18, Access::write)));
}

TEST_CASE("golden: wild-access at an address that is not known", "[report]") {
  Report made = wild(0, Access::unknown);
  made.finding.fault.address_known = false;
  check_golden("wild-access-unknown-address", text_of(made));
}

TEST_CASE("golden: wild-access by a jump, with frames outside of every module", "[report]") {
  Report made = wild(0x7f10c4a00000, Access::execute);
  made.finding.fault.pc = 0x7f10c4a00000;
  made.error = {0x7f10c4a00000, 0x401235, 0x80000001};
  check_golden("wild-access-jump", text_of(made));
}

TEST_CASE("golden: wild-access to a block's own bytes", "[report]") {
  check_golden("wild-access-inside",
               text_of(access(FindingKind::wild_access, Access::read, Relation::inside, 4, 0x7f10c4a00fdc)));
}

TEST_CASE("golden: bad-syscall-buffer", "[report]") {
  Report made = access(FindingKind::bad_syscall_buffer, Access::write, Relation::after, 0, 0x7f10c4a01000);
  FaultRecord& fault = made.finding.fault;
  fault.event = Event::system_call;
  fault.system_call = record::SystemCall::recvfrom;
  fault.argument = 2;
  fault.buffer = {0x7f10c4a00fd8, 0x7f10c4a01018};
  made.first_is_exact = false;
  check_golden("bad-syscall-buffer", text_of(made));
}

TEST_CASE("there is a golden file for every kind of finding", "[report]") {
  for (int kind = 0; kind < record::kFindingKinds; ++kind) {
    const std::string name(diagnosis::kind_name(static_cast<FindingKind>(kind)));
    bool shown = false;
    for (const char* const variant : {"", "-interior", "-after", "-null"}) {
      shown = shown || !test::read_file(FENCEPOST_GOLDEN "/" + name + variant + ".txt").empty();
    }
    CAPTURE(name);
    CHECK(shown);
  }
}

TEST_CASE("each part is written as soon as it is complete", "[report]") {
  const test::TempFile log;
  report::Sink sink;
  sink.set_path(log.path());
  TextReport report(sink, invented_module);
  const Report made = access(FindingKind::heap_buffer_overflow, Access::write, Relation::after, 0, 0x7f10c4a01000);
  std::string before;
  const auto grows_by_lines = [&] {
    const std::string now = log.contents();
    const bool grew = now.size() > before.size() && now.starts_with(before) && now.ends_with("\n");
    before = now;
    return grew;
  };
  report.headline(made.finding, made.thread);
  CHECK(grows_by_lines());
  report.error_trace(made.error, true);
  CHECK(grows_by_lines());
  report.place(made.finding);
  CHECK(grows_by_lines());
  report.allocated_by(made.finding, {}, made.allocated);
  CHECK(grows_by_lines());
  report.summary(made.finding);
  CHECK(grows_by_lines());
}

TEST_CASE("a return address is looked up one byte earlier, an exact one as it is", "[report]") {
  Report made = wild(0x18, Access::read);
  made.error = {0x401000, 0x402000};
  CHECK(text_of(made).find("#0 0x401000 (/opt/app/program+0x1000)") != std::string::npos);
  CHECK(text_of(made).find("#1 0x401fff (/opt/app/program+0x1fff)") != std::string::npos);
  made.first_is_exact = false;
  CHECK(text_of(made).find("#0 0x400fff (/opt/app/program+0xfff)") != std::string::npos);
}

TEST_CASE("the summary names the function of the error", "[report]") {
  static std::string path;
  const test::TempFile module(test::elf_file({{"fill", 0x1000, 0x100}}));
  path = module.path();
  const test::TempFile log;
  report::Sink sink;
  sink.set_path(log.path());
  TextReport report(sink, [](Address) { return ModuleName{path.c_str(), 0x400000, false}; });
  const Report made = wild(0x18, Access::read);
  report.error_trace(Trace{0x401010, 0x500000}, true);
  report.summary(made.finding);
  CHECK(log.contents() == "    #0 0x401010 in fill (" + path + "+0x1010)\n    #1 0x4fffff (" + path +
                              "+0xfffff)\nSUMMARY: Fencepost: wild-access (" + path + "+0x1010) in fill\n");
}

TEST_CASE("the summary of what is found in the end names the function that allocated", "[report]") {
  static std::string path;
  const test::TempFile module(test::elf_file({{"finish", 0x1000, 0x100}, {"make", 0x2000, 0x100}}));
  path = module.path();
  const auto summary_of = [](record::Api found_by) {
    const test::TempFile log;
    report::Sink sink;
    sink.set_path(log.path());
    TextReport report(sink, [](Address) { return ModuleName{path.c_str(), 0x400000, false}; });
    Report made = access(FindingKind::slack_overwritten, Access::write, Relation::after, 0, 0x7f10c4a01000);
    made.finding.fault.api = found_by;
    report.error_trace(Trace{0x401010}, false);
    report.allocated_by(made.finding, {}, Trace{0x402010});
    report.summary(made.finding);
    return log.contents().substr(log.contents().find("SUMMARY"));
  };
  CHECK(summary_of(record::Api::exit).ends_with(" in make\n"));
  CHECK(summary_of(record::Api::thread_exit).ends_with(" in make\n"));
  CHECK(summary_of(record::Api::free).ends_with(" in finish\n"));
}

TEST_CASE("the deepest traces with long paths lose nothing", "[report]") {
  static const std::string path = "/" + std::string(500, 'p');
  const test::TempFile log;
  report::Sink sink;
  sink.set_path(log.path());
  TextReport report(sink, [](Address) { return ModuleName{path.c_str(), 0, false}; });
  report.error_trace(Trace(64, 0x401000), true);
  CHECK(count_frames(log.contents()) == 64);
  CHECK(log.contents().find("#63 0x400fff (" + path + "+0x400fff)\n") != std::string::npos);
}

TEST_CASE("a name of many thousand characters is cut, and the next line is a line", "[report]") {
  static std::string path;
  const test::TempFile module(test::elf_file({{std::string(20000, 'n'), 0x1000, 0x100}}));
  path = module.path();
  const test::TempFile log;
  report::Sink sink;
  sink.set_path(log.path());
  TextReport report(sink, [](Address) { return ModuleName{path.c_str(), 0, false}; });
  report.error_trace(Trace{0x1010, 0x1020, 0x5000}, true);
  report.summary(wild(0x18, Access::read).finding);
  CHECK(count_frames(log.contents()) == 3);
  CHECK(log.contents().find("\nSUMMARY: ") != std::string::npos);
  CHECK(log.contents().ends_with("\n"));
}

TEST_CASE("the summary names its function after a trace through many modules", "[report]") {
  static std::vector<std::string> paths;
  std::deque<test::TempFile> modules;
  for (int i = 0; i < 20; ++i) {
    modules.emplace_back(test::elf_file({{"function_" + std::to_string(i), 0, 0x1000}}));
    paths.push_back(modules.back().path());
  }
  const test::TempFile log;
  CHECK(test::in_child([&] {
          report::Sink sink;
          sink.set_path(log.path());
          TextReport report(sink, [](Address pc) {
            return ModuleName{paths[pc >> 16].c_str(), pc & ~Address{0xffff}, false};
          });
          Trace trace;
          for (Address i = 0; i < 20; ++i) trace.push_back(i << 16 | 0x10);
          report.error_trace(trace, true);
          report.summary(wild(0x18, Access::read).finding);
        }).exited_with(0));
  CHECK(log.contents().find("SUMMARY: Fencepost: wild-access (" + paths[0] + "+0x10) in function_0\n") !=
        std::string::npos);
}
