// The line of JSON that the runtime writes of any story, in any room: the tools read it, and it says the same.
#include "report/json_report.h"

#include <fuzzer/FuzzedDataProvider.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "diagnosis/diagnose.h"
#include "diagnosis/wording.h"
#include "findings/json.h"
#include "findings/utf8.h"
#include "property.h"
#include "report/elf_file.h"

using namespace fencepost;
using findings::to_valid_utf8;
using fuzz::must_hold;
using record::BlockRecord;
using record::BlockState;
using record::Event;
using record::FaultRecord;
using report::ModuleName;
using report::Story;

namespace {

/// Below it lies a module whose functions have names, above another one of which only the path is known, then none.
constexpr Address kMiddle = Address{1} << 30;
constexpr Address kEnd = Address{1} << 40;

/// What the story's modules are. A module's finder is a function without a context.
struct Modules {
  int descriptor = memfd_create("module", MFD_CLOEXEC);
  std::string named = "/proc/self/fd/" + std::to_string(descriptor);
  std::string other;
  os::BuildId build_id;
  os::FileStatus file;

  void change(FuzzedDataProvider& input) {
    const std::string first = input.ConsumeRandomLengthString(100), second = input.ConsumeRandomLengthString(8000);
    const std::string bytes = test::elf_file({{first, 0, kMiddle / 2}, {second, kMiddle / 2, kMiddle / 2}});
    must_hold(ftruncate(descriptor, 0) == 0 &&
                  pwrite(descriptor, bytes.data(), bytes.size(), 0) == static_cast<ssize_t>(bytes.size()),
              "the module is written");
    other = "/nonexistent/" + input.ConsumeRandomLengthString(600);
    build_id.size = input.ConsumeIntegralInRange<Size>(0, os::BuildId::kCapacity);
    for (Size i = 0; i < build_id.size; ++i) build_id.bytes[i] = input.ConsumeIntegral<std::uint8_t>();
    file = {input.ConsumeIntegral<std::uint64_t>(), input.ConsumeIntegral<std::uint64_t>(),
            input.ConsumeIntegral<std::int64_t>()};
  }

  static Modules& all() {
    static Modules modules;
    return modules;
  }
  static ModuleName find(Address pc) {
    Modules& modules = all();
    if (pc < kMiddle) return {.path = modules.named.c_str()};
    if (pc >= kEnd) return {};
    return {.path = modules.other.c_str(),
            .bias = kMiddle,
            .unloaded = (pc & 1) != 0,
            .build_id = &modules.build_id,
            .file = &modules.file};
  }
};

Address any_code(FuzzedDataProvider& input) {
  return input.ConsumeIntegral<Address>() >> input.ConsumeIntegralInRange(0, 63);
}

void fill(FuzzedDataProvider& input, record::Trace& trace) {
  trace.size = input.ConsumeIntegralInRange<std::uint32_t>(0, record::kMaxTraceDepth);
  for (Size i = 0; i < trace.size; ++i) trace.frames[i] = any_code(input);
}

report::NamedThread any_thread(FuzzedDataProvider& input) {
  report::NamedThread thread{.id = input.ConsumeIntegral<ThreadId>()};
  input.ConsumeRandomLengthString(sizeof thread.name - 1).copy(thread.name, sizeof thread.name - 1);
  return thread;
}

record::Api any_api(FuzzedDataProvider& input) {
  return static_cast<record::Api>(input.ConsumeIntegralInRange(0, static_cast<int>(record::Api::thread_exit)));
}

BlockRecord any_block(FuzzedDataProvider& input) {
  return {.address = input.ConsumeIntegralInRange<Address>(kPageSize, Address{1} << 46),
          .size = input.ConsumeIntegral<std::uint32_t>(),
          .data_pages = input.ConsumeIntegralInRange<std::uint32_t>(0, 1 << 21),
          .state = input.PickValueInArray({BlockState::live, BlockState::freeing, BlockState::freed}),
          .alloc_api = any_api(input),
          .free_api = any_api(input)};
}

FaultRecord any_fault(FuzzedDataProvider& input, Address address) {
  FaultRecord fault;
  fault.event = static_cast<Event>(input.ConsumeIntegralInRange(0, static_cast<int>(Event::system_call)));
  fault.access = static_cast<record::Access>(input.ConsumeIntegralInRange(0, 3));
  fault.api = any_api(input);
  fault.place = static_cast<record::Place>(input.ConsumeIntegralInRange(0, static_cast<int>(record::Place::data)));
  fault.address_known = input.ConsumeIntegralInRange(0, 9) != 0;
  fault.address = address;
  fault.pc = any_code(input);
  fault.sp = input.ConsumeIntegral<Address>();
  fault.signal = input.ConsumeIntegralInRange(1, 64);
  fault.system_call =
      static_cast<record::SystemCall>(input.ConsumeIntegralInRange(1, static_cast<int>(record::SystemCall::getcwd)));
  fault.argument = input.ConsumeIntegralInRange<std::uint8_t>(1, 6);
  fault.buffer = {address, address + input.ConsumeIntegral<std::uint32_t>()};
  fault.open_above.begin = input.ConsumeIntegral<Address>();
  fault.open_above.end = fault.open_above.begin + input.ConsumeIntegral<std::uint32_t>();
  fault.goes_on = input.ConsumeBool();
  fault.stated_size = input.ConsumeIntegral<Size>();
  fault.stated_count = input.ConsumeIntegralInRange<Size>(0, 3);
  fault.stated_alignment = input.ConsumeIntegral<Size>();
  return fault;
}

void add_damage(FuzzedDataProvider& input, FaultRecord& fault) {
  record::SlackDamage& damage = fault.damage;
  damage.count = input.ConsumeIntegralInRange<std::uint64_t>(1, 5000);
  damage.changed = {fault.address, fault.address + damage.count};
  damage.pattern = input.ConsumeIntegral<std::uint8_t>();
  damage.sample_size = input.ConsumeIntegralInRange<std::uint8_t>(1, record::SlackDamage::kSampleSize);
  for (Size i = 0; i < damage.sample_size; ++i) damage.sample[i] = input.ConsumeIntegral<std::uint8_t>();
}

record::Finding any_finding(FuzzedDataProvider& input) {
  const BlockRecord block = any_block(input);
  const bool is_above = input.ConsumeBool();
  const Size distance = input.ConsumeIntegralInRange<Size>(0, 20000);
  const Address address = is_above ? block.address - std::min(distance + 1, block.address) : block.address + distance;
  FaultRecord fault = any_fault(input, input.ConsumeBool() ? address : any_code(input));
  if (fault.event == Event::changed_slack || fault.event == Event::changed_poison) add_damage(input, fault);
  record::Neighbours around;
  around.in_arena = fault.address == address;
  around.expired = around.in_arena && input.ConsumeIntegralInRange(0, 9) == 0;
  if (around.in_arena && !around.expired) {
    (is_above ? around.has_above : around.has_below) = true;
    (is_above ? around.above : around.below) = block;
  }
  return diagnosis::diagnose(fault, around);
}

/// A story, and what its past points to.
struct Told {
  Story story{};
  record::Trace traces[3];
  std::string suppression;

  explicit Told(FuzzedDataProvider& input) {
    story.finding = any_finding(input);
    story.thread = any_thread(input);
    story.stack_owner = any_thread(input);
    fill(input, story.error.head);
    story.first_is_exact = input.ConsumeBool();
    if (input.ConsumeBool()) fold(input);
    report::Past* const past[] = {&story.freed, &story.allocated, &story.created};
    for (Size i = 0; i < std::size(past); ++i) {
      if (!input.ConsumeBool()) continue;
      fill(input, traces[i]);
      *past[i] = {true, any_thread(input), traces[i].view()};
    }
    suppression = input.ConsumeRandomLengthString(300);
    story.suppression = suppression;
  }

 private:
  void fold(FuzzedDataProvider& input) {
    story.error.folded = input.ConsumeIntegral<std::uint32_t>();
    story.error.complete = input.ConsumeBool();
    fill(input, story.error.kinds);
    fill(input, story.error.tail);
  }
};

void check_frames(const findings::Trace& trace, const std::vector<Address>& expected, bool first_is_exact) {
  must_hold(trace.frames.size() + trace.frames_left_out == expected.size(), "every frame is there or counted");
  for (Size i = 0; i < trace.frames.size(); ++i) {
    must_hold(trace.frames[i].pc == expected[i] - (i == 0 && first_is_exact ? 0 : 1), "a frame's pc");
  }
}

std::vector<Address> frames_of(const record::FoldedTrace& trace) {
  std::vector<Address> frames(trace.head.view().begin(), trace.head.view().end());
  frames.insert(frames.end(), trace.tail.view().begin(), trace.tail.view().end());
  return frames;
}

void check_past(const findings::Finding& read, const char* role, const report::Past& past) {
  const findings::Trace* const trace = read.trace(role);
  must_hold((trace != nullptr) == past.known, "a trace is there if it is known");
  if (trace == nullptr) return;
  must_hold(trace->thread.id == past.thread.id, "its thread");
  check_frames(*trace, {past.frames.begin(), past.frames.end()}, false);
}

void check_traces(const findings::Finding& read, const Story& story) {
  must_hold(!read.traces.empty() && read.traces[0].role == "error", "the error's trace comes first");
  check_frames(read.traces[0], frames_of(story.error), story.first_is_exact);
  must_hold(read.traces[0].folded.has_value() == (story.error.folded != 0), "what was folded is told");
  if (read.traces[0].folded) must_hold(read.traces[0].folded->count == story.error.folded, "how many were folded");
  check_past(read, "freed", story.freed);
  check_past(read, "allocated", story.allocated);
  check_past(read, "created", story.created);
}

void check_block(const findings::Finding& read, const record::Finding& finding) {
  must_hold(read.block.has_value() == finding.has_block(), "a block if there is one");
  if (!read.block) return;
  must_hold(read.block->address == finding.block.address && read.block->size == finding.block.size, "the block");
  must_hold((read.block->state == "freed") == finding.block.is_freed(), "its state");
  must_hold(read.distance == finding.distance, "the distance");
}

void check_damage(const findings::Finding& read, const record::SlackDamage& damage) {
  must_hold(read.damage.has_value() == (damage.count != 0), "damage if there is any");
  if (!read.damage) return;
  must_hold(read.damage->begin == damage.changed.begin && read.damage->count == damage.count, "the damage");
  must_hold(read.damage->bytes == std::vector<std::uint8_t>(damage.sample, damage.sample + damage.sample_size),
            "bytes");
}

void check(const findings::Finding& read, const Story& story) {
  const FaultRecord& fault = story.finding.fault;
  must_hold(read.kind == diagnosis::kind_name(story.finding.kind), "the kind");
  must_hold(read.goes_on == fault.goes_on, "whether it goes on");
  must_hold(read.pc == fault.pc && read.sp == fault.sp, "pc and sp");
  const bool has_address = fault.address_known && !record::is_argument(fault.event);
  must_hold(read.address.has_value() == has_address && read.address.value_or(fault.address) == fault.address,
            "the address");
  must_hold(read.thread.id == story.thread.id && read.thread.name == to_valid_utf8(story.thread.name), "the thread");
  must_hold(read.suppressions == to_valid_utf8(std::string(story.suppression)), "suppressions");
  must_hold(read.other.empty(), "the tools know every field");
  check_block(read, story.finding);
  check_damage(read, fault.damage);
  check_traces(read, story);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  constexpr Size kAlwaysEnough = Size{64} << 10;
  FuzzedDataProvider input(data, size);
  Modules::all().change(input);
  const Told told(input);
  const Size capacity =
      input.PickValueInArray<Size>({input.ConsumeIntegralInRange<Size>(0, 16384), kAlwaysEnough, Size{512} << 10});
  const auto buffer = std::make_unique<char[]>(capacity);
  Writer out(buffer.get(), capacity);
  const bool good = report::JsonReport(out, Modules::find).write(told.story);
  must_hold(good || capacity < kAlwaysEnough, "there is room enough");
  if (!good) return 0;
  std::string line(out.view());
  must_hold(line.find('\n') == line.size() - 1, "a finding is one line with its end");
  line.pop_back();
  check(findings::from_json(line), told.story);
  return 0;
}
