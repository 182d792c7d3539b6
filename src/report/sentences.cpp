#include "report/sentences.h"

#include "base/text.h"
#include "diagnosis/wording.h"

namespace fencepost::report {

namespace {

using record::BlockRecord;
using record::Event;
using record::FaultRecord;
using record::Finding;
using record::Relation;

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
  if (finding.relation == Relation::before) {
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

/// "WRITE at 0x… ", "free of 0x… "
void write_deed(Writer& out, const FaultRecord& fault) {
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

/// An address of no block.
void write_elsewhere(Writer& out, const FaultRecord& fault, ThreadLabel owner, FrameNamer& namer) {
  out.hex(fault.address).text(" is ");
  switch (fault.place) {
    case record::Place::stack:
      if (owner.id == fault.thread) {
        out.text("on the stack of this thread");
      } else {
        out.text("on the stack of ");
        write_thread(out, owner);
      }
      break;
    case record::Place::code: {
      const FrameName name = namer.name(fault.address);
      out.text(diagnosis::place_name(fault.place)).text(" ").printable(name.module.path).text("+").hex(name.offset);
      if (!name.function.empty()) out.text(", in ").printable(first(name.function, kLongestName));
      break;
    }
    case record::Place::data: {
      const ObjectName name = namer.name_object(fault.address);
      out.text(diagnosis::place_name(fault.place)).text(" ").printable(name.module.path).text("+").hex(name.offset);
      if (name.variable.empty()) break;
      out.text(", ");
      write_bytes(out, name.distance);
      out.text(" inside ").printable(first(name.variable, kLongestName));
      break;
    }
    default: out.text(diagnosis::place_name(fault.place)); break;
  }
  out.text("\n");
}

/// "3 bytes of slack changed, the first 2 bytes after …", and the bytes.
void write_change(Writer& out, const Finding& finding) {
  write_bytes(out, finding.fault.damage.count);
  out.text(finding.fault.event == Event::changed_slack ? " of slack changed, the first "
                                                       : " changed between its release and its fence, the first ");
  write_relation(out, finding);
  out.text("\n");
  write_damage(out, finding);
}

/// "0x… is 8 bytes below the stack [a,b) of 8388608 bytes"
void write_end_of_stack(Writer& out, const FaultRecord& fault) {
  out.hex(fault.address).text(" is ");
  write_bytes(out, fault.open_above.begin - fault.address);
  out.text(" below the stack [").hex(fault.open_above.begin).text(",").hex(fault.open_above.end).text(") of ");
  write_bytes(out, fault.open_above.size());
  out.text("\n");
}

bool was_found_later(Event event) { return event == Event::changed_slack || event == Event::changed_poison; }

/// There is an address, but nothing is known of it that would place it.
bool has_reason_instead_of_place(const Finding& finding) {
  if (is_argument(finding.fault.event)) return true;
  return !was_found_later(finding.fault.event) && !finding.has_block() && !finding.history_expired &&
         finding.fault.event != Event::call && finding.kind != record::FindingKind::stack_overflow;
}

void write_reason_of_argument(Writer& out, const FaultRecord& fault) {
  if (fault.event == Event::bad_alignment) {
    out.text("an alignment is a power of two");
    if (fault.api == record::Api::posix_memalign) out.text(", and here a multiple of sizeof(void*)");
  } else if (fault.stated_count == 1) {
    out.text("as a signed number that is ").decimal_signed(static_cast<std::int64_t>(fault.stated_size));
  } else {
    out.text("the product is more than a size can be");
  }
}

}  // namespace

bool is_warning(const FaultRecord& fault) { return fault.goes_on && is_argument(fault.event); }

void write_thread(Writer& out, ThreadLabel thread) {
  out.text("thread T").decimal(thread.id);
  if (!thread.name.empty()) out.text(" (").printable(thread.name).text(")");
}

void write_headline(Writer& out, const Finding& finding) {
  const FaultRecord& fault = finding.fault;
  out.text(diagnosis::kind_name(finding.kind));
  if (!fault.address_known) {
    out.text(" on unknown address");
  } else if (!is_argument(fault.event)) {
    out.text(" on address ").hex(fault.address);
  }
  out.text(" at pc ").hex(fault.pc).text(" sp ").hex(fault.sp);
}

void write_action(Writer& out, const FaultRecord& fault, ThreadLabel thread) {
  write_deed(out, fault);
  write_thread(out, thread);
}

void write_place(Writer& out, const Finding& finding, ThreadLabel owner, FrameNamer& namer) {
  const FaultRecord& fault = finding.fault;
  if (has_reason_instead_of_place(finding)) return;
  if (was_found_later(fault.event)) return write_change(out, finding);
  if (finding.has_block()) {
    out.hex(fault.address).text(" is ");
    write_relation(out, finding);
    out.text("\n");
    if (is_mismatch(fault.event)) write_mismatch(out, finding);
  } else if (finding.history_expired) {
    out.hex(fault.address).text(" was freed; its history has expired (see the option history)\n");
  } else if (fault.event == Event::call) {
    write_elsewhere(out, fault, owner, namer);
  } else {
    write_end_of_stack(out, fault);
  }
}

void write_reason(Writer& out, const Finding& finding) {
  if (!has_reason_instead_of_place(finding)) return;
  if (is_argument(finding.fault.event)) return write_reason_of_argument(out, finding.fault);
  out.text(diagnosis::wild_reason(finding.fault));
}

}  // namespace fencepost::report
