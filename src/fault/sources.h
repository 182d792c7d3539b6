// What the fault side reads.
#pragma once

#include "metadata/heap_view.h"
#include "metadata/thread_table.h"
#include "metadata/trace_depot.h"
#include "record/finding.h"
#include "report/sink.h"
#include "report/tool.h"
#include "stack/unwinder.h"

namespace fencepost::fault {

/// What a report is made from. Everything is read only, but the unwinder's own list.
struct Sources {
  const metadata::ChunkTable& chunks;
  const metadata::TraceDepot& traces;
  const metadata::ThreadTable& threads;
  stack::Unwinder& unwinder;
  const report::Sink& sink;  ///< of text
  const report::Sink& json;  ///< of findings instead, if it has a path
  report::Tool& tool;        ///< tells findings better than our text, if it is usable
};

/// The finding behind `fault`, whose place is looked up if it is of no block. Context: signal.
[[nodiscard]] record::Finding examine(const Sources& sources, record::FaultRecord fault);

}  // namespace fencepost::fault
