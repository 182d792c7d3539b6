// What the runtime tells people besides findings.
#include <algorithm>

#include "base/text.h"
#include "os/modules.h"
#include "os/process.h"
#include "runtime/runtime.h"

namespace fencepost::runtime {

namespace {

using heap::Shortage;

void describe_shortage(Writer& out, Shortage shortage, const heap::Heap& heap) {
  constexpr Size per_slot = fence::MprotectFence::kCapabilities.mappings_per_live_slot;
  switch (shortage) {
    case Shortage::none: out.text("nothing was short"); break;
    case Shortage::no_engine: out.text("no engine is in use"); break;
    case Shortage::block_limit:
      out.text("the limit of ").decimal(heap.budget().limit()).text(" guarded blocks alive is reached");
      break;
    case Shortage::kernel:
      out.text("the kernel refused to open pages with ").decimal(heap.budget().live()).text(" guarded blocks alive");
      break;
    case Shortage::memory:
      out.text("guarded blocks hold ").decimal(heap.memory_limit() >> 20).text(" MiB, all they may (memory_limit)");
      break;
    case Shortage::address_space: out.text("the address space for guarded blocks is used up"); break;
  }
  const bool about_mappings = shortage == Shortage::block_limit || shortage == Shortage::kernel;
  if (about_mappings) {
    out.text(" (each takes ").decimal(per_slot).text(" mappings, and vm.max_map_count is ");
    out.decimal(heap.mapping_limit()).text(")");
  }
}

std::string_view file_name(std::string_view path) {
  const Size slash = path.rfind('/');
  return slash == std::string_view::npos ? path : without_first(path, slash + 1);
}

}  // namespace

void Runtime::say(std::string_view text) {
  TextBuffer<4096> message;
  while (!text.empty()) {
    const Split lines = split(text, '\n');
    message.text("==").decimal(static_cast<unsigned>(os::process_id())).text("==Fencepost: ");
    message.text(lines.head).text("\n");
    text = lines.tail;
  }
  sink_.write_note(message.view());
}

void Runtime::tell_shortage() {
  TextBuffer<512> message;
  message.text("WARNING: ");
  describe_shortage(message, heap_.shortage(), heap_);
  message.text("; further blocks are served unguarded by the next allocator\n");
  say(message.view());
}

void Runtime::tell_reuse() {
  say("the address space for guarded blocks is used up: from now on that of the blocks that are dead for longest is "
      "used again, and an access to such a block may go unseen, or be taken for one to the block that came after it\n");
}

void Runtime::tell_findings() {
  TextBuffer<256> message;
  const std::uint64_t found = handler_.findings(), kinds = handler_.reports();
  message.decimal(found).text(found == 1 ? " error" : " errors").text(", ").decimal(kinds).text(" different");
  if (options_.max_reports != 0 && kinds > options_.max_reports) {
    message.text(", of which ").decimal(options_.max_reports).text(" were reported (max_reports)");
  }
  message.text("; the exit status is ").decimal(options_.exitcode).text(" (on_error=continue)\n");
  say(message.view());
}

void Runtime::tell_coverage() {
  const Totals now = totals();
  threads_.for_each([this](Thread& thread) { thread.cache.live.tell(heap_.live()); });
  TextBuffer<1024> message;
  if (now.allocations() == at_start_.allocations()) {
    message.text("nothing was intercepted: the program made no allocation that reached Fencepost. ");
    message.text("It allocates nothing, or has an allocator of its own linked in\n");
    return say(message.view());
  }
  const std::uint64_t allocations = now.allocations() - at_start_.allocations();
  const std::uint64_t guarded = now.guarded - at_start_.guarded;
  message.text("coverage: ").printable(file_name(os::program_path()));
  message.text(": engine ").text(heap_.engine()).text("; ").decimal(allocations);
  message.text(allocations == 1 ? " allocation, " : " allocations, ").percent(guarded, allocations);
  message.text("% guarded; at most ")
      .decimal(std::min(static_cast<std::uint64_t>(heap_.live().peak()), guarded))
      .text(" guarded at once; ");
  message.decimal(depot_.size()).text(" distinct traces");
  if (const Size refused = heap_.refused_as_locked(); refused != 0) {
    message.text("; memory is locked: ").decimal(refused).text(refused == 1 ? " block" : " blocks");
    message.text(" had page protections instead of guard regions");
  }
  if (const Size reuses = heap_.reuses(); reuses != 0) {
    message.text("; address space was used again ").decimal(reuses).text(reuses == 1 ? " time" : " times");
    message.text(": reports about blocks that died long ago may name others");
  }
  if (guarded != allocations) {
    message.text("; ").decimal(allocations - guarded).text(" unguarded because ");
    const Shortage shortage = heap_.shortage();
    if (shortage == Shortage::no_engine) {
      message.text(engine_reason_);
    } else if (shortage == Shortage::none) {
      message.text("they were larger than all memory");
    } else {
      describe_shortage(message, shortage, heap_);
    }
  }
  message.text("\n");
  say(message.view());
}

}  // namespace fencepost::runtime
