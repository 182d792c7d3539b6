#include "report/text_report.h"

#include <algorithm>

#include "base/text.h"
#include "diagnosis/wording.h"
#include "os/process.h"

namespace fencepost::report {

namespace {

using record::BlockRecord;
using record::Event;
using record::FaultRecord;
using record::Finding;
using record::Relation;

void write_thread(Writer& out, ThreadLabel thread) {
  out.text("thread T").decimal(thread.id);
  if (!thread.name.empty()) out.text(" (").printable(thread.name).text(")");
}

void write_block(Writer& out, const BlockRecord& block) {
  out.decimal(block.size).text("-byte block [").hex(block.address).text(",").hex(block.bytes().end).text(")");
}

void write_bytes(Writer& out, Size count) { out.decimal(count).text(count == 1 ? " byte" : " bytes"); }

/// "3 bytes after 40-byte block [a,b)"
void write_relation(Writer& out, const Finding& finding) {
  const bool at_start = finding.relation == Relation::inside && finding.distance == 0;
  if (at_start && is_call(finding.fault.event)) {
    out.text("the start of ");
  } else {
    write_bytes(out, finding.distance);
    switch (finding.relation) {
      case Relation::before: out.text(" before "); break;
      case Relation::inside: out.text(" inside "); break;
      default: out.text(" after "); break;
    }
  }
  if (finding.block.is_freed()) out.text("freed ");
  write_block(out, finding.block);
}

/// "    0x7f10c4a01002, block + 42: 41 fd 00   (every byte was fd)"
void write_damage(Writer& out, const Finding& finding) {
  const record::SlackDamage& damage = finding.fault.damage;
  out.text("    ").hex(damage.changed.begin);
  if (!finding.has_block()) {
    out.text(":");
  } else if (finding.relation == Relation::before) {
    out.text(", block - ").decimal(finding.distance).text(":");
  } else {
    out.text(", block + ").decimal(damage.changed.begin - finding.block.address).text(":");
  }
  for (Size i = 0; i < damage.sample_size; ++i) {
    out.text(" ").hex_byte(damage.sample[i]);
  }
  out.text("   (every byte was ").hex_byte(damage.pattern).text(")\n");
}

/// "operator delete[] frees what operator new[] allocates, not free"
void write_mismatch(Writer& out, const Finding& finding) {
  const FaultRecord& fault = finding.fault;
  const BlockRecord& block = finding.block;
  switch (fault.event) {
    case Event::mismatched_family:
      out.text(record::release_name(block.alloc_api)).text(" frees what ").text(record::name(block.alloc_api));
      out.text(" allocates, not ").text(record::name(fault.api)).text("\n");
      break;
    case Event::mismatched_size:
      out.text("freed with a size of ").decimal(fault.stated_size).text(", but allocated with one of ");
      out.decimal(block.size).text("\n");
      break;
    default:
      out.text("freed with an alignment of ").decimal(fault.stated_alignment).text(", but allocated with one of ");
      out.decimal(block.asked_alignment()).text("\n");
      break;
  }
}

/// "calloc of 2 times 9223372036854775808 bytes ", "memalign of 100 bytes at a multiple of 3 "
void write_request(Writer& out, const FaultRecord& fault) {
  out.text(record::name(fault.api)).text(" of ");
  if (fault.stated_count == 0) {
    out.text("too many elements ");
    return;
  }
  if (fault.stated_count > 1) out.decimal(fault.stated_count).text(" times ");
  write_bytes(out, fault.stated_size);
  if (fault.event == Event::bad_alignment) out.text(" at a multiple of ").decimal(fault.stated_alignment);
  out.text(" ");
}

void write_argument(Writer& out, const FaultRecord& fault) {
  if (fault.event == Event::bad_alignment) {
    out.text("Hint: an alignment is a power of two");
    if (fault.api == record::Api::posix_memalign) out.text(", and here a multiple of sizeof(void*)");
  } else if (fault.stated_count == 1) {
    out.text("Hint: as a signed number that is ").decimal_signed(static_cast<std::int64_t>(fault.stated_size));
  } else {
    out.text("Hint: the product is more than a size can be");
  }
  out.text("\n");
}

/// Nothing was damaged yet, and the program goes on.
bool is_warning(const FaultRecord& fault) { return fault.goes_on && is_argument(fault.event); }

void write_action(Writer& out, const FaultRecord& fault) {
  switch (fault.event) {
    case Event::access:
      out.text(diagnosis::access_name(fault.access)).text(" at ");
      if (fault.address_known) {
        out.hex(fault.address);
      } else {
        out.text("an unknown address");
      }
      out.text(" ");
      break;
    case Event::system_call:
      out.text(diagnosis::access_name(fault.access)).text(" at ").hex(fault.address).text(" by ");
      out.text(record::name(fault.system_call)).text(", argument ").decimal(fault.argument).text(" [");
      out.hex(fault.buffer.begin).text(",").hex(fault.buffer.end).text(") ");
      break;
    case Event::mismatched_family:
    case Event::mismatched_size:
    case Event::mismatched_alignment:
    case Event::call: out.text(record::name(fault.api)).text(" of ").hex(fault.address).text(" "); break;
    case Event::excessive_size:
    case Event::bad_alignment: write_request(out, fault); break;
    case Event::changed_poison: [[fallthrough]];
    case Event::changed_slack: out.text("found by ").text(record::name(fault.api)).text(" "); break;
  }
}

}  // namespace

void TextReport::flush() {
  sink_.write(out_.view());
  out_.clear();
}

void TextReport::headline(const Finding& finding, ThreadLabel thread) {
  const FaultRecord& fault = finding.fault;
  out_.text("==").decimal(static_cast<unsigned>(os::process_id())).text(is_warning(fault) ? "==WARNING" : "==ERROR");
  out_.text(": Fencepost: ").text(diagnosis::kind_name(finding.kind));
  if (!fault.address_known) {
    out_.text(" on unknown address");
  } else if (!is_argument(fault.event)) {
    out_.text(" on address ").hex(fault.address);
  }
  out_.text(" at pc ").hex(fault.pc).text(" sp ").hex(fault.sp).text("\n");
  write_action(out_, fault);
  write_thread(out_, thread);
  out_.text("\n");
  flush();
}

void TextReport::frame(Size number, Address pc) {
  const FrameName name = namer_.name(pc);
  out_.text("    #").decimal(number).text(" ").hex(pc);
  if (!name.function.empty()) out_.text(" in ").printable(first(name.function, kLongestName));
  if (name.module.path != nullptr) {
    out_.text(" (").printable(name.module.path).text("+").hex(name.offset);
    out_.text(name.module.unloaded ? ", unloaded)" : ")");
  } else {
    out_.text(" (no module)");
  }
  out_.text("\n");
}

void TextReport::frames(std::span<const Address> frames, bool first_is_exact) {
  if (frames.empty()) out_.text("    (no trace)\n");
  for (Size i = 0; i < frames.size(); ++i) {
    // A return address is one past the call, which may be another line or another function.
    const bool exact = i == 0 && first_is_exact;
    frame(i, exact ? frames[i] : frames[i] - 1);
    if (out_.view().size() > 4096) flush();
  }
  flush();
}

void TextReport::remember_culprit(Address pc) {
  culprit_ = namer_.name(pc);
  // Its file may be closed by the time of the summary.
  culprit_.function = culprit_name_.text(first(culprit_.function, kLongestName)).view();
}

void TextReport::error_trace(std::span<const Address> trace, bool first_is_exact) {
  if (!trace.empty()) remember_culprit(first_is_exact ? trace[0] : trace[0] - 1);
  frames(trace, first_is_exact);
}

void TextReport::error_trace(const record::FoldedTrace& trace) {
  error_trace(trace.head.view(), true);
  if (trace.folded != 0) {
    out_.text("    ... ").decimal(trace.folded).text(" more frames of ");
    function_names(trace.kinds.view());
    out_.text(trace.complete ? "\n" : ", and no end\n");
  }
  const Size before = trace.head.size + trace.folded;
  for (Size i = 0; i < trace.tail.size; ++i) frame(before + i, trace.tail.frames[i] - 1);
  flush();
}

/// "f -> g", each function once, though it may have been called from several places.
void TextReport::function_names(std::span<const Address> frames) {
  constexpr Size kMost = 8;
  Address named[kMost] = {};
  Size count = 0;
  for (const Address pc : frames) {
    const FrameName name = namer_.name(pc - 1);
    const Address key = name.function.empty() ? pc : reinterpret_cast<Address>(name.function.data());
    if (std::find(named, named + count, key) != named + count) continue;
    if (count == kMost) {
      out_.text(" and others");
      return;
    }
    if (count > 0) out_.text(" -> ");
    named[count++] = key;
    if (name.function.empty()) {
      out_.hex(pc - 1);
    } else {
      out_.printable(first(name.function, kLongestName));
    }
  }
}

/// An address of no block.
void TextReport::place_elsewhere(const FaultRecord& fault, ThreadLabel owner) {
  out_.hex(fault.address).text(" is ");
  switch (fault.place) {
    case record::Place::stack:
      if (owner.id == fault.thread) {
        out_.text("on the stack of this thread");
      } else {
        out_.text("on the stack of ");
        write_thread(out_, owner);
      }
      break;
    case record::Place::code: {
      const FrameName name = namer_.name(fault.address);
      out_.text(diagnosis::place_name(fault.place)).text(" ").printable(name.module.path).text("+").hex(name.offset);
      if (!name.function.empty()) out_.text(", in ").printable(first(name.function, kLongestName));
      break;
    }
    case record::Place::data: {
      const ObjectName name = namer_.name_object(fault.address);
      out_.text(diagnosis::place_name(fault.place)).text(" ").printable(name.module.path).text("+").hex(name.offset);
      if (name.variable.empty()) break;
      out_.text(", ");
      write_bytes(out_, name.distance);
      out_.text(" inside ").printable(first(name.variable, kLongestName));
      break;
    }
    default: out_.text(diagnosis::place_name(fault.place)); break;
  }
  out_.text("\n");
}

void TextReport::place(const Finding& finding, ThreadLabel owner) {
  const FaultRecord& fault = finding.fault;
  if (fault.event == Event::changed_slack || fault.event == Event::changed_poison) {
    write_bytes(out_, fault.damage.count);
    out_.text(fault.event == Event::changed_slack ? " of slack changed, the first "
                                                  : " changed between its release and its fence, the first ");
    // Other threads' releases may push a block out of the history while its own is told.
    if (finding.has_block()) {
      write_relation(out_, finding);
    } else {
      out_.text("of a block whose history has expired (see the option history)");
    }
    out_.text("\n");
    write_damage(out_, finding);
  } else if (is_argument(fault.event)) {
    write_argument(out_, fault);
  } else if (finding.has_block()) {
    out_.hex(fault.address).text(" is ");
    write_relation(out_, finding);
    out_.text("\n");
    if (is_mismatch(fault.event)) write_mismatch(out_, finding);
  } else if (finding.history_expired) {
    out_.hex(fault.address).text(" was freed; its history has expired (see the option history)\n");
  } else if (fault.event == Event::call) {
    place_elsewhere(fault, owner);
  } else if (finding.kind == record::FindingKind::stack_overflow) {
    out_.hex(fault.address).text(" is ");
    write_bytes(out_, fault.open_above.begin - fault.address);
    out_.text(" below the stack [").hex(fault.open_above.begin).text(",").hex(fault.open_above.end).text(") of ");
    write_bytes(out_, fault.open_above.size());
    out_.text("\n");
  } else {
    out_.text("Hint: ").text(diagnosis::wild_reason(fault)).text("\n");
  }
  flush();
}

void TextReport::allocated_by(const Finding& finding, ThreadLabel thread, std::span<const Address> trace) {
  out_.text("allocated by ");
  write_thread(out_, thread);
  out_.text(" with ").text(record::name(finding.block.alloc_api)).text(":\n");
  frames(trace, false);
}

void TextReport::freed_by(const Finding& finding, ThreadLabel thread, std::span<const Address> trace) {
  out_.text("freed by ");
  write_thread(out_, thread);
  out_.text(" with ").text(record::name(finding.block.free_api)).text(":\n");
  frames(trace, false);
}

void TextReport::created_by(ThreadLabel thread, ThreadLabel creator, std::span<const Address> trace) {
  write_thread(out_, thread);
  out_.text(" was created by ");
  write_thread(out_, creator);
  out_.text(":\n");
  frames(trace, false);
}

void TextReport::summary(const Finding& finding) {
  const std::string_view advice = diagnosis::advice(finding);
  if (!advice.empty()) out_.text("Hint: ").text(advice).text("\n");
  out_.text("SUMMARY: Fencepost: ").text(diagnosis::kind_name(finding.kind));
  if (culprit_.module.path != nullptr) {
    out_.text(" (").printable(culprit_.module.path).text("+").hex(culprit_.offset).text(")");
  }
  if (!culprit_.function.empty()) out_.text(" in ").printable(culprit_.function);
  out_.text("\n");
  flush();
}

void TextReport::suppression(std::string_view line) {
  out_.text("SUPPRESSION: ").text(line).text("\n");
  flush();
}

}  // namespace fencepost::report
