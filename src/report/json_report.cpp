#include "report/json_report.h"

#include <algorithm>

#include "base/text.h"
#include "diagnosis/wording.h"
#include "os/fault_context.h"
#include "os/modules.h"
#include "os/process.h"

namespace fencepost::report {

namespace {

using record::Event;
using record::FaultRecord;
using record::Finding;

/// Mangled names of templates are long, and a part of one can't be demangled.
constexpr Size kLongestSymbol = 4096;

/// For each trace: all of it but frames and functions.
constexpr Size kAroundFrames = 512;

std::string_view event_name(Event event) {
  switch (event) {
    case Event::access: return "access";
    case Event::call: return "call";
    case Event::mismatched_family: return "mismatched-family";
    case Event::mismatched_size: return "mismatched-size";
    case Event::mismatched_alignment: return "mismatched-alignment";
    case Event::excessive_size: return "excessive-size";
    case Event::bad_alignment: return "bad-alignment";
    case Event::changed_slack: return "changed-slack";
    case Event::changed_poison: return "changed-poison";
    case Event::system_call: return "system-call";
  }
  return "";
}

std::string_view access_word(record::Access access) {
  switch (access) {
    case record::Access::read: return "read";
    case record::Access::write: return "write";
    case record::Access::execute: return "execute";
    case record::Access::unknown: break;
  }
  return "";
}

std::string_view relation_word(record::Relation relation) {
  switch (relation) {
    case record::Relation::before: return "before";
    case record::Relation::inside: return "inside";
    case record::Relation::after: return "after";
    case record::Relation::none: break;
  }
  return "";
}

}  // namespace

bool JsonReport::write(const Story& story) {
  json_.begin_object();
  json_.number("fencepost", kJsonVersion);
  error(story);
  process();
  sentences(story);
  arguments(story.finding.fault);
  if (story.finding.has_block()) block(story.finding);
  if (story.finding.fault.damage.count != 0) damage(story.finding.fault.damage);
  instruction(story);
  if (!story.suppression.empty()) json_.text("suppressions", story.suppression);
  json_.begin_array("traces");
  traces_to_come_ =
      Size{1} + (story.freed.known ? 1 : 0) + (story.allocated.known ? 1 : 0) + (story.created.known ? 1 : 0);
  error_trace(story);
  const record::BlockRecord& block = story.finding.block;
  if (story.freed.known) past("freed", story.freed, record::name(block.free_api));
  if (story.allocated.known) past("allocated", story.allocated, record::name(block.alloc_api));
  if (story.created.known) past("created", story.created, {});
  json_.end_array();
  json_.end_object();
  out_.text("\n");
  return !out_.truncated();
}

void JsonReport::process() {
  char name[os::kThreadNameSize] = {};
  const bool named = os::thread_name(os::process_id(), name);
  json_.begin_object("process");
  json_.number("pid", static_cast<unsigned>(os::process_id()));
  json_.number("parent", static_cast<unsigned>(os::parent_process_id()));
  if (named) json_.text("name", name);
  json_.text("executable", os::program_path());
  json_.end_object();
  json_.number("time", os::milliseconds_since_1970());
}

void JsonReport::error(const Story& story) {
  const FaultRecord& fault = story.finding.fault;
  json_.text("kind", diagnosis::kind_name(story.finding.kind));
  json_.text("severity", is_warning(fault) ? "warning" : "error");
  json_.boolean("goes_on", fault.goes_on);
  json_.text("event", event_name(fault.event));
  if (fault.access != record::Access::unknown) json_.text("access", access_word(fault.access));
  if (fault.address_known && !is_argument(fault.event)) json_.hex("address", fault.address);
  json_.hex("pc", fault.pc);
  json_.hex("sp", fault.sp);
  if (fault.event == Event::access) json_.number("signal", static_cast<unsigned>(fault.signal));
  thread(story.thread.label());
  if (story.finding.history_expired) json_.boolean("expired", true);
}

void JsonReport::sentences(const Story& story) {
  const Finding& finding = story.finding;
  TextBuffer<8192> words;
  write_headline(words, finding);
  json_.text("headline", words.view());
  words.clear();
  write_action(words, finding.fault, story.thread.label());
  json_.text("action", words.view());
  words.clear();
  write_place(words, finding, story.stack_owner.label(), namer_);
  json_.begin_array("place");
  for (Split lines = split(words.view(), '\n'); !lines.head.empty(); lines = split(lines.tail, '\n')) {
    json_.text(lines.head);
  }
  json_.end_array();
  json_.text("explanation", diagnosis::explanation(finding.kind));
  words.clear();
  write_reason(words, finding);
  const std::string_view advice = diagnosis::advice(finding);
  if (!words.view().empty() && !advice.empty()) words.text("; ");
  words.text(advice);
  if (!words.view().empty()) json_.text("hint", words.view());
}

/// What the program said in the call that is wrong.
void JsonReport::arguments(const FaultRecord& fault) {
  if (fault.event == Event::system_call) {
    json_.begin_object("system_call");
    json_.text("name", record::name(fault.system_call));
    json_.number("argument", fault.argument);
    json_.hex("begin", fault.buffer.begin);
    json_.hex("end", fault.buffer.end);
    return json_.end_object();
  }
  if (fault.event != Event::access) json_.text("function", record::name(fault.api));
  const bool aligns = fault.event == Event::bad_alignment || fault.event == Event::mismatched_alignment;
  const bool sizes = is_argument(fault.event) || fault.event == Event::mismatched_size;
  if (!aligns && !sizes) return;
  json_.begin_object("stated");
  if (sizes && fault.stated_count != 0) json_.number("size", fault.stated_size);
  if (fault.event == Event::excessive_size && fault.stated_count != 0) json_.number("count", fault.stated_count);
  if (aligns) json_.number("alignment", fault.stated_alignment);
  json_.end_object();
}

void JsonReport::block(const Finding& finding) {
  const record::BlockRecord& block = finding.block;
  json_.text("relation", relation_word(finding.relation));
  json_.number("distance", finding.distance);
  json_.begin_object("block");
  json_.hex("address", block.address);
  json_.number("size", block.size);
  json_.text("state", block.is_freed() ? "freed" : "live");
  json_.hex("data_begin", block.data().begin);
  json_.hex("data_end", block.data().end);
  json_.end_object();
}

void JsonReport::damage(const record::SlackDamage& damage) {
  json_.begin_object("damage");
  json_.hex("begin", damage.changed.begin);
  json_.hex("end", damage.changed.end);
  json_.number("count", damage.count);
  json_.number("pattern", damage.pattern);
  json_.begin_array("bytes");
  for (Size i = 0; i < damage.sample_size; ++i) json_.number(damage.sample[i]);
  json_.end_array();
  json_.end_object();
}

/// What a jump led to is no code, whatever its bytes are.
void JsonReport::instruction(const Story& story) {
  const FaultRecord& fault = story.finding.fault;
  if (story.signal_context == nullptr || fault.access == record::Access::execute) return;
  os::Register registers[os::kMaxRegisters];
  const Size count = os::read_registers(story.signal_context, registers);
  std::uint8_t code[os::kMaxInstruction];
  const Size size = count == 0 ? 0 : os::read_code(fault.pc, code);
  if (size == 0) return;
  json_.begin_object("instruction");
  json_.bytes("bytes", code, size);
  json_.begin_object("registers");
  for (Size i = 0; i < count; ++i) json_.hex(registers[i].name, registers[i].value);
  json_.end_object();
  json_.end_object();
}

void JsonReport::thread(ThreadLabel thread) {
  json_.begin_object("thread");
  json_.number("id", thread.id);
  if (!thread.name.empty()) json_.text("name", thread.name);
  json_.end_object();
}

/// What is left of the line is shared evenly by the traces to come; what one does not use goes to the others.
void JsonReport::begin_trace(std::string_view role) {
  const Size reserved = std::min(out_.room(), traces_to_come_ * kAroundFrames);
  share_end_ = out_.view().size() + kAroundFrames + (out_.room() - reserved) / traces_to_come_;
  --traces_to_come_;
  json_.begin_object();
  json_.text("role", role);
}

void JsonReport::end_trace(Size left_out) {
  json_.end_array();
  if (left_out != 0) json_.number("frames_left_out", left_out);
}

bool JsonReport::is_over_share() const {
  return out_.truncated() || out_.view().size() + kAroundFrames / 2 > share_end_;
}

void JsonReport::error_trace(const Story& story) {
  begin_trace("error");
  thread(story.thread.label());
  json_.begin_array("frames");
  Size left_out = frames(story.error.head.view(), story.first_is_exact);
  // After a gap they would seem to be called by those before it.
  left_out = left_out != 0 ? left_out + story.error.tail.size : frames(story.error.tail.view(), false);
  end_trace(left_out);
  if (story.error.folded != 0) folded(story.error);
  json_.end_object();
}

void JsonReport::past(std::string_view role, const Past& past, std::string_view with) {
  begin_trace(role);
  thread(past.thread.label());
  if (!with.empty()) json_.text("with", with);
  json_.begin_array("frames");
  end_trace(frames(past.frames, false));
  json_.end_object();
}

/// Returns how many are left out.
Size JsonReport::frames(std::span<const Address> frames, bool first_is_exact) {
  for (Size i = 0; i < frames.size(); ++i) {
    const JsonWriter::Mark before = json_.mark();
    // A return address is one past the call, which may be another line or another function.
    frame(i == 0 && first_is_exact ? frames[i] : frames[i] - 1);
    if (!is_over_share()) continue;
    json_.back_to(before);
    return frames.size() - i;
  }
  return 0;
}

void JsonReport::frame(Address pc) {
  const FrameName name = namer_.name(pc);
  const ModuleName& module = name.module;
  json_.begin_object();
  json_.hex("pc", pc);
  if (module.path != nullptr) {
    json_.text("module", module.path);
    json_.hex("offset", name.offset);
    if (module.unloaded) json_.boolean("unloaded", true);
    if (module.build_id != nullptr && module.build_id->size != 0) {
      json_.bytes("build_id", module.build_id->bytes, module.build_id->size);
    }
    if (module.file != nullptr) {
      json_.number("module_inode", module.file->inode);
      json_.number("module_size", module.file->size);
      json_.number("module_mtime",
                   static_cast<std::uint64_t>(std::max<std::int64_t>(module.file->modification_time, 0)));
    }
  }
  if (!name.function.empty()) json_.text("function", first(name.function, kLongestSymbol));
  json_.end_object();
}

/// Frames between head and tail, which nobody wants one by one. A function without a name stands as its address.
void JsonReport::folded(const record::FoldedTrace& trace) {
  json_.begin_object("folded");
  json_.number("after", trace.head.size);
  json_.number("count", trace.folded);
  json_.boolean("complete", trace.complete);
  json_.begin_array("functions");
  namer_.for_each_function(trace.kinds.view(), [&](std::string_view function, Address pc) {
    const JsonWriter::Mark before = json_.mark();
    TextBuffer<32> address;
    address.hex(pc);
    json_.text(function.empty() ? address.view() : first(function, kLongestSymbol));
    if (!is_over_share()) return true;
    json_.back_to(before);
    return false;
  });
  json_.end_array();
  json_.end_object();
}

}  // namespace fencepost::report
